// The state of all agents at one moment. Nothing in it is changed: each step makes another, and going back is taking an older one.

import type { SpanId } from "../../../ir/ir.js";
import type { WitnessObject } from "../../../../protocol/witness.js";
import type { Place } from "./history.js";
import { type Clock, emptyMemory, type MemoryState } from "./memory.js";
import type { Element, Message } from "./ops.js";

export interface Agent {
  readonly place: Place;
  readonly label: string;
  readonly by: number | null;
  readonly spawnedAt: SpanId;
  readonly clock: Clock;
  readonly state:
    | { readonly kind: "runs" | "ended" }
    /** In `Atomics.wait`. */
    | { readonly kind: "waits"; readonly element: Element }
    /** The how-manieth notify of the element woke it, with what that made known. */
    | {
        readonly kind: "woken";
        readonly nth: number;
        readonly element: Element;
        readonly clock: Clock;
      };
}

/** A message on its way. */
export interface Sent {
  readonly message: Message;
  readonly clock: Clock;
  readonly by: number;
}

export interface InboxState {
  readonly waiting: readonly Sent[];
  /** How many were ever put in, and taken. */
  readonly sent: number;
  readonly taken: number;
}

export interface World {
  readonly agents: readonly Agent[];
  readonly memory: MemoryState;
  readonly inboxes: ReadonlyMap<string, InboxState>;
  /** By element, in the order of their waits. */
  readonly waiters: ReadonlyMap<string, readonly number[]>;
  readonly notified: ReadonlyMap<string, number>;
  /** By element: who has notified those who wait on it. */
  readonly notifiers: ReadonlyMap<string, readonly number[]>;
  /** Who was given a message that nobody listened to. */
  readonly unheard: readonly number[];
  readonly objects: readonly Shown[];
  readonly output: string;
  readonly printers: readonly number[];
  readonly over: Over | null;
  readonly steps: number;
}

/** Something that steps are about. */
export interface Shown {
  readonly key: string;
  readonly name: string;
  readonly kind: WitnessObject["kind"];
}

/** How the program ended before its agents did. */
export interface Over {
  readonly thread: number;
  readonly span: SpanId;
  readonly crash: { readonly message: string; readonly assertion: boolean } | null;
}

export const emptyInbox: InboxState = { waiting: [], sent: 0, taken: 0 };

export function worldOf(main: Agent): World {
  return {
    agents: [main],
    memory: emptyMemory,
    inboxes: new Map(),
    waiters: new Map(),
    notified: new Map(),
    notifiers: new Map(),
    unheard: [],
    objects: [{ key: "", name: "event loop", kind: "queue" }],
    output: "",
    printers: [],
    over: null,
    steps: 0,
  };
}

/** The map with another value, or without the key. */
export function changed<K, V>(
  map: ReadonlyMap<K, V>,
  key: K,
  value: V | undefined,
): ReadonlyMap<K, V> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

export function withAgent(world: World, thread: number, change: Partial<Agent>): World {
  const agents = world.agents.map((it, index) => (index === thread ? { ...it, ...change } : it));
  return { ...world, agents };
}

/** The object's index, in a world that has it. */
export function shown(world: World, object: Shown): readonly [World, number] {
  const known = world.objects.findIndex((it) => it.key === object.key);
  if (known >= 0) return [world, known];
  return [{ ...world, objects: [...world.objects, object] }, world.objects.length];
}
