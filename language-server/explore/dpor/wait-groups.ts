// Whether the counter of a wait group could become negative in another order of an execution's steps. It cannot when
// each `Done` can be given a unit of an addition that happens before it, no unit twice (Hall's theorem, read both ways).

import { touches } from "../vm/touch.js";
import type { Done, Execution } from "./execution.js";

interface Addition {
  readonly event: Done;
  left: number;
}

/** `objects`: numbers of the wait groups. The latest additions are given first, which fits additions that follow another. */
export function mayRunShort(execution: Execution, objects: Iterable<number>): boolean {
  for (const object of objects) {
    const additions: Addition[] = [];
    for (const position of execution.touching(object)) {
      const event = execution.at(position);
      for (const touch of event.touches) {
        if (touch.object !== object) continue;
        if (touch.kind === touches.wgAdd) additions.push({ event, left: touch.n });
        else if (touch.kind === touches.wgUnder) return true;
        else if (touch.kind === touches.wgDone && !given(additions, event, -touch.n)) return true;
      }
    }
  }
  return false;
}

function given(additions: readonly Addition[], done: Done, units: number): boolean {
  let needed = units;
  for (let index = additions.length - 1; index >= 0 && needed > 0; index--) {
    const addition = additions[index] as Addition;
    const { thread, n } = addition.event;
    if ((done.before[thread] as number) < n) continue;
    const taken = Math.min(needed, addition.left);
    addition.left -= taken;
    needed -= taken;
  }
  return needed === 0;
}
