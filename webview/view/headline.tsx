import type { JSX } from "preact";
import type { Schedule, Witness } from "../../protocol/witness.js";
import { contrastWords, staleWords } from "../../wording/size.js";
import { accountOf } from "../model/account.js";
import { everyOrderFails, noPassing } from "../model/compare-target.js";
import { outcomeName } from "../model/labels.js";
import { raceWhy } from "../model/race-why.js";
import { badgeOf, headline, type Piece, sentence, sizeOf } from "../model/story.js";
import type { PanelContent } from "../../protocol/webview.js";
import { Icon, OutcomeIcon } from "./icons.js";
import { Places } from "./places.js";
import { StepLink } from "./step-link.js";

interface Props {
  readonly content: PanelContent;
  readonly witness: Witness;
  readonly stale: boolean;
  readonly go: (row: number) => void;
  readonly refresh: () => void;
  readonly show: (schedule: Schedule) => void;
  readonly compare: () => void;
}

/** What went wrong, in words, before anything is drawn. */
export function Headline(props: Props): JSX.Element {
  const { content, witness, stale, go, refresh } = props;
  const badge = badgeOf(content.summary, witness);
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
      <Story content={content} witness={witness} go={go} />
      <p class="size">
        {sizeOf(witness)} · {badge.long}
      </p>
      <Nearest {...props} />
      <Unseen witness={witness} show={props.show} />
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

/** Where it goes wrong, line by line, and what is missing; or in one sentence that nothing does. */
function Story({ content, witness, go }: Pick<Props, "content" | "witness" | "go">): JSX.Element {
  const account = accountOf(witness);
  const { kind } = witness.outcome;
  if (account === null || kind === "panic" || kind === "assertion") {
    return (
      <>
        <p class="story">
          <Pieces pieces={headline(witness)} go={go} />
        </p>
        {account === null ? null : <Places {...{ content, witness, account, go }} />}
      </>
    );
  }
  return (
    <>
      <Places {...{ content, witness, account, go }} />
      <div class="missing">
        <p>
          <strong>Missing:</strong> {account.missing}
        </p>
        <Why witness={witness} go={go} />
      </div>
    </>
  );
}

/** Why nothing orders the two accesses of a race, for those who ask. */
function Why({ witness, go }: Pick<Props, "witness" | "go">): JSX.Element | null {
  const sentences = raceWhy(witness);
  if (sentences.length === 0) return null;
  return (
    <details class="why">
      <summary>Why?</summary>
      <ul>
        {sentences.map((pieces, index) => (
          <li key={index}>
            <Pieces pieces={pieces} go={go} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Pieces({
  pieces,
  go,
}: {
  readonly pieces: readonly Piece[];
  readonly go: (row: number) => void;
}): JSX.Element {
  return (
    <>
      {pieces.map((it, index) =>
        it.row === null ? (
          <span key={index}>{it.text}</span>
        ) : (
          <StepLink key={index} text={it.text} row={it.row} go={go} />
        ),
      )}
    </>
  );
}

/** In what the run most like this one that passes differs, and the way to it; or why there is none. */
function Nearest({ content, witness, show, compare }: Props): JSX.Element | null {
  const { contrast } = witness;
  const words = contrastWords(witness);
  if (witness.outcome.kind === "ok") return null;
  if (contrast === null || words === "") {
    if (everyOrderFails(witness, content.summary)) return null;
    return <p class="no-passing">{noPassing(witness, content.summary)}</p>;
  }
  return (
    <p class="nearest">
      {sentence(words)}{" "}
      <button type="button" class="link" onClick={compare}>
        Compare the two
      </button>{" "}
      or{" "}
      <button
        type="button"
        class="link"
        onClick={() => {
          show(contrast.schedule);
        }}
      >
        {contrast.races === true ? "show that one" : "show the nearest passing schedule"}
      </button>
    </p>
  );
}

/** What the race comes to where the write is not seen at all, and the way to that run. */
function Unseen({ witness, show }: Pick<Props, "witness" | "show">): JSX.Element | null {
  const { stale } = witness;
  if (stale === null) return null;
  return (
    <p class="nearest">
      {sentence(staleWords(witness))}{" "}
      <button
        type="button"
        class="link"
        onClick={() => {
          show(stale.schedule);
        }}
      >
        Show a run in which the write is not seen
      </button>
    </p>
  );
}
