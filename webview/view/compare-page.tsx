import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { webviewProtocol } from "../../protocol/webview.js";
import type { PanelContent } from "../../protocol/webview.js";
import { sameWords, splitSentences } from "../model/compare.js";
import type { Compared, Side } from "../model/compared.js";
import { keyAction } from "../model/keys.js";
import { outcomeName } from "../model/labels.js";
import { scheduleName, stepSentence } from "../model/story.js";
import type { PanelEvent, PanelModel } from "../model/store.js";
import type { Host } from "./app.js";
import { useAsked } from "./asked.js";
import { CompareSide } from "./compare-side.js";
import { Icon } from "./icons.js";

interface Props {
  readonly host: Host;
  readonly model: PanelModel;
  readonly content: PanelContent;
  readonly compared: Compared;
  readonly send: (event: PanelEvent) => void;
}

/** Two schedules side by side, with what makes one end otherwise than the other. */
export function ComparePage(props: Props): JSX.Element | null {
  const { host, model, content, compared, send } = props;
  const root = useRef<HTMLElement>(null);
  const [a, b] = [content.witnesses[compared.a], content.witnesses[compared.b]];
  useEffect(() => {
    const { witness, row } = model;
    host.post({ type: "selected", witness, step: row });
  }, [host, content, model.witness, model.row]);
  const { a: shown, rowA, note } = compared;
  useEffect(() => {
    if (b === undefined) return;
    const where = { protocol: webviewProtocol, witness: shown, step: rowA, lens: model.lens };
    host.save({ ...content.origin, ...where, compare: { schedule: b.schedule, note } });
  }, [host, content, model.lens, shown, rowA, b, note]);
  useEffect(() => {
    root.current?.querySelector<HTMLElement>(".side.active .steps")?.focus({ preventScroll: true });
  }, [compared.a, compared.b]);
  const reveal = (focus: boolean): void => {
    const span = content.witnesses[model.witness]?.steps[model.row]?.span;
    if (span !== undefined) host.post({ type: "reveal", span, focus });
  };
  useAsked(model, () => {
    reveal(true);
  });
  if (a === undefined || b === undefined) return null;
  const go = (side: Side, row: number): void => {
    send({ type: "side", side });
    send({ type: "move", move: { kind: "to", row } });
  };
  const leave = (): void => {
    send({ type: "leave" });
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLElement && event.target.closest("button, select") !== null) {
      if (event.key !== "Escape") return;
    }
    const action = keyAction(event, model.settings.singleLetterKeys);
    if (action === null) return;
    event.preventDefault();
    if (action === "source") reveal(true);
    else if (action === "leave" || action.type === "compare") leave();
    else send(action);
  };
  const { comparison, side } = compared;
  const row = side === "a" ? compared.rowA : compared.rowB;
  const split = splitSentences(a, b, comparison);
  const atSplit = compared.rowA === comparison.same && compared.rowB === comparison.same;
  const witness = side === "a" ? a : b;
  const sentence = `${side.toUpperCase()}: ${stepSentence(witness, row)}`;
  return (
    <main class="panel comparing" ref={root} onKeyDown={pressed}>
      <header class="compare-head">
        <div class="compare-title">
          <h1>Compare two schedules</h1>
          <button type="button" class="link" onClick={leave}>
            Back to one schedule
          </button>
        </div>
        {compared.note === "" ? null : <p class="compare-note">{compared.note}</p>}
        {model.stale ? (
          <p class="compare-note">
            <Icon name="warning" />
            The source changed since these schedules were found.
          </p>
        ) : null}
        <div class="picks">
          <Pick side="a" {...props} />
          <Pick side="b" {...props} />
        </div>
        <div class="side-tabs">
          {(["a", "b"] as const).map((it) => (
            <button
              key={it}
              type="button"
              aria-pressed={side === it}
              onClick={() => {
                send({ type: "side", side: it });
              }}
            >
              {`${it.toUpperCase()} ${outcomeName(it === "a" ? a : b)}`}
            </button>
          ))}
        </div>
      </header>
      <CompareSide side="a" witness={a} other={b} compared={compared} go={go} send={send} />
      <CompareSide side="b" witness={b} other={a} compared={compared} go={go} send={send} />
      <section class="difference" aria-label="What is different" tabIndex={0}>
        <h2>What is different</h2>
        <p>{sameWords(comparison)}</p>
        {split.map((it, index) => (
          <p key={it} class={index === 0 ? "parting" : ""}>
            {it}
          </p>
        ))}
      </section>
      <p class="transcript" aria-live="polite">
        {atSplit ? <span class="visually-hidden">{split[0]} </span> : null}
        {sentence}
      </p>
    </main>
  );
}

/** Which schedule stands on a side. */
function Pick({ side, content, compared, send }: Props & { readonly side: Side }): JSX.Element {
  const letter = side.toUpperCase();
  return (
    <label class="pick">
      <span class="letter">{letter}</span>
      <select
        aria-label={`Schedule ${letter}`}
        value={`${compared[side]}`}
        onChange={(event) => {
          send({ type: "pick", side, witness: Number(event.currentTarget.value) });
        }}
      >
        {content.witnesses.map((it, index) => (
          <option key={index} value={`${index}`}>
            {`#${index + 1} ${outcomeName(it)}: ${scheduleName(it)}`}
          </option>
        ))}
      </select>
    </label>
  );
}
