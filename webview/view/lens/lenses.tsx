import type { ComponentChildren, JSX } from "preact";
import type { PanelLens } from "../../../protocol/webview.js";
import type { Schedule, Witness } from "../../../protocol/witness.js";
import type { PanelEvent } from "../../model/store.js";
import { MemoryLens } from "./memory-lens.js";
import { ProcessorsLens } from "./processors-lens.js";

interface Props {
  readonly lens: PanelLens;
  readonly witness: Witness;
  readonly row: number;
  readonly go: (row: number, focus: boolean) => void;
  readonly show: (schedule: Schedule) => void;
  readonly send: (event: PanelEvent) => void;
  /** What the steps themselves look like. */
  readonly children: ComponentChildren;
}

const names: readonly { readonly shows: PanelLens["shows"]; readonly words: string }[] = [
  { shows: "steps", words: "Steps" },
  { shows: "processors", words: "Processors" },
  { shows: "memory", words: "Memory" },
];

/** The same schedule as its steps, on processors, or as what each thread can see of memory. */
export function Lenses(props: Props): JSX.Element {
  const { lens, witness, row, go, show, send } = props;
  const set = (it: Partial<PanelLens>): void => {
    send({ type: "lens", lens: it });
  };
  return (
    <>
      <fieldset class="lens-bar">
        <legend class="visually-hidden">Show the schedule as</legend>
        {names.map(({ shows, words }) => (
          <label key={shows}>
            <input
              type="radio"
              name="lens"
              class="visually-hidden"
              checked={lens.shows === shows}
              onChange={() => {
                set({ shows });
              }}
            />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      {lens.shows === "steps" ? props.children : null}
      {lens.shows === "processors" ? (
        <ProcessorsLens witness={witness} lens={lens} row={row} go={go} set={set} />
      ) : null}
      {lens.shows === "memory" ? (
        <MemoryLens witness={witness} lens={lens} row={row} go={go} set={set} show={show} />
      ) : null}
    </>
  );
}
