// What goes wrong between threads of a TypeScript program, by its name: the machine says why, and that decides.

import type { OutcomeKind } from "../../protocol/finding.js";
import type { Found } from "../explore/explorer.js";
import { agentWords } from "../explore/vm/agents/words.js";

/** Null: it has no name of its own among threads. */
export function agentCode(kind: Exclude<OutcomeKind, "ok">, message: string): string | null {
  switch (kind) {
    case "race":
      return raceCode(message);
    case "deadlock":
      if (message.startsWith(agentWords.onMain)) return "wait-on-main";
      return message.startsWith(agentWords.asleep) ? null : "wait-notify-misuse";
    case "leak":
      return message.startsWith(agentWords.unheard) ? "listener-too-late" : null;
    case "panic":
      if (message.includes("Atomics.wait cannot be called")) return "wait-on-main";
      return /detached|already been transferred|DataCloneError.*transfer/i.test(message)
        ? "use-after-transfer"
        : null;
    case "livelock":
    case "assertion":
      return null;
  }
}

/** Null: an update lost across an await. */
function raceCode(message: string): string | null {
  const [what, why] = message.split(" with nothing that orders the two");
  if (why === undefined) return null;
  if (why.startsWith(`: ${agentWords.brokenLock("").slice(0, "the lock".length)}`)) {
    return "broken-spinlock";
  }
  return / atomically by /.test(what ?? "") ? "mixed-atomics" : "plain-shared-access";
}

/** Of the races of one element, or of one place, the one that tells most: that an update is lost. */
export function oneRaceEach(found: readonly Found[]): readonly Found[] {
  const told: Found[] = [];
  const races = found.filter((it) => it.kind === "race");
  for (const race of [...races.filter(losesUpdate), ...races]) {
    const known = told.some(
      (it) => nameOf(it) === nameOf(race) || it.places.some((place) => race.places.includes(place)),
    );
    if (!known) told.push(race);
  }
  return found.filter((it) => it.kind !== "race" || told.includes(it));
}

function losesUpdate({ message }: Found): boolean {
  return / is written .* and written /.test(message);
}

function nameOf({ message }: Found): string {
  return message.slice(0, message.indexOf(" is "));
}
