import type { ExplorationSummary } from "./finding.js";
import type { PanelCommand } from "./panel-commands.js";
import type { PlayAnswer, PlayAsk, PlayEnd } from "./play.js";
import type { Span } from "./span.js";
import type { Schedule, Witness } from "./witness.js";

/** Raised whenever a message changes its meaning; either side drops what it does not know. */
export const webviewProtocol = 1;

/** What was asked for: enough to ask again after a reload of the window. */
export interface PanelOrigin {
  readonly uri: string;
  readonly line: number;
  readonly fingerprint: string | null;
}

/** A line of the source; `line` counts from 0. */
export interface CodeLine {
  readonly uri: string;
  readonly line: number;
  readonly text: string;
}

/** What the panel shows: witnesses of one exploration. */
export interface PanelContent {
  readonly origin: PanelOrigin;
  readonly title: string;
  readonly summary: readonly ExplorationSummary[];
  readonly witnesses: readonly Witness[];
  /** Lines that the witnesses speak of, as they were when these were found; absent: none is known. */
  readonly code?: readonly CodeLine[];
  /** Which witness to show first. */
  readonly selected: number;
  /** Step to stand on first; absent: the panel chooses the one that matters. */
  readonly step?: number;
  /** Compare the selected witness with this one; absent: show it alone. */
  readonly compare?: number;
}

/** What the panel shows of a schedule, and how. */
export interface PanelLens {
  readonly shows: "steps" | "processors" | "memory";
  /** GOMAXPROCS; null: the one processor of the schedule itself. */
  readonly processors: number | null;
  /** Whether printing keeps its thread in the operating system for a while. */
  readonly slowCalls: boolean;
  /** Object whose writes are looked at; null: that of the race, or the first. */
  readonly variable: number | null;
}

/** The user's settings that the panel follows. */
export interface PanelSettings {
  /** Whether keys that write a character do anything. */
  readonly singleLetterKeys: boolean;
}

/** Extension → panel. Nothing is sent before the panel says `ready`. */
export type ToWebview =
  | ({ readonly type: "show" } & PanelContent)
  /** An exploration is running. */
  | { readonly type: "busy"; readonly title: string }
  | { readonly type: "problem"; readonly title: string; readonly message: string }
  /** The source changed since the schedule was found. */
  | { readonly type: "stale"; readonly stale: boolean }
  /** The editor's cursor moved to this line: light its steps. */
  | { readonly type: "cursor"; readonly uri: string; readonly line: number }
  | { readonly type: "settings"; readonly settings: PanelSettings }
  | { readonly type: "command"; readonly command: PanelCommand | "beTheScheduler" }
  /** To the question `ask` of this number. */
  | { readonly type: "played"; readonly id: number; readonly answer: PlayAnswer }
  /** Paint this drawing, which stands alone, and answer with `painted`. */
  | ({ readonly type: "paint" } & Drawing);

/** A drawing that needs nothing from elsewhere. */
export interface Drawing {
  readonly svg: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** The drawing as PNG, and how many of its pixels stand for one of the drawing's; or why it cannot be painted. */
export type Painted =
  | { readonly png: Uint8Array; readonly scale: number }
  | { readonly problem: string };

/** Panel → extension. */
export type FromWebview =
  | { readonly type: "ready"; readonly protocol: number }
  /** Show the place in the editor; with `focus`, move the keyboard there too. */
  | { readonly type: "reveal"; readonly span: Span; readonly focus: boolean }
  /** Esc: the keyboard goes back to the editor, and the marks there go. */
  | { readonly type: "leave" }
  | { readonly type: "selected"; readonly witness: number; readonly step: number }
  /** Run a schedule that is not among the witnesses and show it with them, or beside the one that is shown. */
  | { readonly type: "replay"; readonly schedule: Schedule; readonly compare?: true }
  /** Being the scheduler: a question about some choices. A later one about the same makes an earlier one void. */
  | {
      readonly type: "ask";
      readonly id: number;
      readonly about: string;
      readonly schedule: Schedule;
      readonly ask: PlayAsk;
    }
  /** Explore again on the text as it is. */
  | { readonly type: "refresh" }
  /** Ask how the schedule is to be exported. */
  | { readonly type: "export" }
  | { readonly type: "painted"; readonly painted: Painted }
  | { readonly type: "failed"; readonly message: string };

/** What survives a reload of the window. */
export interface PanelState extends PanelOrigin {
  readonly protocol: number;
  readonly witness: number;
  readonly step: number;
  readonly lens?: PanelLens;
  /** While somebody is the scheduler. */
  readonly play?: PlayMemory;
  /** While two schedules are compared: the other one, and why it is no passing one, else "". */
  readonly compare?: { readonly schedule: Schedule; readonly note: string };
}

/** The choices of somebody who is the scheduler, also those that were taken back. */
export interface PlayMemory {
  readonly schedule: Schedule;
  /** How many choices there were each time somebody could pick. */
  readonly marks: readonly number[];
  /** Index in `marks` of where he is. */
  readonly at: number;
  readonly goal: PlayEnd | null;
}
