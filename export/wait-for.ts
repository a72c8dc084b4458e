// Who waits for what, held by whom, as mermaid's flowcharts in Markdown: of schedules that get stuck, and of what the
// run-time said of goroutines.

import type { Explanation } from "../protocol/explanation.js";
import type { Finding } from "../protocol/finding.js";
import { fileAndLine } from "../wording/place.js";
import { explainedDiagram } from "../webview/model/explained-diagram.js";
import { waits } from "../webview/model/story.js";
import { waitForDiagram } from "../webview/model/wait-for.js";
import { markdown } from "./mermaid.js";

/** The wait-for graph of each finding in whose schedule somebody is stuck, under what is said of it. */
export function waitForDocument(findings: readonly Finding[]): string {
  const sections = findings.flatMap(({ message, code, primary, witness }) => {
    if (witness === null || !("blocked" in witness.outcome)) return [];
    const diagram = waitForDiagram(witness);
    if (diagram === "") return [];
    const words = `${waits(witness, witness.outcome.blocked)}.`;
    return [
      `### ${markdown(`${message} (${code}, ${fileAndLine(primary.span)})`)}`,
      markdown(words),
      fenced(diagram),
    ];
  });
  if (sections.length === 0) return "No schedule was found in which somebody is stuck.\n";
  return `${sections.join("\n\n")}\n`;
}

/** What waits for what in each dump. */
export function explainedDiagrams({ sections }: Explanation): string {
  const parts = sections.flatMap((it) => {
    if (it.kind === "race") return [];
    const diagram = explainedDiagram(it);
    const title = `### ${markdown(`${it.title} (line ${it.at} of the text)`)}`;
    return diagram === "" ? [] : [title, fenced(diagram)];
  });
  return parts.length === 0 ? "Nobody waits for others here.\n" : `${parts.join("\n\n")}\n`;
}

export function fenced(diagram: string): string {
  return `\`\`\`mermaid\n${diagram}\n\`\`\``;
}
