import type {
  PlayAnswer,
  PlayAsk,
  PlayEnd,
  PlayMove,
  PlayState,
  Reach,
  Way,
} from "../../protocol/play.js";
import type { PanelContent, PlayMemory } from "../../protocol/webview.js";
import type { Choice, Schedule, Witness } from "../../protocol/witness.js";

// Being the scheduler: the choices so far, what is known of where they lead, and the questions that are to be asked. The
// server remembers nothing: every question carries all choices, so that undoing is asking with fewer.

/** A question on its way to the server. */
export interface Question {
  readonly id: number;
  readonly about: "state" | "reach" | "start" | "best" | "hint";
  readonly schedule: Schedule;
  readonly ask: PlayAsk;
}

/** The easiest way to the goal, from where it was asked for. */
export interface Hint {
  readonly from: readonly Choice[];
  readonly way: Way | null;
  readonly complete: boolean;
}

/** The fewest switches with which the goal can be reached from the start. */
export interface Best {
  readonly preemptions: number;
  readonly switches: number;
  /** Nobody can do better. */
  readonly proven: boolean;
}

export interface PlayModel {
  /** With all choices, also those that were taken back. */
  readonly schedule: Schedule;
  /** How many choices there were each time somebody could pick; the last ones may have been taken back. */
  readonly marks: readonly number[];
  /** Index in `marks` of where we are. */
  readonly at: number;
  /** A complete exploration has seen no race. */
  readonly raceFree: boolean;
  /** Null while the answer is on its way. */
  readonly state: PlayState | null;
  readonly reach: Reach | null;
  /** What could be reached at the start. */
  readonly start: Reach | null;
  /** The end to aim at; null: not known yet, or nothing can go wrong. */
  readonly goal: PlayEnd | null;
  readonly best: Best | null;
  /** "asked" while it is on its way. */
  readonly hint: Hint | "asked" | null;
  /** Row of the grid; null: the last one. */
  readonly row: number | null;
  readonly trouble: { readonly kind: "changed" | "problem"; readonly message: string } | null;
  /** The latest question of each kind; answers to others are dropped. */
  readonly waiting: Readonly<Partial<Record<Question["about"], number>>>;
  readonly lastId: number;
  /** To be asked now. */
  readonly outbox: readonly Question[];
}

export type SchedulerEvent =
  | { readonly type: "pick"; readonly move: number }
  | { readonly type: "undo" | "redo" | "restart" | "finish" | "hint" }
  | { readonly type: "aim"; readonly end: PlayEnd }
  | { readonly type: "row"; readonly row: number }
  | { readonly type: "answer"; readonly id: number; readonly answer: PlayAnswer };

/** The choices up to where we are. */
export function choicesOf({ schedule, marks, at }: PlayModel): readonly Choice[] {
  return schedule.choices.slice(0, marks[at] ?? 0);
}

/** How it has ended; null: it goes on, or that is not known yet. */
export function endNow({ state }: PlayModel): PlayEnd | null {
  return state === null ? null : state.end;
}

/** Begins at the start, or where it was left when the program is still the same. Questions are counted on from `lastId`. */
export function beginPlay(
  content: PanelContent,
  witness: Witness,
  memory: PlayMemory | null,
  lastId: number,
): PlayModel {
  const base = baseOf(content, witness);
  const kept = memory !== null && sameProgram(memory.schedule, base) ? memory : null;
  const model: PlayModel = {
    schedule: kept === null ? base : { ...base, choices: kept.schedule.choices },
    marks: kept?.marks ?? [0],
    at: kept?.at ?? 0,
    raceFree: isRaceFree(content),
    state: null,
    reach: null,
    start: null,
    goal: kept?.goal ?? null,
    best: null,
    hint: null,
    row: null,
    trouble: null,
    waiting: {},
    lastId,
    outbox: [],
  };
  const begun = asking(model, "start", reachAsk(model), { ...model.schedule, choices: [] });
  const { outbox } = begun;
  const here = lookAround(begun);
  const all = { ...here, outbox: [...outbox, ...here.outbox] };
  return model.goal === null ? all : withOutbox(all, askBest(all));
}

/** What survives a reload of the window. */
export function memoryOf({ schedule, marks, at, goal }: PlayModel): PlayMemory {
  return { schedule, marks, at, goal };
}

export function reducePlay(model: PlayModel, event: SchedulerEvent): PlayModel {
  switch (event.type) {
    case "pick":
      return pick(model, model.state?.moves[event.move]);
    case "undo":
      return moveTo(model, model.at - 1);
    case "redo":
      return moveTo(model, model.at + 1);
    case "restart":
      return moveTo(model, 0);
    case "finish":
      return finish(model);
    case "hint":
      return askHint(model);
    case "aim":
      return askBest({ ...model, goal: aimed(event.end), best: null, hint: null });
    case "row":
      return { ...model, row: event.row, outbox: [] };
    case "answer":
      return answered(model, event.id, event.answer);
  }
}

function pick(model: PlayModel, move: PlayMove | undefined): PlayModel {
  if (move === undefined) return { ...model, outbox: [] };
  return lookAround(branched(model, [...choicesOf(model), move.choice]));
}

/** What was taken back before is given up. */
function branched(model: PlayModel, choices: readonly Choice[]): PlayModel {
  return {
    ...model,
    schedule: { ...model.schedule, choices },
    marks: [...model.marks.slice(0, model.at + 1), choices.length],
    at: model.at + 1,
  };
}

function moveTo(model: PlayModel, at: number): PlayModel {
  if (at < 0 || at >= model.marks.length || at === model.at) return { ...model, outbox: [] };
  return lookAround({ ...model, at });
}

function finish(model: PlayModel): PlayModel {
  if (model.state === null || model.state.end !== null) return { ...model, outbox: [] };
  const choices = choicesOf(model);
  const next = { ...branched(model, choices), state: null, reach: null, row: null };
  return asking(next, "state", { kind: "state", finish: true }, { ...model.schedule, choices });
}

/** Asks what there is to know of where we are. */
function lookAround(model: PlayModel): PlayModel {
  const schedule = { ...model.schedule, choices: choicesOf(model) };
  const fresh = { ...model, state: null, reach: null, row: null, trouble: null };
  const state = asking(fresh, "state", { kind: "state", finish: false }, schedule);
  return withOutbox(state, asking(state, "reach", reachAsk(model), schedule));
}

function reachAsk({ raceFree }: PlayModel): PlayAsk {
  return { kind: "reach", raceFree };
}

function askHint(model: PlayModel): PlayModel {
  const { goal, raceFree } = model;
  if (goal === null || model.state === null || model.state.end !== null) {
    return { ...model, outbox: [] };
  }
  const schedule = { ...model.schedule, choices: choicesOf(model) };
  const ask: PlayAsk = { kind: "way", raceFree, end: goal };
  return asking({ ...model, hint: "asked" }, "hint", ask, schedule);
}

function askBest(model: PlayModel): PlayModel {
  const { goal, raceFree } = model;
  if (goal === null) return { ...model, outbox: [] };
  const ask: PlayAsk = { kind: "way", raceFree, end: goal };
  return asking(model, "best", ask, { ...model.schedule, choices: [] });
}

function asking(
  model: PlayModel,
  about: Question["about"],
  ask: PlayAsk,
  schedule: Schedule,
): PlayModel {
  const id = model.lastId + 1;
  const waiting = { ...model.waiting, [about]: id };
  return { ...model, lastId: id, waiting, outbox: [{ id, about, schedule, ask }] };
}

/** The later model, with the questions of both. */
function withOutbox(earlier: PlayModel, later: PlayModel): PlayModel {
  return { ...later, outbox: [...earlier.outbox, ...later.outbox] };
}

function answered(old: PlayModel, id: number, answer: PlayAnswer): PlayModel {
  const model = { ...old, outbox: [] };
  const { waiting } = model;
  if (answer.kind === "changed") {
    const { message } = answer;
    return { ...model, trouble: { kind: "changed", message } };
  }
  if (answer.kind === "problem") {
    const { message } = answer;
    return id === waiting.state ? { ...model, trouble: { kind: "problem", message } } : model;
  }
  if (answer.kind === "state" && id === waiting.state) return arrived(model, answer.state);
  if (answer.kind === "reach") {
    const { reach } = answer;
    if (id === waiting.reach) return { ...model, reach };
    if (id === waiting.start) return aiming({ ...model, start: reach });
  }
  if (answer.kind !== "way") return model;
  const { way, complete } = answer;
  if (id === waiting.hint) return { ...model, hint: { from: choicesOf(model), way, complete } };
  if (id !== waiting.best || way === null) return model;
  const { preemptions, switches } = way;
  return { ...model, best: { preemptions, switches, proven: complete } };
}

/** What went on by itself since the last choice belongs to it. */
function arrived(model: PlayModel, state: PlayState): PlayModel {
  const { choices } = state.witness.schedule;
  const last = model.at === model.marks.length - 1;
  if (!last) return { ...model, state };
  return {
    ...model,
    state,
    schedule: { ...model.schedule, choices },
    marks: [...model.marks.slice(0, model.at), choices.length],
  };
}

/** A bad end that does not come by itself is worth looking for, the rarer the better; crashes before mere races. */
function aiming(model: PlayModel): PlayModel {
  const { start, goal } = model;
  if (start === null || goal !== null) return model;
  const bad = start.ends.filter(isBad);
  const rank = (it: (typeof bad)[number]): number => (it.kind === "race" ? 1 : 0);
  const [wanted] = [...bad.filter((it) => !sameEnd(it, start.natural))].sort(
    (a, b) => rank(a) - rank(b) || a.ways - b.ways,
  );
  const chosen = wanted ?? bad[0];
  return chosen === undefined ? model : askBest({ ...model, goal: aimed(chosen) });
}

function aimed({ kind, label }: PlayEnd): PlayEnd {
  return { kind, label };
}

export function isBad({ kind }: PlayEnd): boolean {
  return kind !== null && kind !== "ok";
}

export function sameEnd(a: PlayEnd, b: PlayEnd | null): boolean {
  return a.kind === b?.kind && a.label === b.label;
}

/** Which of the moves the hint would make; null where there is no hint, or we have left its way. */
export function hintedMove(model: PlayModel): number | null {
  const { hint, state } = model;
  if (hint === null || hint === "asked" || hint.way === null || state === null) return null;
  const here = choicesOf(model);
  const all = [...hint.from, ...hint.way.choices];
  const next = all[here.length];
  const onWay = here.length >= hint.from.length && here.every((it, i) => sameChoice(it, all[i]));
  if (!onWay || next === undefined) return null;
  const index = state.moves.findIndex((it) => sameChoice(it.choice, next));
  return index < 0 ? null : index;
}

function sameChoice(a: Choice, b: Choice | undefined): boolean {
  return (
    a.thread === b?.thread &&
    a.arm === b.arm &&
    a.partner === b.partner &&
    a.partnerArm === b.partnerArm
  );
}

/** A schedule without choices that sees all places which any schedule of the content sees. */
function baseOf({ summary, witnesses }: PanelContent, witness: Witness): Schedule {
  const { program, entry } = witness.schedule;
  const known = [
    ...witnesses.map((it) => it.schedule),
    ...summary.flatMap((it) => it.ends.flatMap((end) => end.schedule ?? [])),
  ].filter((it) => it.program === program && it.entry === entry);
  const visible = [...new Set(known.flatMap((it) => it.visible))].sort();
  const draws = known.some((it) => it.draws === true);
  return { program, entry, visible, choices: [], ...(draws ? { draws } : {}) };
}

function isRaceFree({ summary }: PanelContent): boolean {
  return (
    summary.length > 0 &&
    summary.every((it) => it.complete && it.outcomes.every(({ kind }) => kind !== "race"))
  );
}

/** Other visible places make other choices. */
function sameProgram(a: Schedule, b: Schedule): boolean {
  return (
    a.program === b.program &&
    a.entry === b.entry &&
    a.draws === b.draws &&
    a.visible.join(" ") === b.visible.join(" ")
  );
}
