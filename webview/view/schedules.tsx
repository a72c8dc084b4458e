import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { PanelContent } from "../../protocol/webview.js";
import type { Schedule } from "../../protocol/witness.js";
import {
  countSentences,
  filtered,
  scheduleTree,
  type TreeAction,
  treeKey,
  treeRows,
} from "../model/schedule-tree.js";
import { badgeOf } from "../model/story.js";
import { Tree } from "./tree.js";

interface Props {
  readonly content: PanelContent;
  readonly selected: number;
  readonly choose: (witness: number) => void;
  readonly show: (schedule: Schedule) => void;
  readonly compare: (other: number | Schedule) => void;
}

/** What exploring found: by outcome, by end, and the schedules for each; and how much was looked at. */
export function Schedules(props: Props): JSX.Element {
  const { content, selected } = props;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [here, setHere] = useState(`#${selected}`);
  const [failing, setFailing] = useState(false);
  const [text, setText] = useState("");
  const tree = useMemo(() => scheduleTree(content), [content]);
  const rows = treeRows(filtered(tree, { failing, text }), closed);
  const badge = badgeOf(content.summary);
  const act = (action: TreeAction): void => {
    if (action.kind === "none") return;
    const { id, kind } = action;
    setHere(id);
    if (kind === "open") setClosed(new Set([...closed].filter((it) => it !== id)));
    if (kind === "close") setClosed(new Set([...closed, id]));
    const shows = rows.find((it) => it.node.id === id)?.node.shows ?? null;
    if (shows === null) return;
    if (kind === "compare") props.compare(shows);
    if (kind !== "show") return;
    if (typeof shows === "number") props.choose(shows);
    else props.show(shows);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = treeKey(rows, here, event.key);
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    act(action);
  };
  return (
    <section class="pane schedules" aria-label="Schedules">
      <h2>Schedules</h2>
      <p class="verdict">{badge.long}</p>
      <div class="filters">
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter schedules"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") event.stopPropagation();
          }}
        />
        <label>
          <input
            type="checkbox"
            checked={failing}
            onChange={(event) => {
              setFailing(event.currentTarget.checked);
            }}
            onKeyDown={(event) => {
              if (event.key === " ") event.stopPropagation();
            }}
          />
          Failing only
        </label>
      </div>
      <Tree rows={rows} here={here} selected={selected} act={act} pressed={pressed} />
      <div class="counts">
        {countSentences(content).map((it) => (
          <p key={it}>{it}</p>
        ))}
      </div>
    </section>
  );
}
