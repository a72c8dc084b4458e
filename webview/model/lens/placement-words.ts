import type { ThreadId, Witness } from "../../../protocol/witness.js";
import { labelOf, threadName, threadNoun } from "../labels.js";
import { type Cell, type Placement, speedUp } from "./placement.js";

/** A number with what it counts. */
export interface Figure {
  readonly value: string;
  readonly words: string;
  /** The same in a sentence. */
  readonly title: string;
  /** Left out where there is no room. */
  readonly minor: boolean;
}

/** What is counted on a placement: first what Go's scheduler does, then what the operating system does. */
export function figures(witness: Witness, placement: Placement): readonly Figure[] {
  const { counts, length, steps } = placement;
  const noun = threadNoun(witness);
  const switches: Figure = {
    value: `${counts.switches}`,
    words: "switches",
    title: `How often a ${noun} was put on a thread, by the program itself: cheap.`,
    minor: false,
  };
  const threads: Figure = {
    value: `${counts.threads}`,
    words: counts.threads === 1 ? "thread" : "threads",
    title: "Threads of the operating system that were started.",
    minor: true,
  };
  const speed: Figure = {
    value: `${speedUp(placement).toFixed(2)}×`,
    words: "speed-up",
    title: `${steps} steps in ${length} units of time.`,
    minor: false,
  };
  if (witness.language === "ts") return [switches, threads, speed];
  return [
    { value: `${length}`, words: "time", title: `Units of time for ${steps} steps.`, minor: false },
    speed,
    switches,
    {
      value: `${counts.preemptions}`,
      words: "forced off",
      title:
        "How often a goroutine that could have gone on lost its processor, so that the same thing happens. Go itself does this only after 10 ms.",
      minor: false,
    },
    {
      value: `${counts.stolen}`,
      words: "stolen",
      title: `Goroutines that an idle processor took from another’s queue, in ${counts.steals} thefts.`,
      minor: true,
    },
    threads,
    {
      value: `${counts.wakes}`,
      words: "thread wake-ups",
      title: `How often the operating system had to put a sleeping thread on a core: dear. ${counts.vain} times a thread began to look for work and found none.`,
      minor: false,
    },
    {
      value: `${counts.handOffs}`,
      words: "hand-offs",
      title: "Processors taken from a thread that was in a call of the operating system.",
      minor: true,
    },
  ];
}

/** Who waits in which queue while the step of the row runs. */
export function queueSentence(witness: Witness, placement: Placement, row: number): string {
  const cell = placement.byRow[row];
  const queues = placement.queues[cell?.time ?? -1];
  if (cell === undefined || queues === undefined) return "";
  const list = (it: readonly ThreadId[]): string =>
    it.map((thread) => threadName(witness, thread)).join(", ");
  const local = queues.local.flatMap(({ next, others }, processor) => {
    if (next === null && others.length === 0) return [];
    const queued = others.length === 0 ? [] : [`queued: ${list(others)}`];
    const parts = next === null ? queued : [`next ${threadName(witness, next)}`, ...queued];
    return [`P${processor} ${parts.join(", ")}`];
  });
  const global = queues.global.length === 0 ? [] : [`global queue: ${list(queues.global)}`];
  const calls = placement.calls
    .filter((it) => it.from <= cell.time && cell.time < it.to)
    .map((it) => `${threadName(witness, it.thread)} on M${it.os} is in the operating system`);
  const all = [...local, ...global, ...calls];
  const where = `Step ${row + 1} runs on P${cell.processor}, thread M${cell.os}, at time ${cell.time}.`;
  const ready =
    witness.language === "ts"
      ? `Ready: ${list(queues.local[0]?.others ?? []) || "nobody else"}.`
      : all.length === 0
        ? "Nobody waits for a processor."
        : `${all.join("; ")}.`;
  return `${where} ${ready}`;
}

const arrivals: Readonly<Record<Cell["arrival"], string>> = {
  "goes on": "",
  next: "was next",
  queue: "from the queue",
  "global queue": "from the global queue",
  stolen: "stolen",
  call: "back from the operating system",
};

export function arrivalWords({ arrival }: Cell): string {
  return arrivals[arrival];
}

/** One cell in a sentence. */
export function cellSentence(witness: Witness, cell: Cell): string {
  const who = `P${cell.processor} with thread M${cell.os}: ${threadName(witness, cell.thread)}`;
  const step = witness.steps[cell.row ?? -1];
  const how = arrivalWords(cell);
  const came = how === "" ? "" : `, ${how}`;
  if (step === undefined) {
    return `${who}${came} keeps its processor until step ${(cell.waitsFor ?? 0) + 1} is done, which comes first in this schedule.`;
  }
  const { verb, object, value } = labelOf(witness, step);
  const what = [verb, object, value].filter((it) => it !== "").join(" ");
  return `${who}${came}, step ${(cell.row ?? 0) + 1}: ${what}.`;
}
