import type { JSX } from "preact";
import type { Witness } from "../../protocol/witness.js";
import { outcomeName } from "../model/labels.js";
import { badgeOf, headline, sizeOf } from "../model/story.js";
import type { PanelContent } from "../../protocol/webview.js";
import { Icon, OutcomeIcon } from "./icons.js";

interface Props {
  readonly content: PanelContent;
  readonly witness: Witness;
  readonly switches: number;
  readonly stale: boolean;
  readonly go: (row: number) => void;
  readonly refresh: () => void;
}

/** What went wrong, in words, before anything is drawn. */
export function Headline(props: Props): JSX.Element {
  const { content, witness, switches, stale, go, refresh } = props;
  const badge = badgeOf(content.summary);
  const { kind } = witness.outcome;
  return (
    <header class={`headline ${kind === "ok" ? "good" : "bad"}`}>
      <div class="title-row">
        <OutcomeIcon kind={kind} />
        <h1>{outcomeName(witness)}</h1>
        <span class="entry" title={witness.schedule.entry}>
          {witness.schedule.entry}
        </span>
        <span class={`badge ${badge.tone}`} title={badge.long}>
          {badge.short}
        </span>
      </div>
      <p class="story">
        {headline(witness).map((it, index) =>
          it.row === null ? (
            <span key={index}>{it.text}</span>
          ) : (
            <StepLink key={index} text={it.text} row={it.row} go={go} />
          ),
        )}
      </p>
      <p class="size">
        {sizeOf(witness, switches)} · {badge.long}
      </p>
      {stale ? (
        <p class="stale" role="status">
          <Icon name="warning" />
          The source changed since this schedule was found.
          <button type="button" class="link" onClick={refresh}>
            Explore again
          </button>
        </p>
      ) : null}
    </header>
  );
}

interface StepLinkProps {
  readonly text: string;
  readonly row: number;
  readonly go: (row: number) => void;
}

/** A button in running text: a real one would not break over lines. */
function StepLink({ text, row, go }: StepLinkProps): JSX.Element {
  return (
    <span
      class="link"
      role="button"
      tabIndex={0}
      onClick={() => {
        go(row);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        go(row);
      }}
    >
      {text}
    </span>
  );
}
