import type { ExplainedDump, ExplainedGroup } from "../../protocol/explanation.js";
import { fileName } from "../../wording/place.js";
import { quoted } from "./wait-for.js";

/** Groups of a drawing at most. */
const mostDrawn = 50;

/** What waits for what, as a mermaid flowchart; "" when nobody waits for others. */
export function explainedDiagram({ groups, objects }: ExplainedDump): string {
  const all = groups.flatMap((it, index) => (it.waits ? [{ it, index }] : []));
  if (all.length === 0) return "";
  const waiting = all.slice(0, mostDrawn);
  const lines = waiting.map(({ it, index }) => `  g${index}["${quoted(groupName(it))}"]`);
  objects.forEach(({ name }, index) => {
    const isDrawn = waiting.some(({ it }) => it.waitsFor === index);
    if (isDrawn) lines.push(`  o${index}(["${quoted(name)}: owner unknown"])`);
  });
  for (const { it, index } of waiting) {
    if (it.waitsFor === null) lines.push(`  u${index}(["${it.forever ? "nobody" : "unknown"}"])`);
    const to = it.waitsFor === null ? `u${index}` : `o${it.waitsFor}`;
    lines.push(`  g${index} -->|"${quoted(it.does)}"| ${to}`);
  }
  const left = all.length - waiting.length;
  if (left > 0) lines.push(`  more(["and ${left} more kinds of goroutines"])`);
  return ["flowchart LR", ...lines].join("\n");
}

/** `3 × main.put (store.go:12)`. */
function groupName({ count, place }: ExplainedGroup): string {
  if (place === null) return `${count} ×`;
  return `${count} × ${place.func} (${fileName(place.file)}:${place.line})`;
}
