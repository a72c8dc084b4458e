import type { Blocked, ThreadId, Witness } from "../../protocol/witness.js";
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

/** Those who wait for each other, or for themselves; [] where nobody does. */
export function circleOf(blocked: readonly Blocked[]): readonly Blocked[] {
  return blocked.filter((it) => waitsForItself(blocked, it.thread));
}

/** Whether the waiting comes back to a thread, by way of who holds what is waited for. */
function waitsForItself(blocked: readonly Blocked[], thread: ThreadId): boolean {
  const seen = new Set<ThreadId>();
  const reached = [thread];
  for (let next = reached.pop(); next !== undefined; next = reached.pop()) {
    const holders = blocked.filter((it) => it.thread === next).flatMap((it) => it.holders);
    if (holders.includes(thread)) return true;
    for (const it of holders) {
      if (seen.has(it)) continue;
      seen.add(it);
      reached.push(it);
    }
  }
  return false;
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
