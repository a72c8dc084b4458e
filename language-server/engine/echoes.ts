// Outcomes that say again what another outcome says better: one defect is told once.

import type { Found } from "../explore/explorer.js";

/**
 * Whether another outcome tells the same.
 * @param all of the same exploration
 * @param races of all explorations
 */
export function isEcho(found: Found, all: readonly Found[], races: readonly Found[]): boolean {
  return (
    isEchoOfRace(found, races) ||
    isEchoOfPanic(found, all) ||
    isPartOfLeak(found, all) ||
    isPartOfDeadlock(found, all) ||
    isEchoOfLivelock(found, all) ||
    isEchoOfDeadlock(found, all)
  );
}

/** A leak is told with all that one execution leaves behind, not again for some of them. */
function isPartOfLeak(found: Found, all: readonly Found[]): boolean {
  return (
    found.kind === "leak" &&
    all.some(
      ({ kind, places }) =>
        kind === "leak" &&
        places.length > found.places.length &&
        found.places.every((it) => places.includes(it)),
    )
  );
}

/** Who is left behind at places that a deadlock is about as well: one that needs no timer to be early, or the leak does, too. */
function isPartOfDeadlock(found: Found, all: readonly Found[]): boolean {
  if (found.kind !== "leak") return false;
  return all.some(
    (it) => it.kind === "deadlock" && (isEarly(found) || !isEarly(it)) && isWithin(found, it),
  );
}

/**
 * A loop that asks in several places is told once, where time waits its turn if there: the same goroutines go round, and
 * what they ask for is, for one of the two, all that the other asks for.
 */
function isEchoOfLivelock(found: Found, all: readonly Found[]): boolean {
  if (found.kind !== "livelock") return false;
  const same = all.filter(
    (it) => it.kind === "livelock" && whoSpins(it) === whoSpins(found) && asksAlike(it, found),
  );
  const [told] = [...same].sort((a, b) => Number(isEarly(a)) - Number(isEarly(b)));
  return told !== found;
}

function whoSpins({ outcome }: Found): string {
  return outcome.kind === "livelock" ? outcome.message : "";
}

function asksAlike(a: Found, b: Found): boolean {
  const [left, right] = [askedIn(a), askedIn(b)];
  return left.every((it) => right.includes(it)) || right.every((it) => left.includes(it));
}

/** What those who go round wait for to change. */
function askedIn({ outcome }: Found): readonly string[] {
  if (!("blocked" in outcome)) return [];
  return outcome.blocked.flatMap(({ reason }) => {
    const [names, ...rest] = reason.split(" to change,");
    return names === undefined || rest.length === 0 ? [] : names.split(" or ");
  });
}

const isEarly = ({ schedule }: Found): boolean => schedule.time === "any";

/**
 * Of deadlocks around the same few that are stuck, with other bystanders each time, one is told: one that needs no timer to
 * be early, and of these the one with the fewest bystanders.
 */
export function isEchoOfDeadlock(found: Found, all: readonly Found[]): boolean {
  if (found.kind !== "deadlock") return false;
  const deadlocks = all.filter(({ kind }) => kind === "deadlock");
  const cores = deadlocks.filter((it) => isWithin(it, found) && isSmallest(it, deadlocks));
  return !cores.some((core) => mostTelling(core, deadlocks) === found);
}

const isWithin = (a: Found, b: Found): boolean => a.places.every((it) => b.places.includes(it));

const isSmallest = (found: Found, all: readonly Found[]): boolean =>
  all.every((it) => it.places.length >= found.places.length || !isWithin(it, found));

function mostTelling(core: Found, all: readonly Found[]): Found | undefined {
  return all
    .filter((it) => isWithin(core, it))
    .sort(
      (a, b) => Number(isEarly(a)) - Number(isEarly(b)) || a.places.length - b.places.length,
    )[0];
}

/**
 * The runtime's abort on an unsynchronised map is the race on that map over again; and so is going round for ever until
 * something changes that another thread writes with nothing that orders the two.
 */
function isEchoOfRace({ kind, message, places }: Found, races: readonly Found[]): boolean {
  if (kind === "livelock") {
    return races.some((it) => message.includes(` waits for ${nameOf(it)} to change`));
  }
  if (kind !== "panic" || !/fatal error: concurrent map/.test(message)) return false;
  return places.every((it) => races.some((race) => race.places.includes(it)));
}

/** What a race is about. */
function nameOf({ message }: Found): string {
  return message.slice(0, message.indexOf(" is "));
}

/** That a close and a send are not ordered is what a panic says more plainly, where one can happen. */
function isEchoOfPanic({ kind, message, places }: Found, all: readonly Found[]): boolean {
  if (kind !== "race" || !/ (?:is|and) closed by /.test(message)) return false;
  return all.some(
    (it) =>
      it.kind === "panic" &&
      /send on closed channel|close of closed channel/.test(it.message) &&
      it.places.some((place) => places.includes(place)),
  );
}
