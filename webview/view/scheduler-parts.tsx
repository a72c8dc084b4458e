import type { JSX } from "preact";
import type { PlayMove, ReachableEnd } from "../../protocol/play.js";
import type { Span } from "../../protocol/span.js";
import type { Witness } from "../../protocol/witness.js";
import { lineLabel, threadName } from "../model/labels.js";
import {
  endNow,
  hintedMove,
  isBad,
  type PlayModel,
  sameEnd,
  type SchedulerEvent,
} from "../model/scheduler.js";
import { blockedWords, endWords, limitWords, waysWords } from "../model/scheduler-words.js";
import { Icon, LaneMark, OutcomeIcon } from "./icons.js";

interface Props {
  readonly play: PlayModel;
  readonly send: (event: SchedulerEvent) => void;
}

interface MovesProps extends Props {
  readonly reveal: (span: Span, focus: boolean) => void;
}

/** Who can run next, and what it would do. */
export function Moves({ play, send, reveal }: MovesProps): JSX.Element | null {
  const { state } = play;
  if (endNow(play) !== null) return null;
  const hinted = hintedMove(play);
  return (
    <div class="block moves">
      <h2 id="runnable">Who runs next?</h2>
      {state === null ? (
        <p class="dim">…</p>
      ) : (
        <ol aria-labelledby="runnable">
          {state.moves.map((move, index) => (
            <li key={index}>
              <MoveButton
                witness={state.witness}
                move={move}
                index={index}
                hinted={index === hinted}
                pick={() => {
                  send({ type: "pick", move: index });
                }}
              />
              <button
                type="button"
                class="link line"
                title="Show the line in the editor"
                onClick={() => {
                  reveal(move.span, false);
                }}
              >
                {lineLabel(move.span)}
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

interface MoveProps {
  readonly witness: Witness;
  readonly move: PlayMove;
  readonly index: number;
  readonly hinted: boolean;
  readonly pick: () => void;
}

function MoveButton({ witness, move, index, hinted, pick }: MoveProps): JSX.Element {
  const { choice, text, switches, preempts } = move;
  const partner = choice.partner === undefined ? "" : threadName(witness, choice.partner);
  return (
    <button type="button" class={`move${hinted ? " hinted" : ""}`} onClick={pick}>
      <kbd>{index < 9 ? index + 1 : "·"}</kbd>
      <span class="who">
        <LaneMark lane={choice.thread} />
        {threadName(witness, choice.thread)}
        {partner === "" || text.includes(partner) ? null : ` with ${partner}`}
      </span>
      <span class="what">{text}</span>
      <span class="tags">
        {switches ? (
          <span class="tag">
            <Icon name="swap" />
            {preempts ? "switch" : "forced switch"}
          </span>
        ) : null}
        {hinted ? <span class="tag">hint</span> : null}
      </span>
    </button>
  );
}

/** Who cannot run, and why. */
export function Waiting({ play }: Pick<Props, "play">): JSX.Element | null {
  const { state } = play;
  if (state === null || state.blocked.length === 0) return null;
  return (
    <div class="block">
      <h2 id="waiting">Cannot run</h2>
      <ul class="facts" aria-labelledby="waiting">
        {state.blocked.map((it) => (
          <li key={it.thread} class="waiting">
            <span class="who">
              <LaneMark lane={it.thread} />
              {threadName(state.witness, it.thread)}
            </span>
            <span class="reason">
              {blockedWords(state.witness, it)} <span class="dim">{lineLabel(it.span)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Back, forth, and help. */
export function Actions({ play, send }: Props): JSX.Element {
  const playing = play.state !== null && play.state.end === null;
  const button = (
    key: string,
    words: string,
    type: "undo" | "redo" | "restart" | "hint" | "finish",
    possible: boolean,
  ): JSX.Element => (
    <button
      type="button"
      class="action"
      aria-disabled={!possible}
      onClick={() => {
        if (possible) send({ type });
      }}
    >
      <kbd>{key}</kbd> {words}
    </button>
  );
  return (
    <div class="actions" role="group" aria-label="Choices so far">
      {button("U", "Undo", "undo", play.at > 0)}
      {button("⇧U", "Redo", "redo", play.at < play.marks.length - 1)}
      {button("R", "Start again", "restart", play.at > 0)}
      {button("X", "Show a failing way", "hint", playing && play.goal !== null)}
      {button("B", "Finish it", "finish", playing)}
    </div>
  );
}

/** How it can still end, the bad ends first; a bad one can be made the goal. */
export function Reachable({ play, send }: Props): JSX.Element | null {
  const { reach } = play;
  if (endNow(play) !== null) return null;
  return (
    <div class="block reach">
      <h2 id="reach">You may still reach</h2>
      {reach === null ? (
        <p class="dim">Counting…</p>
      ) : (
        <ul aria-labelledby="reach" title={meaning}>
          {reach.ends.map((end, index) => (
            <li key={index}>
              <EndRow play={play} end={end} ways={waysWords(end, reach.limit)} send={send} />
            </li>
          ))}
        </ul>
      )}
      {reach === null || reach.limit === null ? null : (
        <p class="dim note">{limitWords(reach.limit)}</p>
      )}
    </div>
  );
}

const meaning = "A way is one list of choices from here to the end.";

interface EndProps extends Props {
  readonly end: ReachableEnd;
  readonly ways: string;
}

function EndRow({ play, end, ways, send }: EndProps): JSX.Element {
  const aimed = sameEnd(end, play.goal);
  const parts = (
    <>
      {end.kind === null ? <Icon name="warning" /> : <OutcomeIcon kind={end.kind} />}
      <span class="what">{endWords(end)}</span>
      <span class="ways">{ways}</span>
    </>
  );
  if (!isBad(end)) return <span class="reachable">{parts}</span>;
  return (
    <button
      type="button"
      class="reachable"
      aria-pressed={aimed}
      title={aimed ? "Your goal" : "Make this your goal"}
      onClick={() => {
        send({ type: "aim", end });
      }}
    >
      {parts}
      {aimed ? <span class="tag">goal</span> : null}
    </button>
  );
}
