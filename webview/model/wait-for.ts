import type { Blocked, Witness } from "../../protocol/witness.js";
import { objectName, threadName } from "./labels.js";

/** What a stuck thread waits for, and whom. */
export interface WaitEdge {
  readonly from: number;
  readonly to: number | null;
  readonly label: string;
}

export function waitEdges(witness: Witness): readonly WaitEdge[] {
  const { outcome } = witness;
  if (outcome.kind !== "deadlock" && outcome.kind !== "leak") return [];
  return outcome.blocked.flatMap((it: Blocked): WaitEdge[] => {
    const label = it.object === null ? it.reason : objectName(witness, it.object);
    return it.holders.length === 0
      ? [{ from: it.thread, to: null, label }]
      : it.holders.map((to) => ({ from: it.thread, to, label }));
  });
}

/** The wait-for graph as a mermaid flowchart; "" when nobody waits. */
export function waitForDiagram(witness: Witness): string {
  const edges = waitEdges(witness);
  if (edges.length === 0) return "";
  const threads = [
    ...new Set(edges.flatMap((it) => (it.to === null ? [it.from] : [it.from, it.to]))),
  ];
  const lines = threads.map((it) => `  t${it}["${quoted(threadName(witness, it))}"]`);
  if (edges.some((it) => it.to === null)) lines.push(`  nobody(["nobody"])`);
  for (const it of edges) {
    const to = it.to === null ? "nobody" : `t${it.to}`;
    lines.push(`  t${it.from} -->|"${quoted(it.label)}"| ${to}`);
  }
  return ["flowchart LR", ...lines].join("\n");
}

/** Without what mermaid reads as its own; names come from the user's program. */
function quoted(text: string): string {
  return text.replaceAll('"', "'").replace(/[#;`\\<>|]/g, " ");
}
