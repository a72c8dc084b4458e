import type { PanelContent, PlayMemory, ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
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
  cursor: null,
};

export type PanelEvent =
  | { readonly type: "message"; readonly message: ToWebview }
  | { readonly type: "move"; readonly move: Move }
  | { readonly type: "choose"; readonly witness: number }
  | { readonly type: "failing"; readonly direction: 1 | -1 }
  | { readonly type: "play" | "tick" | "arrows" | "help" }
  /** Somebody begins to be the scheduler, or goes on where the memory says. */
  | { readonly type: "scheduler-open"; readonly memory: PlayMemory | null }
  | { readonly type: "scheduler-close" }
  | { readonly type: "scheduler"; readonly event: SchedulerEvent };

export function currentWitness(model: PanelModel): Witness | null {
  return model.content?.witnesses[model.witness] ?? null;
}

export function reduce(model: PanelModel, event: PanelEvent): PanelModel {
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
  }
}

function opened(model: PanelModel, memory: PlayMemory | null): PanelModel {
  const witness = currentWitness(model);
  if (model.content === null || witness === null || model.play !== null) return model;
  const play = beginPlay(model.content, witness, memory, 0);
  return { ...model, play, playing: false, help: false };
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
  return { ...model, witness: index, row: startRow(witness), playing: false };
}

function received(model: PanelModel, message: ToWebview): PanelModel {
  switch (message.type) {
    case "show": {
      const witness = message.witnesses[message.selected];
      const row = witness === undefined ? 0 : (message.step ?? startRow(witness));
      const last = Math.max(0, (witness?.steps.length ?? 0) - 1);
      return {
        ...model,
        content: message,
        busy: null,
        problem: null,
        stale: false,
        witness: message.selected,
        row: Math.min(last, Math.max(0, row)),
        playing: false,
        play: replanned(model, message, witness),
      };
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
  }
}
