import type { JSX } from "preact";
import type { Witness } from "../../protocol/witness.js";
import { lineLabel, threadName, waitPhrase } from "../model/labels.js";
import { thingsAt } from "../model/shared-things.js";
import { stateAt, type Variable } from "../model/state.js";
import { Changed, Things, Who } from "./things.js";
import { WaitFor } from "./wait-for.js";

interface Props {
  readonly witness: Witness;
  readonly row: number;
}

/** The program after the step at the cursor: values, locks, who may run, who waits and why. */
export function StatePane({ witness, row }: Props): JSX.Element {
  const state = stateAt(witness, row);
  const owners = [...new Set(state.variables.map((it) => it.thread))];
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
          {owners.map((thread) => (
            <tbody key={thread}>
              <tr class="owner">
                <th scope="rowgroup" colSpan={3}>
                  <Who witness={witness} thread={thread} />
                </th>
              </tr>
              {state.variables
                .filter((it) => it.thread === thread)
                .map((it) => (
                  <VariableRow key={it.name} variable={it} />
                ))}
            </tbody>
          ))}
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

function VariableRow({
  variable: { name, before, now, changed },
}: {
  readonly variable: Variable;
}): JSX.Element {
  return (
    <tr class={changed ? "changed" : ""}>
      <th scope="row" title={name}>
        {name}
      </th>
      <td title={before ?? ""}>{before ?? "–"}</td>
      <td title={now}>
        {now}
        <Changed changed={changed} />
      </td>
    </tr>
  );
}
