import type { ExplorationSummary } from "./finding.js";
import type { PanelCommand } from "./panel-commands.js";
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

/** What the panel shows: witnesses of one exploration. */
export interface PanelContent {
  readonly origin: PanelOrigin;
  readonly title: string;
  readonly summary: readonly ExplorationSummary[];
  readonly witnesses: readonly Witness[];
  /** Which witness to show first. */
  readonly selected: number;
  /** Step to stand on first; absent: the panel chooses the one that matters. */
  readonly step?: number;
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
  | { readonly type: "command"; readonly command: PanelCommand };

/** Panel → extension. */
export type FromWebview =
  | { readonly type: "ready"; readonly protocol: number }
  /** Show the place in the editor; with `focus`, move the keyboard there too. */
  | { readonly type: "reveal"; readonly span: Span; readonly focus: boolean }
  | { readonly type: "selected"; readonly witness: number; readonly step: number }
  /** Run a schedule that is not among the witnesses and show it with them. */
  | { readonly type: "replay"; readonly schedule: Schedule }
  /** Explore again on the text as it is. */
  | { readonly type: "refresh" }
  | { readonly type: "failed"; readonly message: string };

/** What survives a reload of the window. */
export interface PanelState extends PanelOrigin {
  readonly protocol: number;
  readonly witness: number;
  readonly step: number;
}
