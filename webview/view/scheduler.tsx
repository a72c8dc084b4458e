import type { JSX } from "preact";
import { useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import type { FromWebview } from "../../protocol/webview.js";
import type { Span } from "../../protocol/span.js";
import type { Schedule, Witness } from "../../protocol/witness.js";
import { moved } from "../model/cursor.js";
import type { Form } from "../model/geometry.js";
import { outcomeName } from "../model/labels.js";
import { endNow, isBad, type PlayModel, type SchedulerEvent } from "../model/scheduler.js";
import { schedulerAction } from "../model/scheduler-keys.js";
import {
  announcement,
  endSentence,
  goalSentence,
  hintSentence,
  reachWords,
  scoreWords,
} from "../model/scheduler-words.js";
import { levelsOf } from "../model/levels.js";
import { orderEdges } from "../model/order.js";
import { emptyModel, reduce } from "../model/store.js";
import { headline } from "../model/story.js";
import { layOut } from "../model/timeline.js";
import { Grid } from "./grid.js";
import { Icon, OutcomeIcon } from "./icons.js";
import { Sight } from "./sight.js";
import { Actions, Moves, Reachable, Waiting } from "./scheduler-parts.js";

interface Props {
  readonly play: PlayModel;
  readonly form: Form;
  readonly stale: boolean;
  readonly busy: boolean;
  readonly post: (message: FromWebview) => void;
  readonly send: (event: SchedulerEvent) => void;
  readonly close: () => void;
}

/** The panel of somebody who picks by himself who runs next. */
export function Scheduler(props: Props): JSX.Element {
  const { play, form, post, send } = props;
  const main = useRef<HTMLElement>(null);
  const witness = useLastWitness(play);
  useQuestions(play, post);
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
  }, []);
  const row = rowOf(play, witness);
  const reveal = (span: Span | undefined, focus: boolean): void => {
    if (span !== undefined) post({ type: "reveal", span, focus });
  };
  const pressed = (event: KeyboardEvent): void => {
    if (isOfButton(event)) return;
    const action = schedulerAction(event);
    if (action === null) return;
    event.preventDefault();
    switch (action.kind) {
      case "event":
        send(action.event);
        return;
      case "move":
        if (witness !== null) send({ type: "row", row: moved(witness, row, action.move) });
        return;
      case "leave":
        post({ type: "leave" });
        break;
      case "source":
        break;
    }
    reveal(witness?.steps[row]?.span, true);
  };
  return (
    <main class={`panel scheduler ${form}`} ref={main} tabIndex={-1} onKeyDown={pressed}>
      <Head {...props} />
      <section class="desk" aria-label="Your choices">
        <Moves play={play} send={send} reveal={reveal} />
        <Hint play={play} />
        <Waiting play={play} />
        <Actions play={play} send={send} />
        <Reachable play={play} send={send} />
      </section>
      <SoFar
        witness={witness}
        row={row}
        go={(at, focus) => {
          send({ type: "row", row: at });
          reveal(witness?.steps[at]?.span, focus);
        }}
      />
      <div class="visually-hidden">
        <p aria-live="polite">{announcement(play)}</p>
        <p aria-live="polite">
          {play.reach === null || endNow(play) !== null ? "" : reachWords(play.reach)}
        </p>
      </div>
      {props.busy ? <div class="progress" role="status" aria-label="Exploring" /> : null}
    </main>
  );
}

/** What to aim at, the score, and at the end what came of it. */
function Head({ play, stale, post, close }: Props): JSX.Element {
  const end = endNow(play);
  const tone = end === null ? "" : isBad(end) ? "bad" : "good";
  const { trouble } = play;
  return (
    <header class={`headline ${tone}`}>
      <div class="title-row">
        <h1>Be the scheduler</h1>
        <span class="entry" title={play.schedule.entry}>
          {play.schedule.entry}
        </span>
        <button type="button" class="link leave" onClick={close}>
          All schedules
        </button>
      </div>
      <p class="story goal">{goalSentence(play)}</p>
      <p class="score">{scoreWords(play)}</p>
      {end === null ? <Already play={play} /> : <End play={play} post={post} close={close} />}
      {trouble?.kind === "problem" ? (
        <p class="stale" role="alert">
          <Icon name="warning" />
          {trouble.message}
        </p>
      ) : null}
      {stale || trouble?.kind === "changed" ? (
        <p class="stale" role="status">
          <Icon name="warning" />
          The program was edited since you began.
          <button
            type="button"
            class="link"
            onClick={() => {
              post({ type: "refresh" });
            }}
          >
            Start again with the new one
          </button>
        </p>
      ) : null}
    </header>
  );
}

/** Something has gone wrong before the end. */
function Already({ play }: { readonly play: PlayModel }): JSX.Element | null {
  const witness = play.state?.witness;
  if (witness === undefined || witness.outcome.kind === "ok") return null;
  const words = headline(witness).map((it) => it.text);
  return (
    <p class="outcome">
      <OutcomeIcon kind={witness.outcome.kind} />
      <span>
        {outcomeName(witness)} already: {words.join("")}
      </span>
    </p>
  );
}

function End({ play, post, close }: Pick<Props, "play" | "post" | "close">): JSX.Element | null {
  const { state } = play;
  if (state === null || state.end === null) return null;
  const keep = (schedule: Schedule): void => {
    close();
    post({ type: "replay", schedule });
  };
  return (
    <>
      <p class="outcome end">
        {state.end.kind === null ? <Icon name="warning" /> : <OutcomeIcon kind={state.end.kind} />}
        <span>
          {endSentence(play)}{" "}
          {state.end.kind === null ? null : (
            <button
              type="button"
              class="link"
              onClick={() => {
                keep(state.witness.schedule);
              }}
            >
              Keep this schedule
            </button>
          )}
        </span>
      </p>
      {isBad(state.end) ? (
        <p class="why">
          {headline(state.witness)
            .map((it) => it.text)
            .join("")}
        </p>
      ) : null}
    </>
  );
}

function Hint({ play }: { readonly play: PlayModel }): JSX.Element | null {
  const words = hintSentence(play);
  return (
    <p class="hint" role="status">
      {words}
    </p>
  );
}

/** The steps so far, drawn as any schedule is. */
function SoFar({
  witness,
  row,
  go,
}: {
  readonly witness: Witness | null;
  readonly row: number;
  readonly go: (row: number, focus: boolean) => void;
}): JSX.Element {
  const timeline = useMemo(() => (witness === null ? null : layOut(witness)), [witness]);
  const levels = useMemo(() => (timeline === null ? null : levelsOf(timeline)), [timeline]);
  const edges = useMemo(() => (witness === null ? [] : orderEdges(witness)), [witness]);
  const sight = useMemo(() => new Sight(), []);
  // How the lanes are looked at is no part of the game.
  const [look, send] = useReducer(reduce, emptyModel);
  if (levels === null || witness === null || timeline === null || timeline.rows.length === 0) {
    return <p class="lanes nothing dim">Nothing has happened yet.</p>;
  }
  return (
    <div class="lanes">
      <Grid
        {...{ witness, timeline, levels, edges, sight, go, send }}
        model={{ ...look, row }}
        lit={nothingLit}
      />
    </div>
  );
}

const nothingLit: ReadonlySet<number> = new Set();

/** While an answer is on its way, what was there before stays: a flash would tell nothing. */
function useLastWitness(play: PlayModel): Witness | null {
  const last = useRef<Witness | null>(null);
  if (play.state !== null) last.current = play.state.witness;
  return last.current;
}

function rowOf(play: PlayModel, witness: Witness | null): number {
  const last = Math.max(0, (witness?.steps.length ?? 0) - 1);
  return Math.min(play.row ?? last, last);
}

function useQuestions({ outbox }: PlayModel, post: Props["post"]): void {
  useEffect(() => {
    for (const { id, about, schedule, ask } of outbox)
      post({ type: "ask", id, about, schedule, ask });
  }, [outbox]);
}

/** Buttons take Enter and Space themselves. */
function isOfButton(event: KeyboardEvent): boolean {
  const { target } = event;
  const inButton = target instanceof HTMLElement && target.closest("button") !== null;
  return inButton && (event.key === "Enter" || event.key === " ");
}
