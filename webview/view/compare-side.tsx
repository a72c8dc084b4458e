import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Witness } from "../../protocol/witness.js";
import { turnWords } from "../model/compare.js";
import type { Compared, Side } from "../model/compared.js";
import { labelOf, lineLabel, outcomeName, threadName } from "../model/labels.js";
import { headline } from "../model/story.js";
import type { PanelEvent } from "../model/store.js";
import { Icon, LaneMark, laneClass, OutcomeIcon } from "./icons.js";

interface Props {
  readonly side: Side;
  readonly witness: Witness;
  readonly other: Witness;
  readonly compared: Compared;
  readonly go: (side: Side, row: number) => void;
  readonly send: (event: PanelEvent) => void;
}

/** So many steps around the cursor are drawn of a long schedule. */
const around = 150;

/** One of two schedules: its steps, where it parts from the other, and how it ends. */
export function CompareSide(props: Props): JSX.Element {
  const { side, witness, compared, send } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState(true);
  const { same } = compared.comparison;
  const row = side === "a" ? compared.rowA : compared.rowB;
  const active = compared.side === side;
  const last = witness.steps.length;
  // What is the same is folded but for the step before the parting, unless the cursor is in it.
  const hidden = folded && row >= same - 1 && same > 2 ? same - 1 : 0;
  const from = Math.max(hidden, row - around);
  const to = Math.min(last, row + around);
  useEffect(() => {
    const here = scroller.current?.querySelector(".step.here");
    here?.scrollIntoView({ block: "nearest" });
  }, [row, from, to]);
  const letter = side.toUpperCase();
  const rows = witness.steps.slice(from, to).map((_, index) => from + index);
  return (
    <section class={`side ${side}${active ? " active" : ""}`} aria-label={`Schedule ${letter}`}>
      <h2>
        <span class="letter">{letter}</span>
        <OutcomeIcon kind={witness.outcome.kind} />
        {outcomeName(witness)}
      </h2>
      <div
        class="steps"
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={`Steps of ${letter}`}
        aria-rowcount={last}
        aria-activedescendant={`${side}-${row}`}
        onFocus={() => {
          if (!active) send({ type: "side", side });
        }}
      >
        {hidden === 0 ? null : (
          <div class="fold" role="row">
            <span role="gridcell">
              <button
                type="button"
                class="link"
                tabIndex={-1}
                onClick={() => {
                  setFolded(false);
                }}
              >
                {`Steps 1–${hidden} are the same: show`}
              </button>
            </span>
          </div>
        )}
        {from > hidden ? <Left words={`${from - hidden} steps before`} /> : null}
        {rows.map((it) => (
          <Step key={it} {...props} row={it} here={it === row} />
        ))}
        {to < last ? <Left words={`${last - to} steps after`} /> : null}
        <Ending witness={witness} letter={letter} />
      </div>
    </section>
  );
}

function Left({ words }: { readonly words: string }): JSX.Element {
  return (
    <div class="fold" role="row">
      <span class="dim" role="gridcell">
        {words}
      </span>
    </div>
  );
}

interface StepProps extends Props {
  readonly row: number;
  readonly here: boolean;
}

function Step(props: StepProps): JSX.Element | null {
  const { side, witness, compared, row, here, go } = props;
  const step = witness.steps[row];
  if (step === undefined) return null;
  const { comparison } = compared;
  const parts = row === comparison.same;
  const rank = rankOf(compared, side, row);
  const lane = laneOf(compared, side, step.thread);
  const { verb, object, value } = labelOf(witness, step);
  const classes = ["step", here ? "here" : "", row < comparison.same ? "shared" : ""];
  if (parts) classes.push("parts");
  if (rank !== null) classes.push("turned");
  return (
    <div
      class={classes.join(" ")}
      id={`${side}-${row}`}
      role="row"
      aria-rowindex={row + 1}
      aria-selected={here}
      onClick={() => {
        go(side, row);
      }}
    >
      {parts ? (
        <span class="turn" role="gridcell">
          <Icon name="swap" />
          {`Here ${side.toUpperCase()} ${turnOf(props)}`}
        </span>
      ) : null}
      <span class="number" role="rowheader">
        {row + 1}
      </span>
      <span
        class={`who ${laneClass(lane)}`}
        role="gridcell"
        title={threadName(witness, step.thread)}
      >
        <LaneMark lane={lane} />
        <span class="name">{threadName(witness, step.thread)}</span>
      </span>
      <span class="what" role="gridcell" title={step.text}>
        <span class="verb">{verb}</span>
        {object === "" ? null : <code>{object}</code>}
        {value === "" ? null : <code class="value">{value}</code>}
        {rank === null ? null : <span class="rank">{rank}</span>}
      </span>
      <span class="line" role="gridcell">
        {lineLabel(step.span)}
      </span>
    </div>
  );
}

/** Of the two operations that come the other way round: which of them comes when. */
function rankOf({ comparison }: Compared, side: Side, row: number): string | null {
  if (comparison.turned === null || row < comparison.same) return null;
  const [x, y] = comparison.turned[side];
  if (row !== x && row !== y) return null;
  if (x === null || y === null) return "only here";
  return row === Math.min(x, y) ? "1st" : "2nd";
}

/** Lanes have the shape and colour that they have in A. */
function laneOf({ comparison }: Compared, side: Side, thread: number): number {
  return side === "a" ? thread : (comparison.threads[thread] ?? thread);
}

function turnOf({ side, witness, other, compared }: Props): string {
  const [a, b] = side === "a" ? [witness, other] : [other, witness];
  return turnWords(a, b, side, compared.comparison);
}

function Ending({
  witness,
  letter,
}: {
  readonly witness: Witness;
  readonly letter: string;
}): JSX.Element {
  const words = headline(witness)
    .map((it) => it.text)
    .join("");
  return (
    <div class={`ending-line ${witness.outcome.kind === "ok" ? "good" : "bad"}`} role="row">
      <span role="gridcell">
        <b>{`${letter} ends: ${outcomeName(witness)}.`}</b> {words}
      </span>
    </div>
  );
}
