import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { PanelLens } from "../../../protocol/webview.js";
import type { Witness } from "../../../protocol/witness.js";
import { placeByGo } from "../../model/lens/go-scheduler.js";
import { type Placement, placeAsScheduled } from "../../model/lens/placement.js";
import { figures, queueSentence } from "../../model/lens/placement-words.js";
import { PlacementGrid } from "./placement-grid.js";

export interface LensProps {
  readonly witness: Witness;
  readonly lens: PanelLens;
  readonly row: number;
  readonly go: (row: number, focus: boolean) => void;
  readonly set: (lens: Partial<PanelLens>) => void;
}

const mostProcessors = 8;
/** Units of time that a call of the operating system takes where calls are slow. */
const slowCall = 3;

/** On which processor, and on which thread of the operating system, each goroutine runs when. */
export function ProcessorsLens({ witness, lens, row, go, set }: LensProps): JSX.Element {
  const { processors, slowCalls } = lens;
  const placement = useMemo(
    () => placed(witness, processors, slowCalls),
    [witness, processors, slowCalls],
  );
  return (
    <section class="lens" aria-label="Processors">
      {witness.language === "go" ? (
        <Controls lens={lens} set={set} />
      ) : (
        <p class="lens-note">
          One thread runs every task, so there is one processor and it cannot be changed: while a
          task waits for a timer or the network another one runs, but no two of them ever run at the
          same moment. A task gives the thread back only where it awaits or ends.
        </p>
      )}
      <dl class="figures">
        {figures(witness, placement).map(({ value, words, title, minor }) => (
          <div key={words} title={title} class={minor ? "minor" : ""}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="queues">{queueSentence(witness, placement, row)}</p>
      <PlacementGrid witness={witness} placement={placement} row={row} go={go} />
      {witness.language === "go" ? <Comparison witness={witness} lens={lens} /> : null}
    </section>
  );
}

function placed(witness: Witness, processors: number | null, slowCalls: boolean): Placement {
  return witness.language === "ts" || processors === null
    ? placeAsScheduled(witness)
    : placeByGo(witness, { processors, callLength: slowCalls ? slowCall : 0 });
}

function Controls({ lens, set }: Pick<LensProps, "lens" | "set">): JSX.Element {
  const { processors, slowCalls } = lens;
  return (
    <div class="lens-controls">
      <label>
        GOMAXPROCS{" "}
        <select
          class="processor-count"
          value={processors ?? ""}
          onChange={({ currentTarget }) => {
            const { value } = currentTarget;
            set({ processors: value === "" ? null : Number(value) });
          }}
        >
          <option value="">1, as in the schedule</option>
          {Array.from({ length: mostProcessors }, (_, it) => (
            <option key={it} value={it + 1}>
              {it + 1}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={slowCalls}
          disabled={processors === null}
          onChange={({ currentTarget }) => {
            set({ slowCalls: currentTarget.checked });
          }}
        />
        slow printing
      </label>
      <span class="dim">
        {processors === null
          ? "The order of the schedule, on one processor."
          : "As Go’s scheduler would place it; a model, not a measurement."}
        {processors === null ? null : (
          <span class="minor"> Every step takes one unit of time.</span>
        )}
      </span>
    </div>
  );
}

/** The same schedule for each number of processors. */
function Comparison({ witness, lens }: Pick<LensProps, "witness" | "lens">): JSX.Element {
  return (
    <details class="comparison">
      <summary>Compare 1 to {mostProcessors} processors</summary>
      <ComparisonTable witness={witness} lens={lens} />
    </details>
  );
}

function ComparisonTable({ witness, lens }: Pick<LensProps, "witness" | "lens">): JSX.Element {
  const all = useMemo(
    () =>
      [null, ...Array.from({ length: mostProcessors }, (_, it) => it + 1)].map((processors) => ({
        processors,
        figures: figures(witness, placed(witness, processors, lens.slowCalls)),
      })),
    [witness, lens.slowCalls],
  );
  const [first] = all;
  return (
    <div class="scroll-x" role="region" aria-label="By number of processors" tabIndex={0}>
      <table class="facts-table">
        <thead>
          <tr>
            <th scope="col">GOMAXPROCS</th>
            {first?.figures.map(({ words, title }) => (
              <th key={words} scope="col" title={title}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map((it) => (
            <tr
              key={it.processors}
              class={it.processors === lens.processors ? "chosen" : ""}
              aria-current={it.processors === lens.processors ? "true" : undefined}
            >
              <th scope="row">{it.processors ?? "as in the schedule"}</th>
              {it.figures.map(({ words, value }) => (
                <td key={words}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
