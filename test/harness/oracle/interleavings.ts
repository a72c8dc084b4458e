// The traces of tiny programs once more, and in another way: every interleaving is run to its end, and which steps come
// before which is worked out afterwards, pair by pair.

import type { Choice } from "../../../protocol/witness.js";
import { dependent, type Relation } from "./dependence.js";
import type { Numbers } from "./history.js";
import { Interpreter } from "./interpreter.js";
import type { Occurrence } from "./occurrence.js";
import type { OracleProgram } from "./program.js";
import { isSame } from "./replay.js";
import type { Oracle } from "./traces.js";

type Run = readonly Occurrence[];

/** Null when there are more than `most`. */
export function interleavings(program: OracleProgram, most: number): readonly Run[] | null {
  const interpreter = new Interpreter(program);
  const runs: Run[] = [];
  const path: Occurrence[] = [];
  const visit = (): boolean => {
    const moves = interpreter.moves();
    if (moves.length === 0) runs.push([...path]);
    for (const move of moves) {
      const mark = interpreter.mark();
      path.push(interpreter.step(move));
      const goOn = visit();
      path.pop();
      interpreter.undoTo(mark);
      if (!goOn) return false;
    }
    return runs.length <= most;
  };
  return visit() ? runs : null;
}

/** The relation that these executions, all of a program, ask for. */
export function relationOf(program: OracleProgram, runs: readonly Run[]): Relation {
  const strict = runs.some((run) =>
    run.some((it) => it.touches.some((touch) => touch.manner === "undercount")),
  );
  return { channels: program.channels, strict };
}

/** The same number as `History` gives to the same trace. */
export function signatureOfRun(
  numbers: Numbers,
  relation: Relation,
  lanes: number,
  run: Run,
): number {
  const clocks = clocksOf(relation, lanes, run);
  const events = Array.from({ length: lanes }, () => 0);
  run.forEach((it, index) => {
    const clock = numbers.clocks.number(clocks[index] ?? []);
    for (const [lane, label] of parts(it)) {
      events[lane] = numbers.event(events[lane] ?? 0, label, clock);
    }
  });
  return numbers.trace(events);
}

/** How often each lane has stepped in what comes before each step, itself included. */
function clocksOf(relation: Relation, lanes: number, run: Run): readonly (readonly number[])[] {
  const clocks: number[][] = [];
  run.forEach((it, index) => {
    const clock = Array.from({ length: lanes }, () => 0);
    for (let earlier = 0; earlier < index; earlier++) {
      if (!comesBefore(relation, run, earlier, index)) continue;
      clocks[earlier]?.forEach((count, lane) => {
        clock[lane] = Math.max(clock[lane] ?? 0, count);
      });
    }
    for (const [lane] of parts(it)) clock[lane] = stepsOf(run, lane, index);
    clocks.push(clock);
  });
  return clocks;
}

function parts(it: Occurrence): readonly (readonly [lane: number, label: number])[] {
  const own = [it.lane, it.label] as const;
  return it.partner < 0 ? [own] : [own, [it.partner, it.partnerLabel]];
}

/** Up to the step of the given index. */
function stepsOf(run: Run, lane: number, index: number): number {
  return run.slice(0, index + 1).filter((it) => it.lane === lane || it.partner === lane).length;
}

/** Whether there is a reason for the order of two steps. */
function comesBefore(relation: Relation, run: Run, earlier: number, later: number): boolean {
  const [a, b] = [run[earlier], run[later]];
  if (a === undefined || b === undefined) return false;
  const isShared = parts(a).some(([lane]) => lane === b.lane || lane === b.partner);
  const isStart = a.spawned >= 0 && (a.spawned === b.lane || a.spawned === b.partner);
  if (isShared || isStart || b.wokenBy === earlier) return true;
  if (b.timed && earlier < lastAdvance(run, later)) return true;
  return dependent(relation, a, b);
}

function lastAdvance(run: Run, index: number): number {
  return run.findLastIndex((it, at) => at <= index && it.advanced);
}

/**
 * Swaps each two neighbours of an execution that are said to commute. What becomes of each swap: the signature, or null
 * when one of them was no longer possible. All are the execution's own signature if what is said is true.
 */
export function swaps(oracle: Oracle, moves: readonly Choice[]): readonly (number | null)[] {
  const { program, relation, numbers } = oracle;
  const lanes = program.threads.length + program.timers.length;
  const run = runOf(program, moves);
  if (run === null) return [null];
  const found: (number | null)[] = [];
  for (let at = 0; at + 1 < moves.length; at++) {
    const [first, second] = moves.slice(at, at + 2);
    if (first === undefined || second === undefined) continue;
    if (comesBefore(relation, run, at, at + 1)) continue;
    const swapped = runOf(program, [...moves.slice(0, at), second, first, ...moves.slice(at + 2)]);
    found.push(swapped === null ? null : signatureOfRun(numbers, relation, lanes, swapped));
  }
  return found;
}

function runOf(program: OracleProgram, moves: readonly Choice[]): Run | null {
  const interpreter = new Interpreter(program);
  const run: Occurrence[] = [];
  for (const move of moves) {
    if (!interpreter.moves().some((it) => isSame(it, move))) return null;
    run.push(interpreter.step(move));
  }
  return run;
}
