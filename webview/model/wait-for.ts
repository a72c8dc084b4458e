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

/** Threads of a drawing beyond which only those are drawn who wait for each other. */
const mostDrawn = 50;

/** The wait-for graph as a mermaid flowchart; "" when nobody waits. Dashed: who has woken somebody before. */
export function waitForDiagram(witness: Witness): string {
  const { outcome } = witness;
  if (outcome.kind !== "deadlock" && outcome.kind !== "leak") return "";
  const all = waitEdges(witness);
  if (all.length === 0) return "";
  const circle = new Set(circleOf(outcome.blocked).map((it) => it.thread));
  const isBig = threadsOf(all).length > mostDrawn;
  const isDrawn = ({ from, to }: WaitEdge): boolean =>
    !isBig || (circle.has(from) && to !== null && circle.has(to));
  const waiting = all.filter(isDrawn);
  const edges = waiting.length === 0 ? all.slice(0, mostDrawn) : waiting;
  const drawn = new Set(edges.map((it) => it.from));
  const wakers = outcome.blocked.flatMap((it): WaitEdge[] =>
    drawn.has(it.thread)
      ? (it.wakers ?? []).map((to) => ({ from: it.thread, to, label: wokenWords(witness, it) }))
      : [],
  );
  const lines = threadsOf([...edges, ...wakers]).map(
    (it) => `  t${it}["${quoted(nodeName(witness, outcome.blocked, it))}"]`,
  );
  if (edges.some((it) => it.to === null)) lines.push(`  nobody(["nobody"])`);
  for (const it of edges) {
    const to = it.to === null ? "nobody" : `t${it.to}`;
    lines.push(`  t${it.from} -->|"${quoted(it.label)}"| ${to}`);
  }
  for (const it of wakers) lines.push(`  t${it.from} -.->|"${quoted(it.label)}"| t${it.to}`);
  const left = all.length - edges.length;
  if (left > 0) lines.push(`  more(["and ${left} more who wait"])`);
  return ["flowchart LR", ...lines].join("\n");
}

function threadsOf(edges: readonly WaitEdge[]): readonly ThreadId[] {
  return [...new Set(edges.flatMap((it) => (it.to === null ? [it.from] : [it.from, it.to])))];
}

/** Of one who waits for nothing, whether it is still there. */
function nodeName(witness: Witness, blocked: readonly Blocked[], thread: ThreadId): string {
  const name = threadName(witness, thread);
  if (blocked.some((it) => it.thread === thread)) return name;
  const last = witness.steps.findLast((it) => it.thread === thread);
  return last?.action.kind === "end" ? `${name} (has ended)` : name;
}

/** What somebody has done before that would end the wait. */
function wokenWords({ objects }: Witness, { object, reason }: Blocked): string {
  const kind = object === null ? undefined : objects[object]?.kind;
  if (kind === "channel") {
    return reason.startsWith("to send on ") ? "received before" : "sent before";
  }
  return kind === "cond" ? "signalled before" : "counted before";
}

/** Without what mermaid reads as its own; names come from the user's program. */
export function quoted(text: string): string {
  return text.replaceAll('"', "'").replace(/[#;`\\<>|]/g, " ");
}
