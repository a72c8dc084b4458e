import type { Span } from "../../protocol/span.js";
import type { PanelContent } from "../../protocol/webview.js";
import type { Blocked, ObjectId, Step, ThreadId, Witness } from "../../protocol/witness.js";
import { doesInLivelock } from "../../wording/circling.js";
import { isParallel, labelOf, objectName, placeLabel, threadName, waitPhrase } from "./labels.js";
import { sentence } from "./story.js";
import { circleOf } from "./wait-for.js";

// Where a schedule goes wrong, line by line, and which order is missing between these lines: what somebody needs who does
// not have the code beside it.

/** A line at which it goes wrong, and what a thread does there. */
export interface Place {
  readonly thread: ThreadId;
  /** Its step; null: the thread never gets past it. */
  readonly row: number | null;
  readonly span: Span;
  /** `reads hits → 0`, `waits for lock bob` */
  readonly words: string;
  /** What else matters there: `holds alice, locked at L11`; "" for nothing. */
  readonly more: string;
}

export interface Account {
  /** In the order of the schedule. */
  readonly places: readonly Place[];
  /** Places that there are beside these. */
  readonly more: number;
  /** The order, or the deed, that is not there: `An order between steps 3 and 4: neither holds a lock`. "" where the places say it all. */
  readonly missing: string;
}

type Told = Pick<Account, "places" | "missing">;

/** More places than these are counted. */
const mostPlaces = 5;

/** Null for a schedule in which nothing goes wrong. */
export function accountOf(witness: Witness): Account | null {
  const told = accountOfOutcome(witness);
  if (told === null) return null;
  const { places, missing } = told;
  const more = Math.max(0, places.length - mostPlaces);
  return { places: places.slice(0, mostPlaces), more, missing };
}

function accountOfOutcome(witness: Witness): Told | null {
  const { outcome } = witness;
  switch (outcome.kind) {
    case "ok":
      return null;
    case "race":
      return isParallel(witness)
        ? raceAccount(witness, outcome.steps)
        : overwriteAccount(witness, outcome.steps, outcome.object);
    case "deadlock":
      return deadlockAccount(witness, outcome.blocked);
    case "leak":
      return leakAccount(witness, outcome.blocked);
    case "livelock":
      return {
        places: outcome.blocked.map((it) => ({
          ...stuckAt(it),
          words: `${doesInLivelock(it)}: ${it.reason}`,
        })),
        missing: "A step that lets one of them get on: they go round for ever.",
      };
    case "panic":
    case "assertion":
      return { places: placesOf(witness, [outcome.step]), missing: "" };
  }
}

function placesOf(witness: Witness, rows: readonly number[]): Place[] {
  return rows.flatMap((row) => {
    const step = witness.steps[row];
    return step === undefined ? [] : [placeOf(witness, step, row)];
  });
}

function placeOf(witness: Witness, step: Step, row: number): Place {
  const { verb, object, value } = labelOf(witness, step);
  const words = [verb, object, value].filter((it) => it !== "").join(" ");
  return { thread: step.thread, row, span: step.span, words, more: "" };
}

// ── Races ───────────────────────────────────────────────────────────────────────────────────────

function raceAccount(witness: Witness, pair: readonly [number, number]): Told {
  const rows = [...pair].sort((a, b) => a - b);
  const [one, two] = rows.map((it) => witness.steps[it]?.held ?? []);
  const common = (one ?? []).filter((it) => two?.includes(it) === true);
  const locks =
    common.length > 0
      ? `both hold ${names(witness, common)}, but only for reading`
      : (one ?? []).length + (two ?? []).length === 0
        ? "neither holds a lock"
        : "they hold no lock in common";
  const [first = 0, second = 0] = rows;
  return {
    places: placesOf(witness, rows).map((it) => {
      const held = witness.steps[it.row ?? -1]?.held ?? [];
      return { ...it, more: held.length === 0 ? "" : `holds ${names(witness, held)}` };
    }),
    missing: `An order between steps ${first + 1} and ${second + 1}: ${locks}, and no message or wait makes one come first.${bothRead(witness, first, second)}`,
  };
}

/** That the one that writes has read before the other has, and what. */
function bothRead({ steps }: Witness, first: number, second: number): string {
  const [other, write] = [steps[first], steps[second]];
  if (other?.action.kind !== "read" || write?.action.kind !== "write") return "";
  const { object, value } = other.action;
  const before = steps.slice(0, second).findLastIndex(({ thread, action }) => {
    return thread === write.thread && action.kind === "read" && action.object === object;
  });
  const read = steps[before]?.action;
  const between = steps.slice(before, second).some(({ action }) => {
    return action.kind === "write" && action.object === object;
  });
  if (read?.kind !== "read" || before > first || between || read.value !== value) return "";
  return ` Both read ${value} (steps ${before + 1} and ${first + 1}) before either writes.`;
}

/** One task reads, another writes, and the first overwrites that with what it worked out before. */
function overwriteAccount(
  witness: Witness,
  [first, second]: readonly [number, number],
  object: ObjectId,
): Told {
  const { steps } = witness;
  const writer = steps[second]?.thread;
  const read = steps
    .slice(0, second)
    .findLastIndex(
      ({ thread, action }) =>
        thread === writer && action.kind === "read" && action.object === object,
    );
  const name = objectName(witness, object);
  if (writer === undefined || read < 0 || read > first) {
    return {
      places: placesOf(witness, [first, second]),
      missing: `Something that keeps the tasks from interleaving between their accesses of ${name}.`,
    };
  }
  return {
    places: placesOf(witness, [read, first, second]),
    missing: `Sole access to ${name} between steps ${read + 1} and ${second + 1}: step ${first + 1} writes it meanwhile, and step ${second + 1} overwrites that.`,
  };
}

// ── Who waits for ever ──────────────────────────────────────────────────────────────────────────

const stuckAt = ({ thread, span, reason }: Blocked): Place => ({
  thread,
  row: null,
  span,
  words: waitPhrase(reason),
  more: "",
});

function deadlockAccount(witness: Witness, blocked: readonly Blocked[]): Told {
  const circle = circleOf(blocked);
  if (circle.length === 0) return waitingAccount(witness, blocked, []);
  const taken = circle.map((it) => ({ it, held: heldFor(witness, circle, it.thread) }));
  const rows = taken.flatMap(({ held }) => held.flatMap(({ row }) => row ?? []));
  const others = blocked.filter((it) => !circle.includes(it));
  const also = others.map(
    (it) => ` ${threadName(witness, it.thread)} waits too (${placeLabel(witness, it.span)}).`,
  );
  return {
    places: [
      ...placesOf(
        witness,
        rows.sort((a, b) => a - b),
      ),
      ...circle.map(stuckAt),
    ],
    missing: `${circleWords(witness, taken)}${also.join("")}`,
  };
}

interface Held {
  readonly object: ObjectId;
  readonly row: number | null;
}

function circleWords(
  witness: Witness,
  taken: readonly { readonly it: Blocked; readonly held: readonly Held[] }[],
): string {
  const [only] = taken;
  if (taken.length === 1 && only !== undefined) {
    return `Somebody else who could unlock: ${threadName(witness, only.it.thread)} waits for itself.`;
  }
  const orders = taken.map(({ it, held }) => {
    const first = names(
      witness,
      held.map(({ object }) => object),
    );
    return `${threadName(witness, it.thread)} takes ${first} before ${objectName(witness, it.object)}`;
  });
  const clear = taken.every(({ it, held }) => it.object !== null && held.length > 0);
  return clear
    ? `One order in which everybody takes the locks: ${orders.join(", but ")}.`
    : "Somebody who can go on: each waits for the next, and the last one for the first.";
}

/** What a thread holds that others of the circle wait for, and where it was taken. */
function heldFor({ steps }: Witness, circle: readonly Blocked[], thread: ThreadId): Held[] {
  const wanted = circle
    .filter((it) => it.holders.includes(thread))
    .flatMap((it) => it.object ?? []);
  return [...new Set(wanted)].map((object) => {
    const row = steps.findLastIndex(
      (it) => it.thread === thread && it.action.kind === "acquire" && it.action.object === object,
    );
    return { object, row: row < 0 ? null : row };
  });
}

/** Those left behind, and which way the one went that they wait for. */
function leakAccount(witness: Witness, blocked: readonly Blocked[]): Told {
  const { steps } = witness;
  const turn = steps.findLastIndex(
    ({ thread, action }) => thread === 0 && action.kind === "select",
  );
  const end = steps.findLastIndex(({ thread, action }) => thread === 0 && action.kind === "end");
  const step = steps[turn];
  const stuck = new Set(blocked.map((it) => it.thread));
  const went =
    step === undefined || stuck.has(0)
      ? []
      : [
          {
            ...placeOf(witness, step, turn),
            span: (step.action.kind === "select" ? step.action.at : undefined) ?? step.span,
            words: selectWords(witness, step),
            more: end > turn ? "then ends" : "",
          },
        ];
  return waitingAccount(witness, blocked, went);
}

function selectWords(witness: Witness, { action }: Step): string {
  if (action.kind !== "select") return "";
  if (action.object === null) return "takes the default of its select";
  if (action.at !== undefined) return "takes another case of its select";
  return `takes another case of its select: ${objectName(witness, action.object)}`;
}

function waitingAccount(
  witness: Witness,
  blocked: readonly Blocked[],
  before: readonly Place[],
): Told {
  const last = witness.steps.findLast((it) => it.thread === 0);
  const rest =
    last?.action.kind === "end"
      ? `${threadName(witness, 0)} has ended, and nobody else is left who does`
      : "nobody is left who does";
  const unmet = [...new Set(blocked.map((it) => unmetWords(witness, it, rest)))];
  return {
    places: [...before, ...blocked.map(stuckAt)],
    missing: sentence(unmet.join("; ")),
  };
}

/** What does not happen any more that a thread waits for. */
function unmetWords(
  witness: Witness,
  { object, reason, holders, thread }: Blocked,
  rest: string,
): string {
  const name = objectName(witness, object);
  const kind = object === null ? null : witness.objects[object]?.kind;
  const others = holders.filter((it) => it !== thread);
  if (kind === "channel" && reason === `to send on ${name}`) {
    return `somebody who receives from ${name}: ${rest}`;
  }
  if (kind === "channel" && reason === `to receive from ${name}`) {
    return `somebody who sends on ${name} or closes it: ${rest}`;
  }
  if (kind === "waitgroup") return `a Done for each Add: ${name} never gets to zero`;
  if (others.length > 0) {
    const who = others.map((it) => threadName(witness, it)).join(" and ");
    return `the unlock of ${name}, which ${who} still holds`;
  }
  return `what ${threadName(witness, thread)} waits for: nobody is left who could do it`;
}

const names = (witness: Witness, objects: readonly ObjectId[]): string =>
  [...new Set(objects)].map((it) => objectName(witness, it)).join(" and ");

// ── The source ──────────────────────────────────────────────────────────────────────────────────

/** A line of the source in three parts, of which the middle one is what is spoken of. */
export interface CodeParts {
  readonly before: string;
  readonly here: string;
  readonly after: string;
}

/** Null where the text of the line is not known. */
export function codeAt({ code = [] }: Pick<PanelContent, "code">, span: Span): CodeParts | null {
  const { uri, start, end } = span;
  const text = code.find((it) => it.uri === uri && it.line === start.line)?.text;
  if (text === undefined || text.trim() === "") return null;
  const from = Math.max(start.character, text.length - text.trimStart().length);
  const to = end.line > start.line ? text.trimEnd().length : Math.max(from, end.character);
  return {
    before: text.slice(0, from).trimStart(),
    here: text.slice(from, to),
    after: text.slice(to).trimEnd(),
  };
}
