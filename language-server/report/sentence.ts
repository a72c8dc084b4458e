import { unreachable } from "../base/assert.js";
import type { Action, Recording, Step, WitnessObject } from "../../protocol/witness.js";

type Untold = Omit<Step, "text">;

/** One plain sentence: who did what to what, with names and values. */
export function sentence(recording: Recording, step: Untold): string {
  const who = nameOfThread(recording, step.thread);
  return `${who} ${phrase(recording, step.action)}`;
}

export function nameOfThread({ threads }: Pick<Recording, "threads">, id: number): string {
  return threads[id]?.name ?? `thread ${id}`;
}

/** Who is named in a sentence. */
type Names = Pick<Recording, "threads" | "objects">;

/** The sentence without its subject. */
export function phrase(recording: Names, action: Action): string {
  switch (action.kind) {
    case "start":
    case "end":
    case "output":
    case "panic":
    case "yield":
    case "sleep":
      return plain(action.kind, action.text);
    case "read":
    case "write":
    case "atomic":
    case "acquire":
    case "release":
    case "try-acquire":
    case "close":
    case "wait":
    case "signal":
    case "add":
    case "done":
    case "timer":
      return onObject(recording, action);
    case "send":
    case "recv":
      return message(recording, action);
    case "select":
      return selected(recording, action);
    case "spawn":
      return `starts ${nameOfThread(recording, action.thread)}`;
    case "task":
      return action.text === "" ? "runs" : `runs ${action.text}`;
    case "await":
      return action.text === "" ? "awaits" : `awaits ${action.text}`;
    case "resume":
      return action.text === "" ? "goes on" : `goes on ${action.text}`;
    default:
      return unreachable(action);
  }
}

function plain(
  kind: "start" | "end" | "output" | "panic" | "yield" | "sleep",
  text: string | undefined,
): string {
  const more = text ?? "";
  switch (kind) {
    case "start":
      return more === "" ? "begins" : `begins ${more}`;
    case "end":
      return more === "" ? "ends" : `ends: ${more}`;
    case "output":
      return `prints ${JSON.stringify(more)}`;
    case "panic":
      return /^(?:panic|fatal error): /.test(more) ? `dies of ${more}` : `panics: ${more}`;
    case "yield":
      return more === "" ? "lets others run" : more;
    case "sleep":
      return more;
  }
}

type ObjectAction = Extract<
  Action,
  {
    kind:
      | "read"
      | "write"
      | "atomic"
      | "acquire"
      | "release"
      | "try-acquire"
      | "close"
      | "wait"
      | "signal"
      | "add"
      | "done"
      | "timer";
  }
>;

function onObject(recording: Names, action: ObjectAction): string {
  const object = recording.objects[action.object];
  const name = object?.name ?? "?";
  switch (action.kind) {
    case "read":
      if (object?.kind === "channel") return `finds len(${name}) = ${action.value}`;
      return reading(recording, action, name, object?.kind === "atomic");
    case "write":
      return `writes ${name} = ${action.value}`;
    case "atomic":
      return `sets ${name} = ${action.value}, atomically`;
    case "acquire":
      return `${action.shared ? "read-locks" : "locks"} ${name}`;
    case "release":
      return `${action.shared ? "read-unlocks" : "unlocks"} ${name}`;
    case "try-acquire":
      return `tries to lock ${name} and ${action.ok ? "gets it" : "does not get it"}`;
    case "close":
      return `closes ${name}`;
    case "timer":
      return ofTimer(name, action.text);
    case "wait":
    case "signal":
    case "add":
    case "done":
      return meeting(action.kind, name, object?.kind, action.value);
    default:
      return unreachable(action);
  }
}

/** What becomes of a timer: `in 20ms` and `stopped` are done by a goroutine, `20ms`, the time that has come, by the timer. */
function ofTimer(name: string, text: string): string {
  if (text.startsWith("in ")) return `sets ${name} to go off ${text}`;
  if (text === "stopped") return `stops ${name}`;
  return text === "not running" ? `stops ${name}, which is not running` : `goes off at ${text}`;
}

function reading(
  recording: Names,
  { value, stale }: Extract<Action, { kind: "read" }>,
  name: string,
  atomically: boolean,
): string {
  const reads = `reads ${name} = ${value}${atomically ? ", atomically" : ""}`;
  if (stale === undefined) return reads;
  return `${reads}, although ${nameOfThread(recording, stale.by)} has written ${stale.value}`;
}

function meeting(
  kind: "wait" | "signal" | "add" | "done",
  name: string,
  what: WitnessObject["kind"] | undefined,
  value: string,
): string {
  switch (what) {
    case "waitgroup":
      if (kind === "wait") return `goes past ${name}.Wait(), which is at 0`;
      return kind === "add" ? `adds to ${name}: ${value}` : `is done: ${name} is at ${value}`;
    case "once":
      if (kind === "done") return `has done ${name}`;
      return value === "first" ? `is the first at ${name}` : `finds ${name} done`;
    case "rwmutex":
      return `waits for the readers of ${name} to leave; new ones wait too`;
    default:
      if (kind === "signal") return `signals ${name}`;
      return value === "woken" ? `is woken on ${name}` : `waits on ${name}`;
  }
}

function message(recording: Names, action: Extract<Action, { kind: "send" | "recv" }>): string {
  const name = recording.objects[action.object]?.name ?? "?";
  if (action.kind === "recv") {
    if (action.value === "closed") return `finds ${name} closed`;
    return action.value === "" ? `receives from ${name}` : `receives ${action.value} from ${name}`;
  }
  const to = action.partner === undefined ? "" : ` to ${nameOfThread(recording, action.partner)}`;
  const value = action.value === "" ? "" : ` ${action.value}`;
  return `sends${value} on ${name}${to}`;
}

function selected(recording: Names, action: Extract<Action, { kind: "select" }>): string {
  if (action.object === null) return "takes the default of its select";
  const name = recording.objects[action.object]?.name ?? "?";
  const value = action.value === "" ? "" : ` (${action.value})`;
  return `takes case ${action.arm + 1} of its select: ${name}${value}`;
}
