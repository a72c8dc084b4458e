// Being the scheduler: where somebody stands who picks by himself who runs next. All that is asked carries the whole list
// of choices, so that whoever answers need not remember anything.

import type { OutcomeKind } from "./finding.js";
import type { Span } from "./span.js";
import type {
  Action,
  Blocked,
  Choice,
  Recording,
  Schedule,
  ScheduleSize,
  ThreadId,
  Witness,
} from "./witness.js";

/** One way in which the program can end; `label` tells it from others of its kind: what a crash says, else as in `End`. */
export interface PlayEnd {
  /** Null: not an end of the program; the tool cannot go on, and `label` says why. */
  readonly kind: OutcomeKind | null;
  readonly label: string;
}

/** Something that can happen next. */
export interface PlayMove {
  readonly choice: Choice;
  /** What the thread would do, as the rest of a sentence: `writes n = 1`. */
  readonly text: string;
  readonly span: Span;
  /** The processor changes hands. */
  readonly switches: boolean;
  /** It does so although the one who has it could go on. */
  readonly preempts: boolean;
}

/** Where the choices lead. */
export interface PlayState {
  /**
   * What has happened so far. Its schedule goes on from the choices that were asked about for as long as only one thing
   * could happen and nobody new had to wait for another. Before the end, its outcome is what has gone wrong already, if anything.
   */
  readonly witness: Witness;
  /** What can happen next; nothing at the end. */
  readonly moves: readonly PlayMove[];
  /** Who waits, and why. */
  readonly blocked: readonly Blocked[];
  readonly end: PlayEnd | null;
}

/** A step that has not been taken, before it is put into words, with the names as they would be after it. */
export interface UntoldMove extends Omit<PlayMove, "text"> {
  readonly action: Action;
  readonly names: Pick<Recording, "threads" | "objects">;
}

/** The same before it is put into words: what the explorer hands to the report. */
export interface PlayRecording extends Omit<PlayState, "witness" | "moves"> {
  readonly recording: Recording;
  readonly size: Pick<ScheduleSize, "preemptions" | "switches">;
  readonly moves: readonly UntoldMove[];
}

/** Why not everything that is still possible was looked at. */
export type ReachLimit =
  | "states"
  | "time"
  | "cancelled"
  /** Some schedules never end. */
  | "endless"
  /** Some are longer than the bound on steps. */
  | "depth"
  /** Something is not modelled. */
  | "unsupported"
  /** Of what is left to chance only some values are tried. */
  | "values";

/** An end that can still come. */
export interface ReachableEnd extends PlayEnd {
  /** How many schedules lead there from here, each a list of choices; 2^53 - 1 stands for that many or more. */
  readonly ways: number;
}

/** What can still come of the choices so far. */
export interface Reach {
  /** The bad ends first, each with the most ways first. */
  readonly ends: readonly ReachableEnd[];
  /** Null: there are no other ends, and the numbers are exact. Else there may be more of both. */
  readonly limit: ReachLimit | null;
  /** Where it ends when the rest is left to itself. */
  readonly natural: PlayEnd;
}

/** A thread's turn: it runs until it ends, has to wait, or stands before the operation at a place. */
export interface Turn {
  readonly thread: ThreadId;
  readonly name: string;
  /** How many choices it takes. */
  readonly steps: number;
  readonly until: "end" | "wait" | Span;
}

/** How to get to an end from here with the fewest switches. */
export interface Way {
  readonly choices: readonly Choice[];
  readonly turns: readonly Turn[];
  /** Of the way alone, without the choices so far. */
  readonly preemptions: number;
  readonly switches: number;
}

export type PlayAsk =
  /** Where the choices lead; with `finish`, on to the end with no more switches than it takes. */
  | { readonly kind: "state"; readonly finish: boolean }
  /** What can still come. `raceFree`: a complete exploration of the program has seen no race. */
  | { readonly kind: "reach"; readonly raceFree: boolean }
  /** How to get to an end. */
  | { readonly kind: "way"; readonly raceFree: boolean; readonly end: PlayEnd };

export interface PlayParams {
  /** A document of the unit that the schedule is about. */
  readonly uri: string;
  /** Entry, visible places and choices so far; nothing else of it is used. */
  readonly schedule: Schedule;
  readonly ask: PlayAsk;
}

export type PlayAnswer =
  | { readonly kind: "state"; readonly state: PlayState }
  | { readonly kind: "reach"; readonly reach: Reach }
  /** `complete`: with a way, there is none with fewer preemptions; without, there is none at all. */
  | { readonly kind: "way"; readonly way: Way | null; readonly complete: boolean }
  /** The program is not the one that the choices are about: one sentence. */
  | { readonly kind: "changed"; readonly message: string }
  | { readonly kind: "problem"; readonly message: string };
