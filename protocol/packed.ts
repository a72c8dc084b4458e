import type { PanelContent, ToWebview } from "./webview.js";
import type { Action, Blocked, Choice, ObjectId, Step, ThreadId, Witness } from "./witness.js";

// A witness as it travels to the panel: what many steps have in common is there once, in tables; a step
// is a few indices, in columns; a clock is only told where it changed. A long schedule is a fraction of its
// size so, and one text of numbers is read faster than any number of objects.

export interface PackedWitness extends Omit<Witness, "steps"> {
  readonly tables: PackedTables;
  readonly columns: PackedColumns;
}

export interface PackedTables {
  readonly uris: readonly string[];
  readonly spans: readonly PackedSpan[];
  readonly funcs: readonly string[];
  readonly actions: readonly Action[];
  readonly texts: readonly string[];
  readonly choices: readonly Choice[];
  /** Indices of choices. */
  readonly enabled: readonly (readonly number[])[];
  readonly held: readonly (readonly ObjectId[])[];
  readonly waits: readonly PackedWait[];
  /** Indices of waits. */
  readonly blocked: readonly (readonly number[])[];
  readonly changed: readonly Step["changed"][];
  readonly rest: readonly StepRest[];
}

/** `uri` is an index. */
export type PackedSpan = readonly [
  uri: number,
  line: number,
  character: number,
  endLine: number,
  endCharacter: number,
];

/** `span` is an index. */
export interface PackedWait extends Omit<Blocked, "span"> {
  readonly span: number;
}

/** What steps have that has no column of its own. */
export type StepRest = Omit<
  Step,
  | "thread"
  | "span"
  | "func"
  | "action"
  | "text"
  | "clock"
  | "enabled"
  | "held"
  | "blocked"
  | "essential"
  | "changed"
>;

/** One number for each step, an index where it is not a thread or a flag. */
export interface PackedColumns {
  readonly thread: readonly ThreadId[];
  readonly span: readonly number[];
  readonly func: readonly number[];
  readonly action: readonly number[];
  readonly text: readonly number[];
  readonly enabled: readonly number[];
  readonly held: readonly number[];
  readonly blocked: readonly number[];
  readonly changed: readonly number[];
  readonly rest: readonly number[];
  /** 1: essential. */
  readonly essential: readonly number[];
  /**
   * Of each step how many entries of its clock are not as after its thread's previous step, where all began with zero,
   * and then so many pairs of a thread and its count.
   */
  readonly clocks: readonly number[];
}

/** Extension → panel, as it travels. `packed` is the JSON text of an array of `PackedWitness`. */
export type Packed =
  | Exclude<ToWebview, { readonly type: "show" }>
  | ({ readonly type: "show"; readonly packed: string } & Omit<PanelContent, "witnesses">);
