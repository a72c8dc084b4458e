import type { OutcomeKind } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type { Action, ObjectId, Step, ThreadId, Witness } from "../../protocol/witness.js";
import { distinctName } from "../../wording/place.js";

// Names and short phrases for people. Everything comes from the witness and goes into text nodes.

/** What a step did, in the pieces the timeline sets in different type. */
export interface Label {
  readonly verb: string;
  /** What it was done to, as the program spells it. */
  readonly object: string;
  /** The value seen or left, or "". */
  readonly value: string;
}

export function threadName(witness: Witness, thread: ThreadId): string {
  return witness.threads[thread]?.name ?? `thread ${thread}`;
}

export function objectName(witness: Witness, object: ObjectId | null): string {
  return object === null ? "" : (witness.objects[object]?.name ?? `object ${object}`);
}

/** `L12`: lines are counted from 1 where people see them. */
export function lineLabel(span: Span): string {
  return `L${span.start.line + 1}`;
}

/** `main.go:12`, with a folder where the schedule has two files of that name. */
export function placeLabel(witness: Pick<Witness, "sources">, span: Span): string {
  if (span.uri === "") return lineLabel(span);
  const sources = witness.sources.map((it) => it.uri);
  return `${distinctName(span.uri, sources)}:${span.start.line + 1}`;
}

const shared = (it: { readonly shared: boolean }): string => (it.shared ? "read-" : "");

export function labelOf(witness: Witness, step: Step): Label {
  const action: Action = step.action;
  const of = (verb: string, object: ObjectId | null, value = ""): Label => ({
    verb,
    object: objectName(witness, object),
    value,
  });
  switch (action.kind) {
    case "read":
      return of("reads", action.object, action.value === "" ? "" : `→ ${action.value}`);
    case "write":
      return of("writes", action.object, action.value === "" ? "" : `= ${action.value}`);
    case "atomic":
      return of("atomic", action.object, action.value);
    case "acquire":
      return of(`${shared(action)}locks`, action.object);
    case "release":
      return of(`${shared(action)}unlocks`, action.object);
    case "try-acquire":
      return of(`tries ${shared(action)}lock`, action.object, action.ok ? "→ got it" : "→ busy");
    case "send":
      return of("sends to", action.object, action.value);
    case "recv":
      return of("receives from", action.object, action.value === "" ? "" : `→ ${action.value}`);
    case "close":
      return of("closes", action.object);
    case "select":
      return action.object === null
        ? { verb: "select", object: "default", value: "" }
        : of("selects", action.object, action.value);
    case "spawn":
      return { verb: "starts", object: threadName(witness, action.thread), value: "" };
    case "wait":
      return of("waits for", action.object, action.value);
    case "signal":
      return of("signals", action.object, action.value);
    case "add":
      return of("adds to", action.object, action.value);
    case "done":
      return of("done on", action.object, action.value);
    case "timer": {
      const { verb, object, value } = of("timer", action.object, action.text);
      const named = /^timer(?: #\d+)?$/.test(object) ? "" : object;
      return { verb: named === "" ? `${verb},` : verb, object: named, value };
    }
    case "task":
    case "await":
    case "resume":
      return {
        verb: action.kind === "resume" ? "resumes" : action.kind,
        object: action.text,
        value: "",
      };
    case "panic":
      return { verb: "panics", object: "", value: (action.text ?? "").replace(/^panic: /, "") };
    case "output":
      return { verb: "prints", object: "", value: action.text ?? "" };
    case "start":
      return { verb: "begins", object: "", value: "" };
    case "sleep":
      return { verb: action.text ?? "sleeps", object: "", value: "" };
    case "end":
    case "yield":
      return { verb: `${action.kind}s`, object: "", value: action.text ?? "" };
  }
}

/** Why a thread waits, as the rest of a sentence: the witness names what it waits for. */
export function waitPhrase(reason: string): string {
  if (/^(a?waits|sleeps|is )/.test(reason)) return reason;
  return reason.startsWith("to ") ? `waits ${reason}` : `waits for ${reason}`;
}

export const outcomeNames: Readonly<Record<OutcomeKind, string>> = {
  race: "Data race",
  deadlock: "Deadlock",
  livelock: "Livelock",
  panic: "Panic",
  assertion: "Failed assertion",
  leak: "Leak",
  ok: "Passes",
};

/** Whether two of its threads may access something at the same time: goroutines and workers may, tasks may not. */
export function isParallel({ language, threads }: Witness): boolean {
  return language === "go" || threads.some((it) => it.agent === true);
}

/** How the outcome is called: where nothing runs in parallel a race is one of order. */
export function outcomeName(witness: Witness): string {
  const { kind } = witness.outcome;
  return kind === "race" && !isParallel(witness) ? "Race across await" : outcomeNames[kind];
}

/** At most `most` characters, with both ends kept: names of threads differ at their ends. */
export function shortened(name: string, most: number): string {
  if (name.length <= most) return name;
  const tail = Math.min(6, Math.floor(most / 2));
  return `${name.slice(0, most - tail - 1)}…${name.slice(-tail)}`;
}

/** What a word for a thread is in this language. */
export function threadNoun(witness: Witness): string {
  if (witness.language === "go") return "goroutine";
  return isParallel(witness) ? "thread" : "task";
}

/** Threads of the schedule that are only a timer: they have a step in which they go off, and run none of the program's code. */
export function timersOf({ language, threads, steps }: Witness): ReadonlySet<ThreadId> {
  const timers = new Set<ThreadId>();
  if (language !== "go") return timers;
  threads.forEach(({ name, spawnedBy }, thread) => {
    if (spawnedBy !== null && /^timer(?: #\d+)?$/.test(name)) timers.add(thread);
  });
  for (const { thread, action } of steps) if (action.kind !== "timer") timers.delete(thread);
  return timers;
}
