// Channels and select. Waiting senders and receivers are no state: any two threads that stand before opposite
// operations on an unbuffered channel may meet, in one event of both (a parked goroutine cannot tell who came first).

import { present } from "../../base/assert.js";
import type { Choice } from "../../../protocol/witness.js";
import type { Reg } from "../../ir/ir.js";
import type { OpInstr, Value } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { Chan } from "./values.js";
import { joinClocks, zeroClock, type Clock } from "./vector-clock.js";
import { untold } from "./machine.js";
import { touches, type OfferCase, type Offers } from "./touch.js";
import { countedTouch, noTouches, opOf, touch, type Effect, type World } from "./world.js";

export type ChanOp = Extract<OpInstr, { op: "send" | "recv" | "close" | "select" }>;
type SelectOp = Extract<OpInstr, { op: "select" }>;

/** Clocks that travel with the values. */
interface ChanState {
  /** Of the senders of what is buffered, in its order. */
  readonly sent: readonly Clock[];
  /** Of the receives that freed the free slots: the k-th receive happens before the (k+cap)-th send completes. */
  readonly freed: readonly Clock[];
  readonly closed: Clock;
  /** How many values have been sent and received. */
  readonly sends: number;
  readonly receives: number;
}

/** One thing a thread is willing to do: its operation, or one case of its select. */
interface Offer {
  readonly thread: Goroutine;
  readonly chan: Chan;
  readonly dir: "send" | "recv";
  /** Case of a select; null for a plain send or receive. */
  readonly arm: number | null;
  readonly value: Reg | null;
  readonly blocking: boolean;
}

const fresh: ChanState = { sent: [], freed: [], closed: zeroClock, sends: 0, receives: 0 };

function stateOf(chan: Chan): ChanState {
  return (chan.state as ChanState | null) ?? fresh;
}

function offersOf(world: World, g: Goroutine): readonly Offer[] {
  const op = opOf(g);
  if (op === null) return [];
  const offer = (reg: Reg, dir: Offer["dir"], arm: number | null, value: Reg | null): Offer[] => {
    const chan = world.operand(g, reg);
    const blocking = op.op !== "select" || op.blocking;
    return chan instanceof Chan ? [{ thread: g, chan, dir, arm, value, blocking }] : [];
  };
  switch (op.op) {
    case "send":
      return offer(op.chan, "send", null, op.value);
    case "recv":
      return offer(op.chan, "recv", null, null);
    case "select":
      return op.cases.flatMap((it, arm) => offer(it.chan, it.dir, arm, it.value));
    default:
      return [];
  }
}

/** Whether the offer can be taken up without another thread. */
function readyAlone({ chan, dir }: Offer): boolean {
  if (chan.closed) return true;
  return dir === "send" ? chan.buffer.length < chan.cap : chan.buffer.length > 0;
}

/** What may happen to a thread that stands before a channel operation. A rendezvous is listed with its sender. */
export function channelChoices(world: World, g: Goroutine, op: ChanOp): readonly Choice[] {
  if (op.op === "close") return [{ thread: g.id }];
  const choices: Choice[] = [];
  const offers = offersOf(world, g);
  let alone = false;
  for (const offer of offers) {
    const arm = offer.arm === null ? {} : { arm: offer.arm };
    if (readyAlone(offer)) {
      alone = true;
      choices.push({ thread: g.id, ...arm });
    } else if (offer.dir === "send" && offer.chan.cap === 0) {
      for (const { thread, arm: theirs } of receivers(world, offer)) {
        const partnerArm = theirs === null ? {} : { partnerArm: theirs };
        choices.push({ thread: g.id, ...arm, partner: thread.id, ...partnerArm });
      }
    }
  }
  if (op.op === "select" && !op.blocking && !alone) choices.push({ thread: g.id, arm: -1 });
  return choices;
}

/** Who could take what `offer` sends. Two selects with a default never meet: neither waits. */
function receivers(world: World, offer: Offer): readonly Offer[] {
  return world.threads
    .filter((it) => it !== offer.thread && it.phase === "live")
    .flatMap((it) => offersOf(world, it))
    .filter((it) => it.chan === offer.chan && it.dir === "recv" && (it.blocking || offer.blocking));
}

export function performChannel(world: World, g: Goroutine, op: ChanOp, choice: Choice): Effect {
  if (op.op === "close") return close(world, g, op);
  if (op.op === "select" && choice.arm === -1) return takeDefault(world, g, op);
  const offer = present(
    offersOf(world, g).find((it) => it.arm === (choice.arm ?? null)),
    "ready channel case",
  );
  if (choice.partner !== undefined) return rendezvous(world, offer, choice);
  return offer.dir === "send" ? send(world, offer) : receive(world, offer);
}

function rendezvous(world: World, offer: Offer, choice: Choice): Effect {
  const partner = world.thread(present(choice.partner, "partner"));
  const theirs = present(
    offersOf(world, partner).find((it) => it.arm === (choice.partnerArm ?? null)),
    "partner's case",
  );
  const { thread: g, chan } = offer;
  const value = valueOf(world, offer);
  world.tick(partner);
  const both = joinClocks(g.clock, partner.clock);
  world.learn(g, both);
  world.learn(partner, both);
  finish(world, offer, null, false);
  finish(world, theirs, value, true);
  return {
    action: told(world, offer, "send", value, partner),
    touches: [touch(world.objects.chanNumber(chan), touches.rendezvous)],
    partner,
  };
}

function send(world: World, offer: Offer): Effect {
  const { thread: g, chan } = offer;
  const number = world.objects.chanNumber(chan);
  if (chan.closed) {
    const text = "send on closed channel";
    world.panic(g, text);
    return { action: { kind: "panic", text }, touches: [touch(number, touches.sendClosed)] };
  }
  const value = valueOf(world, offer);
  const state = stateOf(chan);
  const reused = slotReused(chan);
  if (reused) world.learn(g, state.freed[0] ?? zeroClock);
  world.set(chan, "buffer", [...chan.buffer, value]);
  const next: ChanState = {
    ...state,
    sent: [...state.sent, g.clock],
    freed: state.freed.slice(reused ? 1 : 0),
    sends: state.sends + 1,
  };
  world.set<Chan, "state">(chan, "state", next);
  finish(world, offer, null, false);
  return {
    action: told(world, offer, "send", value),
    touches: [countedTouch(number, touches.send, state.sends, chan.cap)],
  };
}

/** Whether the next value goes to a slot that has been used before: its receive happens before this send. */
function slotReused(chan: Chan): boolean {
  const { sent, freed } = stateOf(chan);
  return sent.length + freed.length >= chan.cap;
}

function receive(world: World, offer: Offer): Effect {
  const { thread: g, chan } = offer;
  const number = world.objects.chanNumber(chan);
  const state = stateOf(chan);
  const ok = chan.buffer.length > 0;
  const value = ok ? chan.buffer[0] : world.types.zero(world.types.elem(chan.type));
  if (ok) {
    world.learn(g, state.sent[0] ?? zeroClock);
    world.set(chan, "buffer", chan.buffer.slice(1));
    const next: ChanState = {
      ...state,
      sent: state.sent.slice(1),
      freed: [...state.freed, g.clock],
      receives: state.receives + 1,
    };
    world.set<Chan, "state">(chan, "state", next);
  } else world.learn(g, state.closed);
  finish(world, offer, value, ok);
  return {
    action: told(world, offer, "recv", ok ? value : closed),
    touches: [
      ok
        ? countedTouch(number, touches.recv, state.receives, chan.cap)
        : touch(number, touches.recvClosed),
    ],
  };
}

/** Stands for what a receive on a closed channel gets. */
const closed: unique symbol = Symbol("closed");

function told(
  world: World,
  { chan, arm }: Offer,
  kind: "send" | "recv",
  value: unknown,
  partner?: Goroutine,
): Effect["action"] {
  if (!world.telling) return untold;
  const { object } = world.objects.chan(chan);
  const shown = value === closed ? "closed" : world.core.show(value, world.types.elem(chan.type));
  if (arm !== null) return { kind: "select", object, arm, value: shown };
  if (partner === undefined) return { kind, object, value: shown };
  return { kind, object, value: shown, partner: partner.id };
}

function close(world: World, g: Goroutine, op: Extract<ChanOp, { op: "close" }>): Effect {
  const chan = world.operand(g, op.chan);
  const text = chan instanceof Chan ? "close of closed channel" : "close of nil channel";
  if (!(chan instanceof Chan)) {
    world.panic(g, text);
    return { action: { kind: "panic", text }, touches: noTouches };
  }
  const number = world.objects.chanNumber(chan);
  if (chan.closed) {
    world.panic(g, text);
    return { action: { kind: "panic", text }, touches: [touch(number, touches.closeClosed)] };
  }
  const next: ChanState = { ...stateOf(chan), closed: g.clock };
  world.set<Chan, "state">(chan, "state", next);
  world.set<Chan, "closed">(chan, "closed", true);
  world.complete(g, null);
  const action: Effect["action"] = world.telling
    ? { kind: "close", object: world.objects.chan(chan).object }
    : untold;
  return { action, touches: [touch(number, touches.close)] };
}

function takeDefault(world: World, g: Goroutine, op: SelectOp): Effect {
  const polled = offersOf(world, g).map((it) => pollTouch(world, it));
  world.complete(g, selected(world, g, op, -1, undefined, false));
  return { action: { kind: "select", object: null, arm: -1, value: "" }, touches: polled };
}

function valueOf(world: World, offer: Offer): Value {
  return offer.value === null ? null : world.operand(offer.thread, offer.value);
}

/** The thread moves past its operation. */
function finish(world: World, { thread: g, arm }: Offer, value: Value, ok: boolean): void {
  const op = opOf(g);
  if (op?.op === "select") world.complete(g, selected(world, g, op, arm ?? -1, value, ok));
  else if (op?.op === "recv") world.complete(g, op.commaOk ? [value, ok] : value);
  else world.complete(g, null);
}

/** The tuple (index, received ok, value of 1st receive case, …). */
function selected(
  world: World,
  g: Goroutine,
  op: SelectOp,
  arm: number,
  value: Value,
  ok: boolean,
): Value {
  const received = op.cases.flatMap((it, index) => {
    if (it.dir !== "recv") return [];
    if (index === arm) return [value];
    const chan = world.operand(g, it.chan);
    return [chan instanceof Chan ? world.types.zero(world.types.elem(chan.type)) : null];
  });
  return [arm, ok, ...received];
}

/** A timer sends the time without waiting; false when the channel is full. */
export function offerValue(world: World, g: Goroutine, chan: Chan, value: Value): boolean {
  if (chan.buffer.length >= chan.cap || chan.closed) return false;
  const state = stateOf(chan);
  const next: ChanState = {
    ...state,
    sent: [...state.sent, g.clock],
    freed: state.freed.slice(slotReused(chan) ? 1 : 0),
    sends: state.sends + 1,
  };
  world.set<Chan, "state">(chan, "state", next);
  world.set(chan, "buffer", [...chan.buffer, value]);
  return true;
}

/** How many values have been sent so far. */
export function sendsOf(chan: Chan): number {
  return stateOf(chan).sends;
}

/** What emptying a timer's channel is to others. */
export function drainTouch(world: World, chan: Chan): Effect["touches"][number] {
  const number = world.objects.chanNumber(chan);
  const kind = chan.buffer.length > 0 ? touches.recv : touches.poll;
  return countedTouch(number, kind, stateOf(chan).receives, chan.cap);
}

/** Empties a timer's channel; whether there was something. */
export function drain(world: World, chan: Chan): boolean {
  if (chan.buffer.length === 0) return false;
  const state = stateOf(chan);
  const receives = state.receives + chan.buffer.length;
  world.set<Chan, "state">(chan, "state", { ...state, sent: [], receives });
  world.set(chan, "buffer", []);
  return true;
}

/** What the operation would touch, for a thread that has not done it yet. */
export function channelTouches(world: World, g: Goroutine, op: ChanOp): Effect["touches"] {
  if (op.op === "close") {
    const chan = world.operand(g, op.chan);
    if (!(chan instanceof Chan)) return noTouches;
    return [
      touch(world.objects.chanNumber(chan), chan.closed ? touches.closeClosed : touches.close),
    ];
  }
  return offersOf(world, g).map((it) => wantedTouch(world, it));
}

function pollTouch(world: World, { chan }: Offer): Effect["touches"][number] {
  return countedTouch(world.objects.chanNumber(chan), touches.poll, 0, chan.cap);
}

function wantedTouch(world: World, offer: Offer): Effect["touches"][number] {
  const { chan, dir, blocking } = offer;
  if (!blocking) return pollTouch(world, offer);
  const { sends, receives } = stateOf(chan);
  const number = world.objects.chanNumber(chan);
  return dir === "send"
    ? countedTouch(number, chan.closed ? touches.sendClosed : touches.send, sends, chan.cap)
    : countedTouch(number, touches.recv, receives, chan.cap);
}

/** What a thread that stands before a send, a receive or a select is willing to do; null before anything else. */
export function willing(world: World, g: Goroutine): Offers | null {
  const op = opOf(g);
  if (op === null || (op.op !== "send" && op.op !== "recv" && op.op !== "select")) return null;
  const cases = offersOf(world, g).map(
    ({ chan, dir, arm }): OfferCase => ({
      arm: arm ?? -1,
      send: dir === "send",
      object: world.objects.chanNumber(chan),
      cap: chan.cap,
    }),
  );
  return { cases, fallback: op.op === "select" && !op.blocking };
}
