// The one place that says which steps commute.

import type { Event } from "./vm/machine.js";
import { everything, touches, type Touch, type TouchKind } from "./vm/touch.js";

const kinds = Object.keys(touches).length;

/** Pairs of kinds that lead to the same state in either order, where both can happen. */
const pairs: readonly (readonly [TouchKind, TouchKind])[] = [
  [touches.read, touches.read],
  // Readers come and go together.
  [touches.rlock, touches.rlock],
  [touches.rlock, touches.runlock],
  [touches.runlock, touches.runlock],
  // A send and a receive that can both happen are about different slots.
  [touches.send, touches.recv],
  // Different pairs of threads.
  [touches.rendezvous, touches.rendezvous],
  [touches.recv, touches.close],
  // A channel stays closed.
  [touches.recvClosed, touches.recvClosed],
  [touches.recvClosed, touches.sendClosed],
  [touches.recvClosed, touches.closeClosed],
  [touches.recvClosed, touches.poll],
  [touches.sendClosed, touches.sendClosed],
  [touches.sendClosed, touches.closeClosed],
  [touches.closeClosed, touches.closeClosed],
  [touches.poll, touches.poll],
  [touches.wgDone, touches.wgDone],
  [touches.wgWait, touches.wgWait],
  [touches.onceLater, touches.onceLater],
];

/** By first kind times `kinds` plus second kind. */
const commuting = new Uint8Array(kinds * kinds);
for (const [a, b] of pairs) {
  commuting[a * kinds + b] = 1;
  commuting[b * kinds + a] = 1;
}

/** Whether two steps of different threads lead to the same state in either order. */
export function independent(a: Event, b: Event): boolean {
  return !sharesThread(a, b) && !conflicting(a.touches, b.touches);
}

function sharesThread(a: Event, b: Event): boolean {
  const other = a.partner;
  return (
    a.thread === b.thread ||
    a.thread === b.partner ||
    (other !== null && (other === b.thread || other === b.partner))
  );
}

function conflicting(a: readonly Touch[], b: readonly Touch[]): boolean {
  // Also with a step that touches nothing: after the program's end there is none.
  if (touchesEverything(a) || touchesEverything(b)) return true;
  return a.some((x) => b.some((y) => x.object === y.object && !commute(x, y)));
}

function commute(a: Touch, b: Touch): boolean {
  if (commuting[a.kind * kinds + b.kind] === 0) return false;
  return a.kind !== touches.wgDone || (staysPositive(a) && staysPositive(b));
}

/** `Done` commutes with `Done` as long as neither is the last one, which lets others go on, or one too many. */
function staysPositive({ value }: Touch): boolean {
  return (value as number) > 0;
}

function touchesEverything(list: readonly Touch[]): boolean {
  return list.some((it) => it.object === everything);
}
