// Part of a search as plain data, so that another search of the same program, on another machine, can do it. Numbers of
// plans and objects mean nothing elsewhere: a step is told by who does it, and what it touches is found out by doing it.

import type { Choice } from "../../../protocol/witness.js";

/** The first thread is []; the n-th (from 0) thread that it started [n], and so on. */
export type ThreadPath = readonly number[];

/** A step, known by the place it is taken from. */
export interface Turn {
  readonly thread: ThreadPath;
  readonly partner: ThreadPath | null;
  /** As in a plan. */
  readonly arm: number;
  readonly partnerArm: number;
}

/** A node of a wakeup tree with what is below it. */
export interface Branch {
  readonly turn: Turn;
  readonly below: readonly Branch[];
}

/** A branch that was given away. */
export interface Part {
  /** Where the one who gave it keeps it: told back with what comes of it. */
  readonly node: number;
  /** Up to the branch, which is the last of them. */
  readonly prefix: readonly Choice[];
  /** By place of the prefix: what is explored from there before the way that the prefix goes. */
  readonly slept: readonly (readonly Turn[])[];
  /** What is to be explored after the prefix. */
  readonly kids: readonly Branch[];
}

/** What a search has found for the one that gave it its part, when it is done. */
export interface Returned {
  readonly node: number;
  /** By place of the prefix: what is to be explored from there. */
  readonly above: readonly (readonly Branch[])[];
}
