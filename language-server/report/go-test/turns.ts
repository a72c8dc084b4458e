// Who goes on until where, told by places of the source: what a witness's steps come to for goroutines that can only be
// stopped between statements.

import type { Span } from "../../../protocol/span.js";
import type { ObjectId, Step, ThreadId, Witness } from "../../../protocol/witness.js";
import type { GoSources } from "./go-sources.js";
import { pendingPlaces, samePlace, type Pending } from "./pending.js";

/** An operation before which a thread stands, and how often it has come there, this time included. */
export interface Stop {
  readonly span: Span;
  readonly nth: number;
  /** An operand that is evaluated by then, in the same statement. */
  readonly after: Span | null;
  readonly receives: boolean;
}

/** Where a thread ends its turn. `blocked`: inside of a statement; `any`: at whichever gate comes next. */
export type Stand = Stop | "end" | "blocked" | "any";

export interface Move {
  readonly thread: ThreadId;
  readonly until: Stand;
}

/** Moves that are made together; the next turn begins when all of them have been made. */
export type Turn = readonly Move[];

interface Passed {
  readonly step: number;
  readonly span: Span;
  readonly kind: string;
  /** Not what its statement does first. */
  readonly inside: boolean;
  /** Its statement is not done by that: it waits for more. */
  readonly waits: boolean;
  /** It panics by that. */
  readonly panics?: true;
}

/** The turns of a run. Threads that never get one stay where they begin. */
export function turnsOf(witness: Witness, sources: GoSources): readonly Turn[] {
  const { steps } = witness;
  const course = new Course(witness, sources);
  const turns: Turn[] = [];
  let first = 0;
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    const meets = next !== undefined && partnerOf(steps, index + 1) !== null;
    if (next !== undefined && next.thread === step.thread && !meets) continue;
    const turn = course.turn(first, index);
    if (!goesNowhere(turn, turns) && !isClock(steps, step.thread)) turns.push(turn);
    first = index + 1;
    const partner = meets ? partnerOf(steps, index + 1) : null;
    // Whoever is to be met waits for that, so that it is met whatever the other one's statement.
    if (partner !== null) turns.push([{ thread: partner, until: "blocked" }]);
  }
  return turns;
}

/** Whether its one thread stands there already: what it does is no place to stop at, such as output. */
function goesNowhere([move, met]: Turn, before: readonly Turn[]): boolean {
  if (move === undefined || met !== undefined || typeof move.until === "string") return false;
  const last = before.flat().findLast((it) => it.thread === move.thread);
  return JSON.stringify(last) === JSON.stringify(move);
}

/** Whether a thread is no goroutine: a timer that sends on a channel. */
function isClock(steps: readonly Step[], thread: ThreadId): boolean {
  return steps.every((it) => it.thread !== thread || it.action.kind === "timer");
}

/** Those in which a timer runs a function of the program, in the order in which they begin. */
export function timedThreads({ steps }: Witness, sources: GoSources): readonly ThreadId[] {
  const fired = steps.flatMap(({ thread, action }, index) => {
    const first = steps.findIndex((it) => it.thread === thread);
    return action.kind === "timer" && first === index ? [thread] : [];
  });
  return fired.filter((thread) =>
    steps.some(
      (it) =>
        it.thread === thread &&
        !["timer", "start", "end"].includes(it.action.kind) &&
        sources.placeOf(it.span) !== null,
    ),
  );
}

/**
 * Where somebody whom a condition has woken has to wait for the lock until others have had it: Go's `Wait` would take it as
 * soon as it is free.
 */
export function wakings({ steps }: Witness): readonly Span[] {
  return steps.flatMap(({ thread, span, action }, index) => {
    if (action.kind !== "wait" || action.value !== "woken") return [];
    const signal = steps
      .slice(0, index)
      .findLastIndex((it) => it.action.kind === "signal" && it.thread !== thread);
    const again = steps.findIndex(
      (it, at) => at > index && it.thread === thread && it.action.kind === "acquire",
    );
    const until = again < 0 ? steps.length : again;
    const others = steps
      .slice(signal + 1, until)
      .some((it) => it.thread !== thread && it.action.kind === "acquire");
    return others ? [span] : [];
  });
}

/** The thread that a step meets at an unbuffered channel. */
function partnerOf(steps: readonly Step[], index: number): ThreadId | null {
  const step = steps[index];
  const action = step?.action;
  if (step === undefined || action === undefined) return null;
  if ((action.kind === "send" || action.kind === "recv") && action.partner !== undefined) {
    return action.partner;
  }
  if (action.kind !== "select") return null;
  const waits = (at: number, thread: ThreadId): boolean =>
    steps[at]?.blocked.some((it) => it.thread === thread) === true;
  const partners = step.enabled.flatMap((it) =>
    it.thread === step.thread && it.arm === action.arm && it.partner !== undefined
      ? [it.partner]
      : [],
  );
  return partners.find((it) => !waits(index, it)) ?? partners[0] ?? null;
}

/** A thread waits there, but the witness does not tell where that is. */
const nowhere: Span = {
  uri: "",
  start: { line: 0, character: 0 },
  end: { line: 0, character: 0 },
};

/** What each thread passes, in its own order. */
class Course {
  readonly #witness: Witness;
  readonly #sources: GoSources;
  readonly #passed = new Map<ThreadId, Passed[]>();
  readonly #ended = new Set<ThreadId>();
  readonly #pending: ReadonlyMap<ThreadId, readonly Pending[]>;

  constructor(witness: Witness, sources: GoSources) {
    this.#witness = witness;
    this.#sources = sources;
    this.#pending = pendingPlaces(witness, sources);
    for (const [index, step] of witness.steps.entries()) this.#add(index, step);
  }

  #add(index: number, { thread, span, action }: Step): void {
    if (action.kind === "end" || action.kind === "panic") this.#ended.add(thread);
    const untold = ["start", "end", "output"].includes(action.kind) || span.uri === "";
    const object = "object" in action && action.object !== null ? action.object : -1;
    const waits =
      action.kind === "wait" &&
      ["rwmutex", "cond"].includes(this.#witness.objects[object]?.kind ?? "");
    const woken = action.kind === "wait" && action.value === "woken";
    if (action.kind === "panic") this.#passPanic(thread, index, span);
    else if (!untold) this.#pass(thread, index, span, woken ? "woken" : action.kind, waits);
    const partner = partnerOf(this.#witness.steps, index);
    if (partner === null) return;
    const met = this.#meetsAt(partner, index) ?? nowhere;
    this.#pass(partner, index, met, action.kind === "send" ? "recv" : "send");
  }

  /** Once: it is told again when deferred functions are done. */
  #passPanic(thread: ThreadId, step: number, span: Span): void {
    const passed = this.#of(thread);
    const panics = passed.filter((it) => it.panics === true && samePlace(it.span, span));
    const isLast = !this.#witness.steps.slice(step + 1).some((it) => it.thread === thread);
    if (span.uri === "" || (isLast && panics.length > 0)) return;
    this.#pass(thread, step, span, passed.find((it) => samePlace(it.span, span))?.kind ?? "panic");
    const last = passed.pop();
    if (last !== undefined) passed.push({ ...last, panics: true });
  }

  /** Where the thread stands that a step meets: it has stood there since its last step. */
  #meetsAt(partner: ThreadId, index: number): Span | null {
    const { steps } = this.#witness;
    const passed = this.#of(partner);
    for (let at = index - 1; at >= 0 && at >= (passed.at(-1)?.step ?? 0); at--) {
      const waits = steps[at]?.blocked.find((it) => it.thread === partner);
      if (waits !== undefined) return waits.span;
    }
    const { action } = steps[index] ?? {};
    const object = action !== undefined && "object" in action ? action.object : null;
    return this.#pendingOf(partner, object)?.span ?? null;
  }

  /** What a thread is about to do after all that it has passed; `object`: to that, where it is told. */
  #pendingOf(thread: ThreadId, object: ObjectId | null = null): Passed | null {
    const passed = this.#of(thread);
    const told = (this.#pending.get(thread) ?? []).filter(
      (it) =>
        !this.#isStart(thread, it.span) &&
        (object === null || it.object === null || it.object === object),
    );
    return told.map((it) => pendingAs(passed, it)).findLast((it) => it !== null) ?? null;
  }

  #pass(thread: ThreadId, step: number, span: Span, kind: string, waits = false): void {
    if (this.#isStart(thread, span)) return;
    const passed = this.#of(thread);
    const first = passed.find((it) => samePlace(it.span, span));
    const inside =
      span.uri === "" ||
      (first !== undefined && first.kind !== kind) ||
      this.#startsUnseen(thread, span) ||
      this.#inLibrary(kind, span);
    passed.push({ step, span, kind, inside, waits });
  }

  /** What a library does around a thread is told to be where the thread is started. */
  #isStart(thread: ThreadId, span: Span): boolean {
    const start = this.#witness.threads[thread]?.spawnedAt ?? null;
    return start !== null && samePlace(start, span);
  }

  /** Whether a thread is inside of a library there, which has started others before. */
  #startsUnseen(thread: ThreadId, span: Span): boolean {
    const { steps, threads } = this.#witness;
    const starts = (at: Span | null): boolean => at !== null && samePlace(at, span);
    const seen = (it: Step): boolean =>
      it.thread === thread && it.action.kind === "spawn" && starts(it.span);
    const isParent = threads.some((it) => it.spawnedBy === thread && starts(it.spawnedAt));
    return isParent && !steps.some(seen);
  }

  /** Whether it is not the program itself that sends or receives there. */
  #inLibrary(kind: string, span: Span): boolean {
    const text = this.#sources.textOf(span);
    if (text === null || !["send", "recv"].includes(kind)) return false;
    return !/<-|^for\b|^select\b|\brange\b/.test(text);
  }

  #of(thread: ThreadId): Passed[] {
    const known = this.#passed.get(thread) ?? [];
    this.#passed.set(thread, known);
    return known;
  }

  turn(first: number, last: number): Turn {
    const { steps } = this.#witness;
    const thread = steps[first]?.thread ?? 0;
    const partner = partnerOf(steps, first);
    const met =
      partner === null ? [] : [{ thread: partner, until: this.#standAfter(partner, first) }];
    return [{ thread, until: this.#standAfter(thread, last) }, ...met];
  }

  #standAfter(thread: ThreadId, step: number): Stand {
    const passed = this.#of(thread);
    const index = passed.findIndex((it) => it.step > step);
    const known = passed[index];
    if (known !== undefined) return this.#stop(passed.slice(0, index), known);
    if (this.#ended.has(thread)) return "end";
    const next = this.#pendingOf(thread);
    return next === null ? "any" : this.#stop(passed, next);
  }

  #stop(before: readonly Passed[], next: Passed): Stand {
    const last = before.at(-1);
    const split = last !== undefined && last.kind === "read" && samePlace(last.span, next.span);
    if (next.inside && !split) return "blocked";
    const again = before.filter((it) => samePlace(it.span, next.span) && it.kind === next.kind);
    const after = last !== undefined && (split ? next.inside : precedes(last.span, next.span));
    return {
      span: next.span,
      nth: again.length + 1,
      after: after ? last.span : null,
      receives: next.kind === "recv",
    };
  }
}

/** A step that was still to come, as if it had come; null when the thread has gone on from there since. */
function pendingAs(passed: readonly Passed[], { span, writes, before }: Pending): Passed | null {
  const here = passed.filter((it) => samePlace(it.span, span));
  if (before !== null && here.length !== before) return null;
  const last = passed.at(-1);
  const split = writes && last !== undefined && last.kind === "read" && here.includes(last);
  const kind = split ? "write" : (here[0]?.kind ?? "");
  // A condition gives its lock back while it waits.
  const asked = here.findLast((it) => it.kind !== "release");
  const inside = split || (asked?.waits === true && last !== undefined && here.includes(last));
  return { step: Number.POSITIVE_INFINITY, span, kind, inside, waits: false };
}

/** Whether a place may be an operand of an operation, or stand before it in the same statement. */
function precedes(operand: Span, operation: Span): boolean {
  if (samePlace(operand, operation) || operand.uri !== operation.uri) return false;
  const [a, b] = [operand.start, operation.start];
  const nested = notAfter(b, a) && notAfter(operand.end, operation.end);
  return nested || (operand.end.line === b.line && operand.end.character <= b.character);
}

function notAfter(a: Span["start"], b: Span["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}
