// What is wrong where somebody sleeps in `Atomics.wait` for ever.

import { keyOf, valueOf } from "./memory.js";
import { agentWords } from "./words.js";
import type { Agent, World } from "./world.js";

/** `spins`: somebody else goes round for ever. */
export function whyAsleep({ agents, memory, inboxes, notifiers }: World, spins: boolean): string {
  const [main, ...others] = agents;
  const mail = [...inboxes].some(
    ([key, it]) =>
      key.endsWith(":up") && it.waiting.some(({ message }) => message.kind === "message"),
  );
  if (main?.state.kind === "waits" && (mail || others.some(isIdle))) return agentWords.onMain;
  const asleep = agents.flatMap(({ state, place: { op } }) =>
    state.kind === "waits" && op.kind === "wait" ? [op] : [],
  );
  const stale = asleep.some((it) => valueOf(memory, it.element) !== it.expected);
  if (stale) return agentWords.changed;
  const [only, ...more] = asleep;
  const notified = only !== undefined && notifiers.has(keyOf(only.element));
  return notified && more.length === 0 && !spins ? agentWords.notified : agentWords.asleep;
}

function isIdle({ state, place }: Agent): boolean {
  return state.kind === "runs" && place.op.kind === "take";
}
