import type {
  Action,
  Blocked,
  ObjectId,
  Outcome,
  Recording,
  ThreadId,
} from "../../protocol/witness.js";

/** The outcome, with who has done before what would end the waits that nobody holds up. */
export function withWakers({ outcome, steps }: Recording): Outcome {
  if (outcome.kind !== "deadlock" && outcome.kind !== "leak") return outcome;
  const blocked = outcome.blocked.map((it) => {
    const wakers = wakersOf(it, steps);
    return wakers.length === 0 ? it : { ...it, wakers };
  });
  return { ...outcome, blocked };
}

/** In the order of their numbers. */
function wakersOf(
  { object, holders, reason, thread }: Blocked,
  steps: Recording["steps"],
): readonly ThreadId[] {
  if (object === null || holders.length > 0) return [];
  const sends = reason.startsWith("to send on ");
  const wakers = new Set(
    steps.flatMap((it) => {
      const { action } = it;
      if (sends && action.kind === "send" && action.object === object) return action.partner ?? [];
      return wakes(action, object, sends) ? it.thread : [];
    }),
  );
  wakers.delete(thread);
  return [...wakers].sort((a, b) => a - b);
}

/** Whether it ends a wait for the object: of somebody who sends, or else of one who waits for anything but that. */
function wakes(action: Action, object: ObjectId, sends: boolean): boolean {
  switch (action.kind) {
    case "recv":
      return sends && action.object === object;
    case "send":
    case "close":
    case "add":
    case "done":
    case "signal":
      return !sends && action.object === object;
    case "select":
      return action.object === object;
    default:
      return false;
  }
}
