import type {
  PanelContent,
  PanelLens,
  PanelSettings,
  PlayMemory,
  ToWebview,
} from "../../protocol/webview.js";
import type { Schedule, Witness } from "../../protocol/witness.js";
import { effects } from "./commands.js";
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
import { witnessOf } from "./ends.js";
import { emptySearch, nextMatch, type Search, searched } from "./search.js";
import { faster, nextSpeed, type Speed } from "./speed.js";
import { normalZoom, type Zoom, withRoom, zoomedTo } from "./zoom.js";

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
  readonly speed: Speed;
  /** No motion is wanted: playing becomes a jump to the next switch of lanes. */
  readonly still: boolean;
  readonly zoom: Zoom;
  /** The latest movement of the lanes that leaves the step where it is. */
  readonly glance: Glance;
  /** Null: not searching. */
  readonly search: Search | null;
  readonly settings: PanelSettings;
  /** How often the palette asked for the source of the step. */
  readonly asked: number;
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

/** A movement of what is in sight; each has a number of its own, so that the same one can come again. */
export interface Glance {
  readonly serial: number;
  readonly kind: "none" | "pan" | "focus";
  readonly direction: 1 | -1;
}

export const emptyModel: PanelModel = {
  content: null,
  busy: null,
  problem: null,
  stale: false,
  witness: 0,
  row: 0,
  playing: false,
  speed: 1,
  still: false,
  zoom: normalZoom,
  glance: { serial: 0, kind: "none", direction: 1 },
  search: null,
  settings: { singleLetterKeys: true },
  asked: 0,
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
  | { readonly type: "arrows" | "help" }
  /** Compare with that witness, with that schedule, or (null) with what is best to compare with. */
  | {
      readonly type: "compare";
      readonly with: number | Schedule | null;
      readonly note?: string;
    }
  /** Of two that are compared: the side that has the cursor; another witness on one side; no more of it. */
  | { readonly type: "side"; readonly side: Side }
  | { readonly type: "pick"; readonly side: Side; readonly witness: number }
  | { readonly type: "leave" }
  /** Somebody begins to be the scheduler, or goes on where the memory says. */
  | { readonly type: "scheduler-open"; readonly memory: PlayMemory | null }
  | { readonly type: "scheduler-close" }
  | { readonly type: "scheduler"; readonly event: SchedulerEvent }
  | PlayEvent
  | LookEvent
  | SearchEvent;

export type PlayEvent =
  /** `speed`: the next one, and after the fastest the slowest. */
  | { readonly type: "play" | "tick" | "speed" }
  | { readonly type: "faster"; readonly by: 1 | -1 }
  | { readonly type: "still"; readonly still: boolean };

/** What changes the part of the lanes that is in sight, and not the step. */
export type LookEvent =
  | { readonly type: "fit" | "focus" }
  /** Rows so many times as high. */
  | { readonly type: "zoom"; readonly times: number }
  | { readonly type: "pan"; readonly direction: 1 | -1 }
  /** At this zoom the whole schedule is in sight. */
  | { readonly type: "room"; readonly least: number };

export type SearchEvent =
  /** Begins and ends searching. */
  | { readonly type: "seek" | "close" }
  | { readonly type: "search"; readonly query: string }
  | { readonly type: "match"; readonly direction: 1 | -1 };

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
    case "move":
      return move(model, event.move);
    case "choose":
      return choose(model, event.witness);
    case "failing":
      return choose(
        model,
        nextFailing(model.content?.witnesses ?? [], model.witness, event.direction),
      );
    case "play":
    case "tick":
    case "speed":
    case "faster":
    case "still":
      return playing(model, event);
    case "zoom":
    case "room":
    case "fit":
    case "focus":
    case "pan":
      return looking(model, event);
    case "search":
    case "match":
    case "seek":
    case "close":
      return searching(model, event);
    case "arrows":
      return { ...model, allArrows: !model.allArrows };
    case "help":
      return { ...model, help: !model.help };
    case "scheduler-open":
      return scheduling(model, event.memory ?? model.left);
    case "scheduler-close":
      if (model.play === null) return model;
      return { ...model, play: null, left: memoryOf(model.play) };
    case "scheduler":
      return model.play === null ? model : { ...model, play: reducePlay(model.play, event.event) };
    case "lens":
      return { ...model, lens: { ...model.lens, ...event.lens } };
    case "compare":
      return compareWith(model, event.with, event.note ?? "");
    case "side":
    case "pick":
    case "leave":
      return model;
  }
}

/** At once if the other one is there, else as soon as it has been run. */
function compareWith(model: PanelModel, other: number | Schedule | null, note: string): PanelModel {
  const { content, witness } = model;
  if (content === null) return model;
  if (typeof other === "number") return comparing(model, witness, other, note);
  if (other !== null) {
    const known = witnessOf(content, other);
    if (known === witness) return model;
    if (known >= 0) return comparing(model, witness, known, note);
    return { ...model, wanted: { schedule: other, note } };
  }
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

function scheduling(model: PanelModel, memory: PlayMemory | null): PanelModel {
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

function move(model: PanelModel, to: Move): PanelModel {
  const witness = currentWitness(model);
  if (witness === null) return model;
  return { ...model, row: moved(witness, model.row, to), playing: false };
}

function playing(model: PanelModel, event: PlayEvent): PanelModel {
  const last = Math.max(0, (currentWitness(model)?.steps.length ?? 0) - 1);
  switch (event.type) {
    case "play": {
      if (currentWitness(model) === null) return model;
      const row = !model.playing && model.row >= last ? 0 : model.row;
      const ready = { ...model, row, playing: !model.playing };
      return model.still ? move(ready, { kind: "turn", direction: 1 }) : ready;
    }
    case "tick": {
      const row = Math.min(model.row + 1, last);
      return { ...model, row, playing: model.playing && row < last };
    }
    case "speed":
      return { ...model, speed: nextSpeed(model.speed) };
    case "faster":
      return { ...model, speed: faster(model.speed, event.by) };
    case "still":
      return { ...model, still: event.still, playing: model.playing && !event.still };
  }
}

function looking(model: PanelModel, event: LookEvent): PanelModel {
  const { zoom, glance } = model;
  const next = (kind: Glance["kind"], direction: 1 | -1): Glance => ({
    serial: glance.serial + 1,
    kind,
    direction,
  });
  switch (event.type) {
    case "zoom":
      return { ...model, zoom: zoomedTo(zoom, zoom.factor * event.times) };
    case "room":
      return { ...model, zoom: withRoom(zoom, event.least) };
    case "fit":
      return { ...model, zoom: zoomedTo(zoom, zoom.least) };
    case "focus":
      return { ...model, zoom: zoomedTo(zoom, 1), glance: next("focus", 1) };
    case "pan":
      return { ...model, glance: next("pan", event.direction) };
  }
}

function searching(model: PanelModel, event: SearchEvent): PanelModel {
  const witness = currentWitness(model);
  switch (event.type) {
    case "search":
      return witness === null ? model : { ...model, search: searched(witness, event.query) };
    case "seek":
      return witness === null ? model : { ...model, search: model.search ?? emptySearch };
    case "match": {
      const row =
        model.search === null ? null : nextMatch(model.search, model.row, event.direction);
      return row === null ? model : move(model, { kind: "to", row });
    }
    case "close":
      return { ...model, search: null };
  }
}

function choose(model: PanelModel, index: number): PanelModel {
  const witness = model.content?.witnesses[index];
  if (witness === undefined) return model;
  return { ...opened(model, witness), witness: index, row: startRow(witness) };
}

/** What was on for another schedule and is not for this one; a search goes on in it. */
function opened(model: PanelModel, witness: Witness | undefined): PanelModel {
  const search =
    model.search === null || witness === undefined ? null : searched(witness, model.search.query);
  const zoom = { ...model.zoom, factor: 1 };
  const lens = { ...model.lens, variable: null };
  return { ...model, playing: false, compare: null, notice: "", lens, zoom, search };
}

function received(model: PanelModel, message: ToWebview): PanelModel {
  switch (message.type) {
    case "show": {
      const witness = message.witnesses[message.selected];
      const row = witness === undefined ? 0 : (message.step ?? startRow(witness));
      const last = Math.max(0, (witness?.steps.length ?? 0) - 1);
      const shown: PanelModel = {
        ...opened(model, witness),
        lens: model.lens,
        content: message,
        busy: null,
        problem: null,
        stale: false,
        witness: message.selected,
        row: Math.min(last, Math.max(0, row)),
        play: replanned(model, message, witness),
        wanted: null,
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
    case "settings":
      return { ...model, settings: message.settings };
    case "command": {
      if (message.command === "beTheScheduler")
        return reduce(model, { type: "scheduler-open", memory: null });
      const effect = effects[message.command];
      return typeof effect === "string"
        ? { ...model, asked: model.asked + 1 }
        : reduce(model, effect);
    }
    case "paint":
      return model; // the page does that, and goes on as it is
  }
}
