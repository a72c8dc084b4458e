import type { JSX } from "preact";
import type { PanelContent } from "../../protocol/webview.js";
import type { Schedule } from "../../protocol/witness.js";
import { endChoices, type EndChoice } from "../model/ends.js";
import { outcomeNames } from "../model/labels.js";
import { OutcomeIcon } from "./icons.js";

interface Props {
  readonly content: PanelContent;
  readonly selected: number;
  readonly show: (schedule: Schedule) => void;
}

/** The ways in which the program can end, how often, and a schedule for each. */
export function Ends({ content, selected, show }: Props): JSX.Element | null {
  const choices = endChoices(content);
  if (choices.length === 0) return null;
  return (
    <div class="ends">
      <h3 id="ends">How it ends</h3>
      <ul aria-labelledby="ends">
        {choices.map((it, index) => (
          <li key={index}>
            <EndButton choice={it} current={it.witness === selected} show={show} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface EndProps {
  readonly choice: EndChoice;
  readonly current: boolean;
  readonly show: (schedule: Schedule) => void;
}

/** Without a schedule that was kept there is nothing to choose. */
function EndButton({ choice, current, show }: EndProps): JSX.Element {
  const schedule = choice.end?.schedule ?? null;
  if (schedule === null) return <span class="ending">{parts(choice)}</span>;
  return (
    <button
      type="button"
      class="ending"
      aria-current={current}
      onClick={() => {
        show(schedule);
      }}
    >
      {parts(choice)}
    </button>
  );
}

function parts({ kind, label, share, end }: EndChoice): JSX.Element {
  const name = kind === null ? "" : outcomeNames[kind];
  return (
    <>
      {kind === null ? <span /> : <OutcomeIcon kind={kind} />}
      <span class="what" title={end?.label ?? ""}>
        {kind === null || kind === "ok" ? null : <span class="kind">{name}</span>}
        {label === "" ? null : <code>{label}</code>}
        {label === "" && kind === "ok" ? name : null}
      </span>
      <span class="dim">{share}</span>
    </>
  );
}
