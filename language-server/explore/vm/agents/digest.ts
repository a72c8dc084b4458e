// The state of all agents as a short text: equal for states that nobody can tell apart.

import type { World } from "./world.js";

/** `ordered`: also what happened before what, on which depends which races are still to come. */
export function digestOf(world: World, ordered: boolean): string {
  const { agents, memory, inboxes, waiters, over } = world;
  const who = agents.map(({ place, state, clock }) => [
    place.id,
    state.kind,
    state.kind === "woken" ? state.nth : 0,
    ordered ? clock : 0,
  ]);
  const bytes = [...memory.bytes].map(([key, it]) => [key, [...it]] as const);
  const queues = [...inboxes].map(
    ([key, it]) => [key, it.waiting.map(({ message }) => message)] as const,
  );
  const releases = ordered ? [...memory.releases] : [];
  const tables = [bytes, queues, [...waiters], releases].map((it) => it.toSorted(byKey));
  return JSON.stringify([who, tables, over !== null]);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

/** 53 bits of it. */
export function numberOf(text: string): number {
  let [a, b] = [0x811c9dc5, 0x9dc5811c];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193) >>> 0;
    b = Math.imul(b ^ (code + index), 0x85ebca6b) >>> 0;
    b = (b ^ (b >>> 13)) >>> 0;
  }
  return (a & 0x1fffff) * 2 ** 32 + (b >>> 0);
}
