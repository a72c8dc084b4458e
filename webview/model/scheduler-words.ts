import type { OutcomeKind } from "../../protocol/finding.js";
import type { PlayEnd, Reach, ReachableEnd, ReachLimit, Turn } from "../../protocol/play.js";
import type { Blocked, Witness } from "../../protocol/witness.js";
import { oneLine } from "../../wording/ends.js";
import { switchWords } from "../../wording/size.js";
import { number } from "../../wording/verdict.js";
import { lineLabel, threadName, waitPhrase } from "./labels.js";
import { choicesOf, hintedMove, isBad, type PlayModel, sameEnd } from "./scheduler.js";
import { stepSentence } from "./story.js";

// What the panel says to somebody who is the scheduler.

const kinds: Readonly<Record<OutcomeKind, string>> = {
  ok: "ends well",
  race: "data race",
  deadlock: "deadlock",
  livelock: "livelock",
  panic: "panic",
  assertion: "failed assertion",
  leak: "leak",
};

/** `data race, x = 1`, `panic: index out of range`. */
export function endWords({ kind, label }: PlayEnd): string {
  const text = oneLine(label);
  if (kind === null || /^(?:panic|fatal error): /.test(text)) return text;
  if (kind === "panic" || kind === "assertion") return `${kinds[kind]}: ${text}`;
  return text === "" ? kinds[kind] : `${kinds[kind]}, ${text}`;
}

/** What to aim at. */
export function goalSentence(model: PlayModel): string {
  const { goal, start } = model;
  if (goal !== null) {
    const itself = start !== null && sameEnd(start.natural, goal);
    const easy = itself ? " It goes wrong even when nobody interferes." : "";
    return `Make it go wrong: ${endWords(goal)}.${easy}`;
  }
  if (start === null) return "Looking at how it can end…";
  return start.limit === null
    ? "Whatever you pick, it ends well."
    : "Nothing that goes wrong was found. Try for yourself.";
}

/** `Score: 2 switches (1 forced). Best: 1 switch.` */
export function scoreWords({ state, best }: PlayModel): string {
  const score = state === null ? "…" : switchWords(state.witness.size);
  const known = best === null ? "" : ` Best${best.proven ? "" : " known"}: ${switchWords(best)}.`;
  return `Score: ${score}.${known}`;
}

/** In one short sentence, or two. */
export function endSentence(model: PlayModel): string {
  const { state, goal } = model;
  const end = state?.end ?? null;
  if (end === null) return "";
  if (end.kind === null) return `This schedule cannot be followed to its end: ${end.label}.`;
  if (!isBad(end)) return `It ends well${withLabel(end)}. Undo, and try another way.`;
  if (goal === null || sameEnd(end, goal)) return `Well done: ${endWords(end)}. ${praise(model)}`;
  return `It goes wrong, though not as planned: ${endWords(end)}.`;
}

function withLabel({ label }: PlayEnd): string {
  return label === "" ? "" : `: ${oneLine(label)}`;
}

/** The score beside the best. */
function praise({ state, best }: PlayModel): string {
  if (state === null) return "";
  const { size } = state.witness;
  const score = capital(switchWords(size));
  if (best === null) return `${score}.`;
  const more = size.preemptions - best.preemptions || size.switches - best.switches;
  if (more > 0) return `${score}; ${switchWords(best)} ${isOne(best) ? "is" : "are"} enough.`;
  return best.proven ? `${score}: nobody needs fewer.` : `${score}, as few as are known.`;
}

const isOne = ({ switches }: { readonly switches: number }): boolean => switches <= 1;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `3 ways`. */
export function waysWords({ ways }: ReachableEnd, limit: ReachLimit | null): string {
  const count = `${short(ways)} ${ways === 1 ? "way" : "ways"}`;
  return limit === null ? count : `at least ${count}`;
}

const units: readonly (readonly [number, string])[] = [
  [1e15, "quadrillion"],
  [1e12, "trillion"],
  [1e9, "billion"],
  [1e6, "million"],
];

function short(n: number): string {
  if (n === Number.MAX_SAFE_INTEGER) return "more than 9 quadrillion";
  const unit = units.find(([least]) => n >= least);
  if (unit === undefined) return number(n);
  const [size, name] = unit;
  return `about ${n < 10 * size ? (n / size).toFixed(1) : Math.round(n / size)} ${name}`;
}

/** Why the list may not be all there is; "" when it is. */
export function limitWords(limit: ReachLimit | null): string {
  switch (limit) {
    case null:
      return "";
    case "states":
    case "time":
    case "cancelled":
      return "There is too much to look at all of it: there may be more ends, and more ways.";
    case "endless":
      return "Some schedules never end; they are not counted.";
    case "depth":
      return "Some schedules are too long to follow; they are not counted.";
    case "unsupported":
      return "Not all of the program is modelled: there may be more ends, and more ways.";
    case "values":
      return "Not all random values were tried: there may be more ends, and more ways.";
  }
}

/** How to go on, `let w2 run until L12, then w1 until it ends`; or that there is no way. */
export function hintSentence(model: PlayModel): string {
  const { hint, goal } = model;
  if (hint === null || goal === null) return "";
  if (hint === "asked") return "Looking for a way…";
  if (hint.way === null) {
    return hint.complete
      ? `No way leads to ${endWords(goal)} from there: undo.`
      : "No way was found from there, but not all were tried.";
  }
  if (hintedMove(model) === null) return "";
  const turns = turnsLeft(hint.way.turns, choicesOf(model).length - hint.from.length);
  const shown = turns.slice(0, mostTurns).map((it, index) => turnWords(it, index === 0));
  const rest = turns.length > mostTurns ? ", and so on" : "";
  return `Let ${shown.join(", then ")}${rest}.`;
}

/** Without those that have been taken. */
function turnsLeft(turns: readonly Turn[], taken: number): readonly Turn[] {
  let before = 0;
  return turns.filter((it) => {
    before += it.steps;
    return before > taken;
  });
}

/** Longer hints are not read. */
const mostTurns = 6;

function turnWords({ name, until }: Turn, first: boolean): string {
  const runs = first ? `${name} run` : name;
  if (until === "end") return `${runs} to its end`;
  return until === "wait" ? `${runs} until it waits` : `${runs} until ${lineLabel(until)}`;
}

/** Why a thread cannot run. */
export function blockedWords(witness: Witness, { reason, holders }: Blocked): string {
  const held = holders.map((it) => threadName(witness, it)).join(", ");
  return `${waitPhrase(reason)}${held === "" ? "" : `, held by ${held}`}`;
}

/** For the live region: what has just happened, and what there is to choose. */
export function announcement(model: PlayModel): string {
  const { state } = model;
  if (state === null) return "";
  const { witness, moves } = state;
  const last = witness.steps.length - 1;
  const happened = last < 0 ? "Nothing has happened yet." : stepSentence(witness, last);
  if (state.end !== null) return `${happened} ${endSentence(model)}`;
  const choices = moves.map((it, index) => `${index + 1}: ${moveWords(witness, it)}`);
  return `${happened} You can pick ${choices.join("; ")}.`;
}

function moveWords(
  witness: Witness,
  { choice, text }: { readonly choice: { readonly thread: number }; readonly text: string },
): string {
  return `${threadName(witness, choice.thread)} ${text}`;
}

/** For the live region: what can still come. */
export function reachWords({ ends, limit }: Reach): string {
  const all = ends.map((it) => `${endWords(it)}, ${waysWords(it, limit)}`).join("; ");
  return ends.some(isBad) || limit !== null
    ? `You may still reach: ${all}.`
    : `It can only end well from here: ${all}.`;
}
