import type { JSX } from "preact";
import type { Witness } from "../../protocol/witness.js";
import { lineLabel, threadName, waitPhrase } from "../model/labels.js";
import { thingsAt } from "../model/shared-things.js";
import { stateAt } from "../model/state.js";
import { Changed, Things, Who } from "./things.js";
import { WaitFor } from "./wait-for.js";

interface Props {
  readonly witness: Witness;
  readonly row: number;
}

/** The program after the step at the cursor: values, locks, who may run, who waits and why. */
export function StatePane({ witness, row }: Props): JSX.Element {
  const state = stateAt(witness, row);
  return (
    <section class="pane state" aria-label={`State after step ${row + 1}`}>
      <h2>State after step {row + 1}</h2>
      {state.variables.length === 0 ? (
        <p class="dim">No variable has changed yet.</p>
      ) : (
        <table class="variables">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Before</th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {state.variables.map((it) => (
              <tr key={it.name} class={it.changed ? "changed" : ""}>
                <th scope="row" title={it.name}>
                  {it.name}
                </th>
                <td title={it.before ?? ""}>{it.before ?? "–"}</td>
                <td title={it.now}>
                  {it.now}
                  <Changed changed={it.changed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Things witness={witness} things={thingsAt(witness, row)} />
      <div class="block">
        <h3>Who can run now</h3>
        <ul class="facts">
          {state.runnable === null ? (
            <li class="dim">The schedule ends here.</li>
          ) : state.runnable.length === 0 ? (
            <li class="dim">Nobody.</li>
          ) : (
            state.runnable.map((it) => (
              <li key={it}>
                <Who witness={witness} thread={it} />
                {it === state.next ? <span class="next">runs next</span> : null}
              </li>
            ))
          )}
        </ul>
      </div>
      {state.blocked.length === 0 ? null : (
        <div class="block">
          <h3>Who waits, and why</h3>
          <ul class="facts">
            {state.blocked.map((it) => (
              <li key={it.thread} class="waiting">
                <Who witness={witness} thread={it.thread} />
                <span class="reason">
                  {waitPhrase(it.reason)} <span class="dim">{lineLabel(it.span)}</span>
                  {it.holders.length === 0 ? null : (
                    <span class="dim">
                      {" "}
                      held by {it.holders.map((h) => threadName(witness, h)).join(", ")}
                    </span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <WaitFor witness={witness} />
    </section>
  );
}
