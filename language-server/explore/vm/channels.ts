// Channels and select. Waiting senders and receivers are no state: any two threads that stand before opposite
// operations on an unbuffered channel may meet, in one event of both (a parked goroutine cannot tell who came first).

import { BugError, present, unreachable } from "../../base/assert.js";
import type { Choice } from "../../../protocol/witness.js";
import { spanOf } from "../../ir/access.js";
import type { Reg } from "../../ir/ir.js";
import type { OpInstr, Value } from "./core.js";
import type { Goroutine } from "./goroutine.js";
import { untold } from "./machine.js";
import { touch, touches, type OfferCase, type Offers, type Touch } from "./touch.js";
import { isTime } from "./show.js";
import { Chan } from "./values.js";
import { joinClocks, zeroClock } from "./vector-clock.js";
import { effect, noTouches, opOf, type Effect, type World } from "./world.js";

export type ChanOp = Extract<OpInstr, { op: "send" | "recv" | "close" | "select" }>;
type SelectOp = Extract<OpInstr, { op: "select" }>;

/** One thing a thread is willing to do: its operation, or one case of its select. */
interface Offer extends OfferCase {
  readonly thread: Goroutine;
  readonly chan: Chan;
  readonly value: Reg | null;
}

/** What a thread before a channel operation is willing to do. */
export interface Willing {
  readonly cases: readonly Offer[];
  /** The select has a default. */
  readonly fallback: boolean;
  /** The same for others, who keep it. */
  readonly offers: Offers | null;
}

const unwilling: Willing = { cases: [], fallback: false, offers: null };

/** Asked often while the thread stands there, hence kept. */
function willingOf(world: World, g: Goroutine): Willing {
  return (g.willing ??= asked(world, g));
}

function asked(world: World, g: Goroutine): Willing {
  const op = opOf(g);
  if (op?.op !== "send" && op?.op !== "recv" && op?.op !== "select") return unwilling;
  const cases: Offer[] = [];
  const told: OfferCase[] = [];
  const offer = (reg: Reg, send: boolean, arm: number, value: Reg | null): void => {
    const chan = world.operand(g, reg);
    if (!(chan instanceof Chan)) return;
    const object = world.objects.number(chan, 0);
    const { cap } = chan;
    cases.push({ thread: g, chan, send, arm, value, object, cap });
    told.push({ arm, send, object, cap });
  };
  const fallback = op.op === "select" && !op.blocking;
  const willing: Willing = { cases, fallback, offers: { cases: told, fallback } };
  switch (op.op) {
    case "send":
      offer(op.chan, true, -1, op.value);
      return willing;
    case "recv":
      offer(op.chan, false, -1, null);
      return willing;
    case "select":
      op.cases.forEach((it, arm) => {
        offer(it.chan, it.dir === "send", arm, it.value);
      });
      return willing;
    default:
      return unreachable(op);
  }
}

/** What the thread is willing to do, if it stands before a send, a receive or a select. */
export function offersOf(world: World, g: Goroutine): Offers | null {
  return g.phase === "live" ? willingOf(world, g).offers : null;
}

/** Whether the offer can be taken up without another thread. */
function readyAlone({ chan, send }: Offer): boolean {
  if (chan.closed) return true;
  return send ? chan.buffer.length < chan.cap : chan.buffer.length > 0;
}

/** What may happen to a thread that stands before a channel operation. A rendezvous is listed with its sender. */
export function channelChoices(world: World, g: Goroutine, op: ChanOp): readonly Choice[] {
  if (op.op === "close") return g.alone;
  const { cases, fallback } = willingOf(world, g);
  const choices: Choice[] = [];
  let alone = false;
  for (const offer of cases) {
    if (readyAlone(offer)) {
      if (offer.arm < 0) return g.alone;
      alone = true;
      choices.push({ thread: g.id, arm: offer.arm });
    } else if (offer.send && offer.cap === 0) {
      meetings(world, offer, fallback, choices);
    }
  }
  if (fallback && !alone) choices.push({ thread: g.id, arm: -1 });
  return choices;
}

/** Who could take what `offer` sends. Two selects with a default never meet: neither waits. */
function meetings(world: World, offer: Offer, fallback: boolean, choices: Choice[]): void {
  const { thread: g, chan } = offer;
  for (const other of world.threads) {
    if (other === g || other.phase !== "live") continue;
    const theirs = willingOf(world, other);
    if (fallback && theirs.fallback) continue;
    for (const it of theirs.cases) {
      if (it.chan === chan && !it.send) choices.push(meeting(offer, it));
    }
  }
}

function meeting({ thread, arm }: Offer, theirs: Offer): Choice {
  return {
    thread: thread.id,
    ...(arm < 0 ? {} : { arm }),
    partner: theirs.thread.id,
    ...(theirs.arm < 0 ? {} : { partnerArm: theirs.arm }),
  };
}

export function performChannel(world: World, g: Goroutine, op: ChanOp, choice: Choice): Effect {
  if (op.op === "close") return close(world, g, op);
  if (op.op === "select" && choice.arm === -1) return takeDefault(world, g, op);
  const offer = caseOf(world, g, choice.arm);
  if (choice.partner !== undefined) return rendezvous(world, offer, choice);
  return offer.send ? send(world, offer) : receive(world, offer);
}

function caseOf(world: World, g: Goroutine, arm = -1): Offer {
  for (const it of willingOf(world, g).cases) if (it.arm === arm) return it;
  throw new BugError("no such channel case");
}

function rendezvous(world: World, offer: Offer, choice: Choice): Effect {
  const partner = world.thread(present(choice.partner, "partner"));
  const theirs = caseOf(world, partner, choice.partnerArm);
  const { thread: g, arm, object: number } = offer;
  const partnerOffers = willingOf(world, partner).offers;
  const value = valueOf(world, offer);
  world.tick(partner);
  const both = joinClocks(g.clock, partner.clock);
  world.learn(g, both);
  world.learn(partner, both);
  const told = tellOffer(world, offer, value);
  finish(world, offer, null, false);
  finish(world, theirs, value, true);
  const action = arm < 0 && told.kind === "send" ? { ...told, partner: partner.id } : told;
  const touched = [touch(number, touches.rendezvous)];
  return { action, touches: touched, partner, partnerOffers, stays: false };
}

/** `value`: what is sent or received; undefined when the channel was closed. */
function tellOffer(world: World, offer: Offer, value: Value): Effect["action"] {
  if (!world.telling) return untold;
  const { chan, arm, thread } = offer;
  const object = world.objects.chan(chan);
  const elem = world.types.elem(chan.type);
  // The time that a timer sends tells nobody anything.
  const plain = value !== undefined && isTime(world.types, elem);
  const shown = value === undefined ? "closed" : plain ? "" : world.core.show(value, elem);
  if (arm >= 0) {
    const op = opOf(thread);
    const span = op?.op === "select" ? (op.cases[arm]?.span ?? 0) : 0;
    const at = span === 0 ? {} : { at: spanOf(world.program, span) };
    return { kind: "select", object, arm, value: shown, ...at };
  }
  return { kind: offer.send ? "send" : "recv", object, value: shown };
}

function send(world: World, offer: Offer): Effect {
  const { thread: g, chan } = offer;
  const touched = [sendTouch(offer)];
  if (chan.closed) {
    const text = "send on closed channel";
    if (world.telling) world.objects.chan(chan);
    world.panic(g, text);
    return effect({ kind: "panic", text }, touched);
  }
  const value = valueOf(world, offer);
  put(world, g, chan, value);
  const told = tellOffer(world, offer, value);
  finish(world, offer, null, false);
  return effect(told, touched);
}

/** The value goes to the buffer. A slot that has been used before was freed by a receive that happens before. */
function put(world: World, g: Goroutine, chan: Chan, value: Value): void {
  world.own(chan);
  const { freed } = chan;
  if (slotReused(chan)) {
    world.learn(g, freed[0] ?? zeroClock);
    chan.freed = freed.slice(1);
  }
  chan.buffer = [...chan.buffer, value];
  chan.sent = [...chan.sent, g.clock];
  chan.sends++;
}

/** Whether the next value goes to a slot that has been used before. */
function slotReused({ sent, freed, cap }: Chan): boolean {
  return sent.length + freed.length >= cap;
}

function receive(world: World, offer: Offer): Effect {
  const { thread: g, chan } = offer;
  const touched = [recvTouch(offer)];
  const ok = chan.buffer.length > 0;
  const value = ok ? chan.buffer[0] : world.types.zero(world.types.elem(chan.type));
  if (ok) {
    world.learn(g, chan.sent[0] ?? zeroClock);
    world.own(chan);
    chan.buffer = chan.buffer.slice(1);
    chan.sent = chan.sent.slice(1);
    chan.freed = [...chan.freed, g.clock];
    chan.recvs++;
  } else world.learn(g, chan.closing);
  finish(world, offer, value, ok);
  return effect(tellOffer(world, offer, ok ? value : undefined), touched);
}

function close(world: World, g: Goroutine, op: Extract<ChanOp, { op: "close" }>): Effect {
  const chan = world.operand(g, op.chan);
  const text = chan instanceof Chan ? "close of closed channel" : "close of nil channel";
  if (!(chan instanceof Chan)) {
    world.panic(g, text);
    return effect({ kind: "panic", text }, noTouches);
  }
  const object = world.telling ? world.objects.chan(chan) : 0;
  const touched = [closeTouch(world, chan)];
  if (chan.closed) {
    world.panic(g, text);
    return effect({ kind: "panic", text }, touched);
  }
  world.own(chan).closing = g.clock;
  chan.closed = true;
  world.complete(g, null);
  return effect(world.telling ? { kind: "close", object } : untold, touched);
}

function takeDefault(world: World, g: Goroutine, op: SelectOp): Effect {
  const polled = pollTouches(world, g);
  world.complete(g, selected(world, g, op, -1, undefined, false));
  return effect(
    world.telling ? { kind: "select", object: null, arm: -1, value: "" } : untold,
    polled,
  );
}

function valueOf(world: World, offer: Offer): Value {
  return offer.value === null ? null : world.operand(offer.thread, offer.value);
}

/** The thread moves past its operation. */
function finish(world: World, { thread: g, arm }: Offer, value: Value, ok: boolean): void {
  const op = opOf(g);
  if (op?.op === "select") world.complete(g, selected(world, g, op, arm, value, ok));
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
  world.own(chan);
  if (slotReused(chan)) chan.freed = chan.freed.slice(1);
  chan.sent = [...chan.sent, g.clock];
  chan.buffer = [...chan.buffer, value];
  chan.sends++;
  return true;
}

/** Empties a timer's channel; whether there was something. */
export function drain(world: World, chan: Chan): boolean {
  const { length } = chan.buffer;
  if (length === 0) return false;
  world.own(chan);
  chan.buffer = [];
  chan.sent = [];
  chan.recvs += length;
  return true;
}

// ── Touches ─────────────────────────────────────────────────────────────────────────────────────

/** What a timer's send touches. */
export function firingTouch(world: World, chan: Chan): Touch {
  return touch(world.objects.number(chan, 0), touches.send, chan.sends, chan.cap);
}

/** What emptying a timer's channel is to others. */
export function drainTouch(world: World, chan: Chan): Touch {
  const kind = chan.buffer.length > 0 ? touches.recv : touches.poll;
  return touch(world.objects.number(chan, 0), kind, chan.recvs, chan.cap);
}

/** `len` was asked for. */
export function pollTouch(world: World, chan: Chan): Touch {
  return touch(world.objects.number(chan, 0), touches.poll, 0, chan.cap);
}

function sendTouch({ chan, object, cap }: Offer): Touch {
  if (chan.closed) return touch(object, touches.sendClosed, 0, cap);
  return touch(object, touches.send, chan.sends, cap);
}

function recvTouch({ chan, object, cap }: Offer): Touch {
  if (chan.closed && chan.buffer.length === 0) return touch(object, touches.recvClosed, 0, cap);
  return touch(object, touches.recv, chan.recvs, cap);
}

/** Of who waits to receive: what it hopes for. */
function wantedTouch(offer: Offer): Touch {
  const { chan, object, cap } = offer;
  return offer.send ? sendTouch(offer) : touch(object, touches.recv, chan.recvs, cap);
}

function closeTouch(world: World, chan: Chan): Touch {
  const kind = chan.closed ? touches.closeClosed : touches.close;
  return touch(world.objects.number(chan, 0), kind, 0, chan.cap);
}

function pollTouches(world: World, g: Goroutine): readonly Touch[] {
  return willingOf(world, g).cases.map((it) => touch(it.object, touches.poll, 0, it.cap));
}

/** What the operation would touch, for a thread that has not done it yet. */
export function channelTouches(world: World, g: Goroutine, op: ChanOp): readonly Touch[] {
  if (op.op === "close") {
    const chan = world.operand(g, op.chan);
    return chan instanceof Chan ? [closeTouch(world, chan)] : [];
  }
  const { cases, fallback } = willingOf(world, g);
  if (fallback) return pollTouches(world, g);
  return cases.map(wantedTouch);
}

/** What a select that took `arm` found not ready. */
export function passedOver(world: World, g: Goroutine, arm: number): readonly Touch[] {
  const { cases } = willingOf(world, g);
  const others = cases.filter((it) => it.arm !== arm);
  return others.map((it) => touch(it.object, touches.poll, 0, it.cap));
}
