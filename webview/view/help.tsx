import type { JSX } from "preact";
import type { PanelSettings } from "../../protocol/webview.js";
import { keys } from "../model/keys.js";
import { allMarks, type Mark } from "../model/marks.js";
import { Icon, lanePath } from "./icons.js";

interface Props {
  readonly settings: PanelSettings;
  readonly close: () => void;
}

/** Keys, and what the drawing means. */
export function Help({ settings, close }: Props): JSX.Element {
  const on = settings.singleLetterKeys;
  return (
    <section class="help" role="dialog" aria-label="Keys and legend">
      <div class="help-head">
        <h2>Keys and legend</h2>
        <button type="button" class="tool" title="Close" aria-label="Close" onClick={close}>
          <Icon name="cross" />
        </button>
      </div>
      <dl class="keys">
        {keys.map((it) => (
          <div key={it.shown} class={it.character === true && !on ? "off" : ""}>
            <dt>
              <kbd>{it.shown}</kbd>
            </dt>
            <dd>
              {it.does}
              {it.character === true && !on ? " (off)" : ""}
            </dd>
          </div>
        ))}
      </dl>
      <p class="dim">
        Keys that write a character are {on ? "on" : "off"}: setting{" "}
        <code>happensBefore.panel.singleLetterKeys</code>. Every key is also a command of the
        palette.
      </p>
      <Legend occurs={allMarks} />
    </section>
  );
}

/** The marks of the drawing, each with its word; of a schedule only those that occur in it. */
export function Legend({ occurs }: { readonly occurs: ReadonlySet<Mark> }): JSX.Element {
  const item = (mark: Mark, drawing: JSX.Element, words: string): JSX.Element | null =>
    occurs.has(mark) ? (
      <li>
        <svg class="lane-1" width="22" height="18" viewBox="0 0 22 18" aria-hidden="true">
          {drawing}
        </svg>
        {words}
      </li>
    ) : null;
  return (
    <ul class="legend" aria-label="Legend">
      <Patterns />
      {item("run", <rect class="run" x="8" y="1" width="6" height="16" rx="3" />, "runs")}
      {item(
        "aside",
        <g class="node aside" transform="translate(11 9)">
          <path d={lanePath(0, 5.2)} />
        </g>,
        "ends the same way without it",
      )}
      {item("ready", <path class="ready" d="M11 2v14" />, "ready, not chosen")}
      {item(
        "wait",
        <rect class="blocked" x="7" y="1" width="8" height="16" rx="2" fill="url(#hatch)" />,
        "waits",
      )}
      {item(
        "lock",
        <rect class="lock" x="9.5" y="1" width="3" height="16" rx="1.5" />,
        "holds a lock",
      )}
      {item("switch", <path class="baton preempted" d="M2 2C2 9 20 9 20 16" />, "switch of lanes")}
      {item(
        "forced",
        <path class="baton" d="M2 2C2 9 20 9 20 16" />,
        "forced switch: the one before waits or ends",
      )}
      {item(
        "order",
        <path class="order in" d="M3 3 18 14" marker-end="url(#head-order)" />,
        "happens before",
      )}
      {item(
        "race",
        <path
          class="race-arrow"
          d="M3 9h16"
          marker-start="url(#head-race)"
          marker-end="url(#head-race)"
        />,
        "no order: a race",
      )}
    </ul>
  );
}

/** What the legend's drawings refer to: the hatching of a wait, and the heads of arrows. */
function Patterns(): JSX.Element {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true">
      <pattern
        id="hatch"
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect class="hatch-ground" width="5" height="5" />
        <rect class="hatch-line" width="2" height="5" />
      </pattern>
      {["order", "race"].map((it) => (
        <marker
          key={it}
          id={`head-${it}`}
          class={`head ${it}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
          markerUnits="userSpaceOnUse"
        >
          <path d="M0 0.500 8 4 0 7.500Z" />
        </marker>
      ))}
    </svg>
  );
}
