import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { TreeAction, TreeRow } from "../model/schedule-tree.js";
import { Icon, OutcomeIcon } from "./icons.js";

interface Props {
  readonly rows: readonly TreeRow[];
  /** Id of the node that has the cursor. */
  readonly here: string;
  /** The witness that is shown. */
  readonly selected: number;
  readonly act: (action: TreeAction) => void;
  readonly pressed: (event: KeyboardEvent) => void;
}

/** Outcomes, ends and schedules: a real tree for keyboards and screen readers. */
export function Tree({ rows, here, selected, act, pressed }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const at = rows.find((it) => it.node.id === here) ?? rows[0];
  useEffect(() => {
    if (document.activeElement !== root.current) return;
    root.current?.querySelector(".tree-node.here")?.scrollIntoView({ block: "nearest" });
  }, [here]);
  if (rows.length === 0) return <p class="dim">No schedule is like that.</p>;
  return (
    <div
      class="tree"
      role="tree"
      ref={root}
      tabIndex={0}
      aria-label="Schedules by outcome"
      aria-activedescendant={at === undefined ? undefined : domId(at.node.id)}
      onKeyDown={pressed}
    >
      {rows.map((row) => (
        <Node
          key={row.node.id}
          row={row}
          here={row.node.id === at?.node.id}
          current={row.node.shows === selected && row.open === null}
          act={act}
        />
      ))}
    </div>
  );
}

interface NodeProps {
  readonly row: TreeRow;
  readonly here: boolean;
  readonly current: boolean;
  readonly act: (action: TreeAction) => void;
}

function Node({ row, here, current, act }: NodeProps): JSX.Element {
  const { node, open, position, of } = row;
  const classes = [
    "tree-node",
    `level-${node.level}`,
    here ? "here" : "",
    current ? "current" : "",
  ];
  if (node.shows === null && open === null) classes.push("plain");
  return (
    <div
      class={classes.join(" ")}
      id={domId(node.id)}
      role="treeitem"
      aria-level={node.level}
      aria-posinset={position}
      aria-setsize={of}
      {...(open === null ? {} : { "aria-expanded": open })}
      aria-selected={current}
      title={`${node.label} ${node.more}`}
      onClick={() => {
        act(clicked(row));
      }}
    >
      <span
        class={`twistie${open === true ? " open" : ""}`}
        aria-hidden="true"
        onClick={(event) => {
          if (open === null) return;
          event.stopPropagation();
          act({ kind: open ? "close" : "open", id: node.id });
        }}
      >
        {open === null ? null : <Icon name="twistie" />}
      </span>
      {node.kind === null ? null : <OutcomeIcon kind={node.kind} />}
      <span class="label">{node.label}</span>
      {node.more === "" ? null : (
        <span class={node.below === true ? "more below" : "more"}> {node.more}</span>
      )}
    </div>
  );
}

/** Shows what can be shown; else opens and closes. */
function clicked({ node, open }: TreeRow): TreeAction {
  if (node.shows !== null) return { kind: "show", id: node.id };
  if (open === null) return { kind: "to", id: node.id };
  return { kind: open ? "close" : "open", id: node.id };
}

function domId(id: string): string {
  return `node-${id.replaceAll(/[^\w-]/g, "_")}`;
}
