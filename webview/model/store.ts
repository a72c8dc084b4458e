import type { PanelContent, PanelLens, PlayMemory, ToWebview } from "../../protocol/webview.js";
import type { Schedule, Witness } from "../../protocol/witness.js";
import { compareTarget } from "./compare-target.js";
import { type Compared, comparing, reduceCompared, type Side } from "./compared.js";
import { type Move, moved, nextFailing, startRow } from "./cursor.js";
import {
  beginPlay,
  memoryOf,
  type PlayModel,
  reducePlay,
  type SchedulerEvent,
} from "./scheduler.js";

// Everything the panel remembers while it is open, and how messages and keys change it.

export interface PanelModel {
  readonly content: PanelContent | null;
  readonly busy: string | null;
  readonly problem: string | null;
  /** The source changed since the schedule was found. */
  readonly stale: boolean;
  readonly witness: number;
  readonly row: number;
  readonly playing: boolean;
  /** Draw every happens-before arrow, not only those of the step at the cursor. */
  readonly allArrows: boolean;
  readonly help: boolean;
  /** Somebody is the scheduler. */
  readonly play: PlayModel | null;
  /** What he had chosen when he left. */
  readonly left: PlayMemory | null;
  /** Two schedules side by side; null: one. */
  readonly compare: Compared | null;
  /** A schedule to compare with that has to be run first, and why it is no passing one. */
  readonly wanted: { readonly schedule: Schedule; readonly note: string } | null;
  /** Why nothing happened; "" if something did. */
  readonly notice: string;
  readonly lens: PanelLens;
  /** Where the editor's cursor is. */
  readonly cursor: { readonly uri: string; readonly line: number } | null;
}

export const emptyModel: PanelModel = {
  content: null,
  busy: null,
  problem: null,
  stale: false,
  witness: 0,
  row: 0,
  playing: false,
  allArrows: false,
  help: false,
  play: null,
  left: null,
  compare: null,
  wanted: null,
  notice: "",
  lens: { shows: "steps", processors: 2, slowCalls: false, variable: null },
  cursor: null,
};

export type PanelEvent =
  | { readonly type: "message"; readonly message: ToWebview }
  | { readonly type: "move"; readonly move: Move }
  | { readonly type: "choose"; readonly witness: number }
  | { readonly type: "failing"; readonly direction: 1 | -1 }
  | { readonly type: "lens"; readonly lens: Partial<PanelLens> }
  | { readonly type: "play" | "tick" | "arrows" | "help" }
  /** Compare with that witness, with that schedule, or (null) with what is best to compare with. */
  | { readonly type: "compare"; readonly with: number | Schedule | null }
  /** Of two that are compared: the side that has the cursor; another witness on one side; no more of it. */
  | { readonly type: "side"; readonly side: Side }
  | { readonly type: "pick"; readonly side: Side; readonly witness: number }
  | { readonly type: "leave" }
  /** Somebody begins to be the scheduler, or goes on where the memory says. */
  | { readonly type: "scheduler-open"; readonly memory: PlayMemory | null }
  | { readonly type: "scheduler-close" }
  | { readonly type: "scheduler"; readonly event: SchedulerEvent };

export function currentWitness(model: PanelModel): Witness | null {
  return model.content?.witnesses[model.witness] ?? null;
}

export function reduce(model: PanelModel, event: PanelEvent): PanelModel {
  if (model.compare !== null) {
    const compared = reduceCompared(model, model.compare, event);
    if (compared !== null) return compared;
  }
  switch (event.type) {
    case "message":
      return received(model, event.message);
    case "move": {
      const witness = currentWitness(model);
      if (witness === null) return model;
      return { ...model, row: moved(witness, model.row, event.move), playing: false };
    }
    case "choose":
      return choose(model, event.witness);
    case "failing":
      return choose(
        model,
        nextFailing(model.content?.witnesses ?? [], model.witness, event.direction),
      );
    case "play": {
      const steps = currentWitness(model)?.steps.length ?? 0;
      if (steps === 0) return model;
      const atEnd = model.row >= steps - 1;
      const row = !model.playing && atEnd ? 0 : model.row;
      return { ...model, row, playing: !model.playing };
    }
    case "tick": {
      const steps = currentWitness(model)?.steps.length ?? 0;
      const row = Math.min(model.row + 1, Math.max(0, steps - 1));
      return { ...model, row, playing: model.playing && row < steps - 1 };
    }
    case "arrows":
      return { ...model, allArrows: !model.allArrows };
    case "help":
      return { ...model, help: !model.help };
    case "scheduler-open":
      return opened(model, event.memory ?? model.left);
    case "scheduler-close":
      if (model.play === null) return model;
      return { ...model, play: null, left: memoryOf(model.play) };
    case "scheduler":
      return model.play === null ? model : { ...model, play: reducePlay(model.play, event.event) };
    case "lens":
      return { ...model, lens: { ...model.lens, ...event.lens } };
    case "compare":
      return compareWith(model, event.with);
    case "side":
    case "pick":
    case "leave":
      return model;
  }
}

/** At once if the other one is there, else as soon as it has been run. */
function compareWith(model: PanelModel, other: number | Schedule | null): PanelModel {
  const { content, witness } = model;
  if (content === null) return model;
  if (typeof other === "number") return comparing(model, witness, other, "");
  if (other !== null) return { ...model, wanted: { schedule: other, note: "" } };
  const target = compareTarget(content, witness);
  switch (target.kind) {
    case "witness":
      return comparing(model, witness, target.witness, target.note);
    case "schedule":
      return { ...model, wanted: target };
    case "none":
      return { ...model, notice: target.note };
  }
}

function opened(model: PanelModel, memory: PlayMemory | null): PanelModel {
  const witness = currentWitness(model);
  if (model.content === null || witness === null || model.play !== null) return model;
  const play = beginPlay(model.content, witness, memory, 0);
  return { ...model, play, playing: false, help: false, compare: null };
}

/** A new exploration may be of another program: then the choices of before mean nothing. */
function replanned(
  { play }: PanelModel,
  content: PanelContent,
  witness: Witness | undefined,
): PlayModel | null {
  if (play === null || witness === undefined) return null;
  return beginPlay(content, witness, memoryOf(play), play.lastId);
}

function choose(model: PanelModel, index: number): PanelModel {
  const witness = model.content?.witnesses[index];
  if (witness === undefined) return model;
  const row = startRow(witness);
  const lens = { ...model.lens, variable: null };
  return { ...model, witness: index, row, playing: false, compare: null, notice: "", lens };
}

function received(model: PanelModel, message: ToWebview): PanelModel {
  switch (message.type) {
    case "show": {
      const witness = message.witnesses[message.selected];
      const row = witness === undefined ? 0 : (message.step ?? startRow(witness));
      const last = Math.max(0, (witness?.steps.length ?? 0) - 1);
      const shown: PanelModel = {
        ...model,
        content: message,
        busy: null,
        problem: null,
        stale: false,
        witness: message.selected,
        row: Math.min(last, Math.max(0, row)),
        playing: false,
        play: replanned(model, message, witness),
        compare: null,
        wanted: null,
        notice: "",
      };
      if (message.compare === undefined) return shown;
      return comparing(shown, message.selected, message.compare, model.wanted?.note ?? "");
    }
    case "busy":
      return { ...model, busy: message.title, problem: null };
    case "problem":
      return { ...model, content: null, busy: null, problem: message.message, play: null };
    case "played": {
      const { id, answer } = message;
      return reduce(model, { type: "scheduler", event: { type: "answer", id, answer } });
    }
    case "stale":
      return { ...model, stale: message.stale };
    case "cursor":
      return { ...model, cursor: { uri: message.uri, line: message.line } };
    case "command":
      return reduce(model, commandEvent(message.command));
    case "paint":
      return model; // the page does that, and goes on as it is
  }
}

function commandEvent(command: Extract<ToWebview, { type: "command" }>["command"]): PanelEvent {
  switch (command) {
    case "nextStep":
      return { type: "move", move: { kind: "by", rows: 1 } };
    case "previousStep":
      return { type: "move", move: { kind: "by", rows: -1 } };
    case "nextFailing":
      return { type: "failing", direction: 1 };
    case "previousFailing":
      return { type: "failing", direction: -1 };
    case "play":
      return { type: "play" };
    case "beTheScheduler":
      return { type: "scheduler-open", memory: null };
    case "compareSchedules":
      return { type: "compare", with: null };
  }
}
