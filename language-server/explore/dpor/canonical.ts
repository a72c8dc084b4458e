// One execution for each trace, and an order of traces, that do not depend on which execution of it was run, by which
// search, or when.

import type { Choice } from "../../../protocol/witness.js";
import { present } from "../../base/assert.js";
import { noThread } from "./plans.js";
import type { Clock, Done, Execution } from "./execution.js";
import type { ThreadPath } from "./search-state.js";

/** 53 bits, the same for every order of the same events with the same happens-before relation, in any search. */
export function rankOf(execution: Execution): number {
  const { names } = execution;
  const mark = (thread: number): number => (thread === noThread ? 0 : names.markOf(thread));
  let [a, b] = [0, 0];
  for (let at = 0; at < execution.length; at++) {
    const { thread, partner, n, clock, touches, choice } = execution.at(at);
    let seed = mixed(mark(thread), n) ^ mixed(mark(partner), (choice.arm ?? -2) + 3);
    for (const { kind } of touches) seed = mixed(seed, kind);
    let sum = 0;
    for (let other = 0; other < names.count; other++) {
      const count = clock[other] ?? 0;
      if (count > 0) sum = (sum + mixed(mark(other), count)) >>> 0;
    }
    a = (a + mixed(seed, sum)) >>> 0;
    b = (b + mixed(seed ^ 0x5bd1e995, sum)) >>> 0;
  }
  return (a & 0x1fffff) * 2 ** 32 + b;
}

function mixed(a: number, b: number): number {
  let it = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ 0x7f4a7c15, 0xc2b2ae35);
  it = Math.imul(it ^ (it >>> 15), 0x27d4eb2f);
  return (it ^ (it >>> 13)) >>> 0;
}

/**
 * The execution of the trace in which a thread goes on as long as it can, and then the least one that can: threads are
 * ordered by the way they came to be. Its choices as the machine takes them.
 */
export function lineOf(execution: Execution): readonly Choice[] {
  const queues = new Map<number, Done[]>();
  for (let at = 0; at < execution.length; at++) {
    const done = execution.at(at);
    for (const thread of [done.thread, done.partner]) {
      if (thread === noThread) continue;
      const queue = queues.get(thread);
      if (queue === undefined) queues.set(thread, [done]);
      else queue.push(done);
    }
  }
  const path = (thread: number): ThreadPath => execution.names.pathOf(thread);
  const threads = [...queues.keys()].sort((a, b) => comparePaths(path(a), path(b)));
  const numbers = new Map<number, number>();
  for (let thread = 0; thread < execution.atStart; thread++) numbers.set(thread, thread);
  const passed = new Map<number, number>();
  const line: Choice[] = [];
  let last = threads[0] ?? 0;
  while (line.length < execution.length) {
    const next = [last, ...threads].find((it) => isNext(queues, it, passed));
    const done = present(queues.get(present(next, "a thread that can go on"))?.[0], "an event");
    const number = (thread: number): number => present(numbers.get(thread), "a started thread");
    const { choice, thread, partner } = done;
    const own = { ...choice, thread: number(thread) };
    line.push(choice.partner === undefined ? own : { ...own, partner: number(partner) });
    for (const it of [thread, partner]) {
      queues.get(it)?.shift();
      passed.set(it, (passed.get(it) ?? 0) + 1);
    }
    for (const it of done.spawned) numbers.set(it, numbers.size);
    last = thread;
  }
  return line;
}

/** Whether all that happens before the thread's next event has passed. */
function isNext(
  queues: ReadonlyMap<number, readonly Done[]>,
  thread: number,
  passed: ReadonlyMap<number, number>,
): boolean {
  const done = queues.get(thread)?.[0];
  return done !== undefined && isReady(done, done.clock, passed);
}

function isReady(
  { thread, partner }: Done,
  clock: Clock,
  passed: ReadonlyMap<number, number>,
): boolean {
  for (let other = 0; other < clock.length; other++) {
    const own = other === thread || other === partner ? 1 : 0;
    if ((clock[other] as number) - own > (passed.get(other) ?? 0)) return false;
  }
  return true;
}

function comparePaths(a: ThreadPath, b: ThreadPath): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
