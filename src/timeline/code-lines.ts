import { currentSources } from "../../export/current.js";
import type { Span } from "../../protocol/span.js";
import type { CodeLine } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";

/** Longer lines are cut: nobody reads them in a panel. */
const mostCharacters = 300;

/** The lines of the source that the witnesses speak of, each once. `textOf`: null where there is no such file. */
export function codeLines(
  witnesses: readonly Witness[],
  textOf: (uri: string) => string | null,
): readonly CodeLine[] {
  const lines = new Map<string, CodeLine>();
  for (const witness of witnesses) {
    const texts = new Map(
      currentSources(witness, textOf).map(({ uri, text }) => [uri, text.split(/\r?\n/)] as const),
    );
    for (const { uri, start } of spansOf(witness)) {
      const text = texts.get(uri)?.[start.line]?.slice(0, mostCharacters);
      if (text !== undefined) lines.set(`${start.line} ${uri}`, { uri, line: start.line, text });
    }
  }
  return [...lines.values()];
}

function spansOf({ steps, outcome }: Witness): readonly Span[] {
  const stuck = "blocked" in outcome ? outcome.blocked : [];
  const cases = steps.flatMap(({ action }) => (action.kind === "select" ? (action.at ?? []) : []));
  return [...steps.map((it) => it.span), ...cases, ...stuck.map((it) => it.span)];
}
