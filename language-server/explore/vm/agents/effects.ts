// What an operation does to the world: what it comes to, what of it others could notice, and how it is told.

import { unreachable } from "../../../base/assert.js";
import type { Program } from "../../../ir/ir.js";
import type { Action } from "../../../../protocol/witness.js";
import type { Numbers } from "../js-numbers.js";
import { everything, touch, touches, type Touch } from "../touch.js";
import type { History } from "./history.js";
import { sizeOf } from "./elements.js";
import {
  type Clock,
  joined,
  keyOf,
  type Noted,
  perform,
  valueOf,
  wordsOf,
  writes,
} from "./memory.js";
import {
  type Access,
  done,
  type Element,
  type Inbox,
  type Message,
  type Op,
  type Result,
  type Scalar,
  valueResult,
} from "./ops.js";
import { type Agent, changed, emptyInbox, shown, withAgent, type World } from "./world.js";

export interface Effect {
  readonly world: World;
  /** Null: the agent stands still, and is told later. */
  readonly result: Result | null;
  readonly touches: readonly Touch[];
  readonly action: Action;
  /** Where it is told to have happened, when that is not where the agent stands. */
  readonly span?: Op["span"];
  readonly spawned: readonly number[];
}

export interface Context {
  readonly program: Program;
  readonly history: History;
  readonly numbers: Numbers;
  /** Whether somebody may end a worker, or wants to know that one has ended. */
  readonly ends: boolean;
}

/** Room for as many messages as anybody sends. */
const room = 1_000_000;

type OpOf<K extends Op["kind"]> = Extract<Op, { readonly kind: K }>;

/** What the agent's present operation does. `arm`: which of its tasks an idle agent takes, or that a wait times out. */
export function effectOf(context: Context, world: World, thread: number, arm: number): Effect {
  const agent = world.agents[thread] as Agent;
  if (agent.state.kind === "waits") return timedOut(context, world, thread, agent.state.element);
  if (agent.state.kind === "woken") return woken(context, world, thread, agent.state);
  const { op } = agent.place;
  const e = new Effects(context, world, thread);
  switch (op.kind) {
    case "start":
      return e.plain({ kind: "start" }, done, []);
    case "access":
      return e.access(op);
    case "wait":
      return e.wait(op);
    case "notify":
      return e.notify(op);
    case "post":
      return e.post(op);
    case "spawn":
      return e.spawn(op);
    case "terminate":
      return e.terminate(op);
    case "poll":
      return e.poll(op);
    case "take":
      return e.take(op, arm);
    case "end":
      return e.end(op);
    case "exit":
      return e.exit(op);
    case "stuck":
      return e.plain({ kind: "yield" }, null, []);
    default:
      return unreachable(op);
  }
}

/** What an idle agent may go on with: its inboxes with something in them, then its own tasks. */
export function available(world: World, op: OpOf<"take">): readonly (number | Inbox)[] {
  const inboxes = op.inboxes.filter((it) => {
    const [first] = world.inboxes.get(it.key)?.waiting ?? [];
    return first !== undefined && (first.message.kind !== "exit" || it.exits);
  });
  return [...inboxes, ...op.tasks.map((_, index) => index)];
}

class Effects {
  readonly #context: Context;
  readonly #world: World;
  readonly #thread: number;

  constructor(context: Context, world: World, thread: number) {
    this.#context = context;
    this.#world = world;
    this.#thread = thread;
  }

  get #agent(): Agent {
    return this.#world.agents[this.#thread] as Agent;
  }

  get #clock(): Clock {
    return this.#agent.clock;
  }

  plain(
    action: Action,
    result: Result | null,
    touched: readonly Touch[],
    world = this.#world,
  ): Effect {
    return { world, result, touches: touched, action, spawned: [] };
  }

  // Memory

  access(op: Access): Effect {
    const { element, what } = op;
    const { old, now, bytes } = perform(this.#world.memory, op);
    const atomic = what !== "get" && what !== "set";
    const write = writes(op, old);
    const noted: Noted = {
      thread: this.#thread,
      span: op.span,
      func: op.func,
      write,
      does: `${write ? "written" : "read"}${atomic ? " atomically" : ""}`,
      step: this.#world.steps,
      element,
      size: sizeOf(element.type),
      atomic,
      what,
      seq: (this.#world.memory.accesses?.it.seq ?? 0) + 1,
      n: this.#clock[this.#thread] ?? 0,
    };
    const [world, object] = shown(this.#world, variable(element));
    const { memory } = world;
    const key = keyOf(element);
    const seen = memory.releases.get(key);
    const acquires = atomic && what !== "store";
    const clock = acquires ? joined(this.#clock, seen) : this.#clock;
    const releases = write ? this.#released(element, atomic ? clock : undefined) : memory.releases;
    const accesses = { it: noted, before: memory.accesses };
    const after = withAgent({ ...world, memory: { bytes, releases, accesses } }, this.#thread, {
      clock,
    });
    const action = told(op, object, old, now, write);
    return this.plain(action, valueResult(old), this.#accessTouches(op, old, now, write), after);
  }

  /** A write that is not atomic makes nothing known to who reads it. */
  #released(element: Element, clock: Clock | undefined): ReadonlyMap<string, Clock> {
    const size = sizeOf(element.type);
    let { releases } = this.#world.memory;
    for (const key of releases.keys()) {
      const at = Number(key.slice(key.lastIndexOf("+") + 1));
      const same = key.slice(0, key.lastIndexOf("+")) === element.buffer;
      if (same && Math.abs(at - element.offset) < size)
        releases = changed(releases, key, undefined);
    }
    return clock === undefined ? releases : changed(releases, keyOf(element), clock);
  }

  #accessTouches(op: Access, old: Scalar, now: Scalar, write: boolean): readonly Touch[] {
    const words = wordsOf(op.element).map((it) => this.#context.numbers.of(it, op.element.name));
    const swaps = op.what === "compareExchange";
    const exact = words.length === 1 && sizeOf(op.element.type) === 4;
    const kind = write || (swaps && !exact) ? touches.write : touches.read;
    return words.map((object) => ({
      ...touch(object, kind, swaps && exact ? 1 : 0),
      was: old,
      value: now,
      expects: swaps ? op.operands[0] : null,
      puts: swaps ? op.operands[1] : null,
    }));
  }

  // Waiting

  #waiters(element: Element): number {
    return this.#context.numbers.of(`waiters ${keyOf(element)}`, `waiters of ${element.name}`);
  }

  wait(op: OpOf<"wait">): Effect {
    const { element, expected } = op;
    const read = this.access({ ...op, kind: "access", what: "load", operands: [] });
    const same = valueOf(this.#world.memory, element) === expected;
    const touched = [touch(this.#waiters(element), touches.condEnqueue), ...read.touches];
    const [, object] = shown(read.world, variable(element));
    if (!same) {
      const action: Action = {
        kind: "yield",
        text: `finds that ${element.name} is not ${String(expected)}: it does not wait`,
      };
      const saw = String(valueOf(this.#world.memory, element));
      return this.plain(action, { kind: "woken", how: "not-equal", saw }, touched, read.world);
    }
    const key = keyOf(element);
    const waiting = [...(read.world.waiters.get(key) ?? []), this.#thread];
    const world = withAgent(
      { ...read.world, waiters: changed(read.world.waiters, key, waiting) },
      this.#thread,
      { state: { kind: "waits", element } },
    );
    return this.plain({ kind: "wait", object, value: "" }, null, touched, world);
  }

  notify(op: OpOf<"notify">): Effect {
    const { element, count } = op;
    const key = keyOf(element);
    const waiting = this.#world.waiters.get(key) ?? [];
    const awake = waiting.slice(0, Math.min(waiting.length, count));
    const nth = this.#world.notified.get(key) ?? 0;
    const [before, object] = shown(this.#world, variable(element));
    let world: World = {
      ...before,
      waiters: changed(before.waiters, key, waiting.slice(awake.length)),
      notified: changed(before.notified, key, nth + 1),
      notifiers: changed(before.notifiers, key, [
        ...(before.notifiers.get(key) ?? []),
        this.#thread,
      ]),
    };
    for (const it of awake) {
      world = withAgent(world, it, { state: { kind: "woken", nth, element, clock: this.#clock } });
    }
    const action: Action =
      awake.length === 0
        ? { kind: "yield", text: `notifies ${element.name}, on which nobody waits` }
        : { kind: "signal", object, value: String(awake.length) };
    const touched = [touch(this.#waiters(element), touches.condBroadcast, nth)];
    return this.plain(action, valueResult(awake.length), touched, world);
  }

  // Messages

  #inbox(key: string): number {
    return this.#context.numbers.of(`inbox ${key}`);
  }

  /** What the agent that listens there may choose from; who listens at a port may change. */
  #choice(key: string): number {
    const owner = ownerOf(this.#world, key);
    return this.#context.numbers.of(owner === null ? "choice of ports" : `choice ${owner}`);
  }

  #send(world: World, inbox: string, message: Message): readonly [World, readonly Touch[]] {
    const { waiting, sent, taken } = world.inboxes.get(inbox) ?? emptyInbox;
    const item = { message, clock: this.#clock, by: this.#thread };
    const state = { waiting: [...waiting, item], sent: sent + 1, taken };
    const touched = [
      touch(this.#inbox(inbox), touches.send, sent, room),
      touch(this.#choice(inbox), touches.partRead),
    ];
    return [{ ...world, inboxes: changed(world.inboxes, inbox, state) }, touched];
  }

  post({ inbox, name, message }: OpOf<"post">): Effect {
    const to = inbox.endsWith(":down") ? "a worker" : name.replace(/^a message of /, "");
    const known = { key: `inbox ${inbox}`, name: to, kind: "queue" } as const;
    const [world, object] = shown(this.#world, known);
    const [after, touched] = this.#send(world, inbox, message);
    const action: Action =
      message.kind === "message"
        ? { kind: "send", object, value: message.text }
        : { kind: "close", object };
    return this.plain(action, done, touched, after);
  }

  take(op: OpOf<"take">, arm: number): Effect {
    const ways = available(this.#world, op);
    const way = ways[arm];
    const numbers = this.#context.numbers;
    const own = touch(numbers.of(`choice ${this.#agent.place.start.key}`), touches.wholeWrite);
    const ofPorts = touch(numbers.of("choice of ports"), touches.wholeWrite);
    const chosen = op.inboxes.some((it) => isPort(it.key)) ? [own, ofPorts] : [own];
    const simple = op.tasks.length === 0 && op.inboxes.length === 1;
    if (typeof way === "object") {
      const [world, result, sent] = this.#received(way);
      const touched = simple
        ? [
            touch(
              this.#inbox(way.key),
              touches.recv,
              (world.inboxes.get(way.key)?.taken ?? 1) - 1,
              room,
            ),
          ]
        : chosen;
      const action: Action = { kind: "task", text: messageText(nameOf(this.#world, way), sent) };
      return { ...this.plain(action, result, touched, world), span: way.span };
    }
    const task = way === undefined ? undefined : op.tasks[way];
    if (task === undefined) return this.plain({ kind: "yield" }, null, []);
    const action: Action = { kind: "task", text: task.text };
    return { ...this.plain(action, { kind: "task", id: task.id }, chosen), span: task.span };
  }

  #received(inbox: Inbox): readonly [World, Result, Message] {
    const { waiting, sent, taken } = this.#world.inboxes.get(inbox.key) ?? emptyInbox;
    const [first, ...rest] = waiting;
    const message: Message = first?.message ?? { kind: "close" };
    const state = { waiting: rest, sent, taken: taken + 1 };
    const world = withAgent(
      { ...this.#world, inboxes: changed(this.#world.inboxes, inbox.key, state) },
      this.#thread,
      { clock: joined(this.#clock, first?.clock) },
    );
    return [world, { kind: "message", inbox: inbox.key, message }, message];
  }

  poll({ inbox, name }: OpOf<"poll">): Effect {
    const known = { key: `inbox ${inbox}`, name, kind: "queue" } as const;
    const [, object] = shown(this.#world, known);
    const touched = [touch(this.#inbox(inbox), touches.other)];
    const [first] = this.#world.inboxes.get(inbox)?.waiting ?? [];
    if (first === undefined) {
      const action: Action = { kind: "yield", text: `finds no message on ${name}` };
      return this.plain(action, { kind: "nothing" }, touched);
    }
    const at: Inbox = { key: inbox, name, span: this.#agent.place.op.span, exits: false };
    const [world, result] = this.#received(at);
    const value = first.message.kind === "message" ? first.message.text : "";
    return this.plain({ kind: "recv", object, value }, result, touched, shown(world, known)[0]);
  }

  // Agents

  spawn({ spec, span }: OpOf<"spawn">): Effect {
    const thread = this.#world.agents.length;
    const { program, history } = this.#context;
    const file = program.workers?.files[spec.worker];
    const start = {
      key: spec.key,
      worker: spec.worker,
      bodies: file === undefined ? [] : [...file.inits, file.func],
      entry: file?.func ?? (0 as NonNullable<typeof file>["func"]),
      data: spec.data,
      thread,
    };
    const agent: Agent = {
      place: history.root(start),
      label: spec.name,
      by: this.#thread,
      spawnedAt: span,
      clock: [...this.#clock],
      state: { kind: "runs" },
    };
    const world = { ...this.#world, agents: [...this.#world.agents, agent] };
    const effect = this.plain({ kind: "spawn", thread }, valueResult(thread), [], world);
    return { ...effect, spawned: [thread] };
  }

  terminate({ agent: key }: OpOf<"terminate">): Effect {
    const thread = this.#world.agents.findIndex((it) => it.place.start.key === key);
    const target = this.#world.agents[thread];
    const touched = [touch(this.#context.numbers.of(`life ${key}`), touches.write)];
    const name = target?.label ?? "a worker";
    const action: Action = { kind: "yield", text: `terminates ${name}` };
    if (target === undefined || target.state.kind === "ended") {
      return this.plain(action, done, touched);
    }
    let world = withAgent(this.#world, thread, { state: { kind: "ended" } });
    world = withoutWaiter(world, thread);
    const [after, sending] = this.#send(world, `${key}:up`, { kind: "exit", code: 1 });
    return this.plain(action, done, [...touched, ...sending], after);
  }

  end({ code, error }: OpOf<"end">): Effect {
    const { key } = this.#agent.place.start;
    let world = withAgent(this.#world, this.#thread, { state: { kind: "ended" } });
    const touched: Touch[] = [];
    if (error !== null) {
      const [next, sending] = this.#send(world, `${key}:up`, {
        kind: "error",
        data: error,
        text: "",
      });
      world = next;
      touched.push(...sending);
    }
    const [after, sending] = this.#send(world, `${key}:up`, { kind: "exit", code });
    if (this.#context.ends) touched.push(...sending);
    const action: Action =
      error === null ? { kind: "end" } : { kind: "panic", text: errorText(error) };
    return this.plain(action, done, touched, after);
  }

  exit({ crash, span }: OpOf<"exit">): Effect {
    const world = { ...this.#world, over: { thread: this.#thread, span, crash } };
    const action: Action =
      crash === null
        ? { kind: "end", text: "the program" }
        : { kind: "panic", text: crash.message };
    return this.plain(action, done, [touch(everything, touches.other)], world);
  }
}

/** The wait is over because somebody notified. */
function woken(
  { numbers }: Context,
  world: World,
  thread: number,
  { nth, element, clock }: Extract<Agent["state"], { kind: "woken" }>,
): Effect {
  const agent = world.agents[thread] as Agent;
  const [after, object] = shown(world, variable(element));
  const waiters = numbers.of(`waiters ${keyOf(element)}`, `waiters of ${element.name}`);
  return {
    world: withAgent(after, thread, {
      state: { kind: "runs" },
      clock: joined(agent.clock, clock),
    }),
    result: { kind: "woken", how: "ok" },
    touches: [touch(waiters, touches.condPark, nth)],
    action: { kind: "wait", object, value: "woken" },
    spawned: [],
  };
}

/** Nobody notified in time. */
function timedOut({ numbers }: Context, world: World, thread: number, element: Element): Effect {
  const waiters = numbers.of(`waiters ${keyOf(element)}`, `waiters of ${element.name}`);
  return {
    world: withAgent(withoutWaiter(world, thread), thread, { state: { kind: "runs" } }),
    result: { kind: "woken", how: "timed-out" },
    touches: [touch(waiters, touches.condEnqueue), touch(numbers.of("time"), touches.timerFire)],
    action: { kind: "yield", text: `no longer waits for a notify of ${element.name}: it is late` },
    spawned: [],
  };
}

function withoutWaiter(world: World, thread: number): World {
  const waiters = new Map(
    [...world.waiters].map(([key, all]) => [key, all.filter((it) => it !== thread)] as const),
  );
  return { ...world, waiters };
}

/** Key of who listens at an inbox: a worker, or who started it; null: at a port, whoever has it. */
function ownerOf({ agents }: World, inbox: string): string | null {
  if (inbox.endsWith(":down")) return inbox.slice(0, -":down".length);
  if (!inbox.endsWith(":up")) return null;
  const child = inbox.slice(0, -":up".length);
  const by = agents.find((it) => it.place.start.key === child)?.by ?? null;
  return by === null ? null : (agents[by]?.place.start.key ?? null);
}

function isPort(inbox: string): boolean {
  return !inbox.endsWith(":up") && !inbox.endsWith(":down");
}

function variable(element: Element): { key: string; name: string; kind: "variable" } {
  return { key: keyOf(element), name: element.name, kind: "variable" };
}

function told(op: Access, object: number, old: Scalar, now: Scalar, write: boolean): Action {
  const { what, operands, element } = op;
  switch (what) {
    case "get":
    case "load":
      return { kind: "read", object, value: String(old) };
    case "set":
      return { kind: "write", object, value: String(now) };
    case "store":
      return { kind: "atomic", object, value: String(now) };
    case "compareExchange":
      return write
        ? { kind: "atomic", object, value: String(now) }
        : {
            kind: "yield",
            text: `finds ${element.name} = ${String(old)}, not ${String(operands[0])}, and leaves it`,
          };
    default:
      return { kind: "atomic", object, value: String(now) };
  }
}

/** What arrives there, by the thread that sends it where there is only one. */
function nameOf({ agents }: World, { key, name }: Inbox): string {
  if (!key.endsWith(":up")) return name;
  const child = agents.find((it) => it.place.start.key === key.slice(0, -":up".length));
  if (child === undefined) return name;
  const same = agents.filter((it) => it.label === child.label);
  const nth = same.length === 1 ? "" : ` #${same.indexOf(child) + 1}`;
  return `a message of ${child.label}${nth}`;
}

function messageText(name: string, message: Message): string {
  switch (message.kind) {
    case "message":
      return `${name}: ${message.text}`;
    case "error":
      return name.replace("a message", "the error");
    case "exit":
      return name.replace("a message", "the end");
    case "close":
      return name.replace("a message", "the close");
  }
}

function errorText(error: readonly { readonly kind: string }[]): string {
  const found = error.find((it) => it.kind === "error") as
    | { readonly name: string; readonly message: string }
    | undefined;
  return found === undefined ? "an error that nobody caught" : `${found.name}: ${found.message}`;
}
