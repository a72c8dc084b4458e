// The one place that says which steps commute.

import type { Event, Touch } from "./vm/machine.js";

/** `Touch.object` of what conflicts with everything: the end of the program, and what is not known better. */
const everything = 0;

const commuting: ReadonlySet<string> = new Set([
  "read read",
  // Readers come and go together.
  "rlock rlock",
  "rlock runlock",
  "runlock rlock",
  "runlock runlock",
  // A send and a receive that can both happen are about different slots.
  "send recv",
  "recv send",
  // Different pairs of threads.
  "rendezvous rendezvous",
  "recv close",
  "close recv",
  "wg-done wg-done",
  "poll poll",
]);

/** Whether two steps of different threads lead to the same state in either order. */
export function independent(a: Event, b: Event): boolean {
  return !sharesThread(a, b) && !conflicting(a.touches, b.touches);
}

function sharesThread(a: Event, b: Event): boolean {
  const involved = [b.thread, b.partner];
  return involved.includes(a.thread) || (a.partner !== null && involved.includes(a.partner));
}

function conflicting(a: readonly Touch[], b: readonly Touch[]): boolean {
  // Also with a step that touches nothing: after the program's end there is none.
  if (touchesEverything(a) || touchesEverything(b)) return true;
  return a.some((x) =>
    b.some((y) => x.object === y.object && !commuting.has(`${x.kind} ${y.kind}`)),
  );
}

function touchesEverything(touches: readonly Touch[]): boolean {
  return touches.some((it) => it.object === everything);
}
