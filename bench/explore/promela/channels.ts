// Channels. A channel of Go is one of an array of SPIN's, and which array it is in depends on its capacity, so that an
// operation has a way for each array it could mean.

import { present } from "../../../language-server/base/assert.js";
import { underlying } from "../../../language-server/ir/access.js";
import type { Instr, Reg } from "../../../language-server/ir/ir.js";
import type { TypeId } from "../../../language-server/ir/types.js";
import { act, assign, type Line } from "./line.js";
import type { Scope } from "./local.js";
import type { ChannelClass } from "./memory.js";
import { cells, cellsOf, NotTranslated, paren, scalar, type Value } from "./value.js";
import { way, type Way } from "./way.js";

interface Sending {
  readonly dir: "send";
  readonly chan: string;
  readonly elem: TypeId;
  readonly values: readonly string[];
}

interface Receiving {
  readonly dir: "recv";
  readonly chan: string;
  readonly elem: TypeId;
  /** Variables for the value and for whether there was one. */
  readonly values: readonly string[];
  readonly ok: string;
}

type Operation = Sending | Receiving;

/** A send or a receive that stands alone. */
export function channelWays(
  instr: Extract<Instr, { op: "send" | "recv" }>,
  pc: string,
  scope: Scope,
): readonly Way[] {
  if (instr.op === "send") return waysOf(sending(instr.chan, instr.value, scope), pc, scope, []);
  const it = receiving(instr.chan, instr.dst === null ? "nobody" : `r${instr.dst}`, scope);
  if (instr.dst !== null) {
    const value = cells(...it.values);
    const result: Value = { kind: "tuple", elems: [value, cells(it.ok)] };
    scope.define(instr.dst, instr.commaOk ? result : value);
  }
  return waysOf(it, pc, scope, []);
}

function sending(chan: Reg, value: Reg, scope: Scope): Sending {
  const values = cellsOf(scope.read(value));
  return { dir: "send", chan: scalar(scope.read(chan)), elem: elementOf(chan, scope), values };
}

function receiving(chan: Reg, name: string, scope: Scope): Receiving {
  const elem = elementOf(chan, scope);
  const width = scope.memory.width(elem);
  const values = Array.from({ length: width }, (_, i) => scope.named(`${name}_value${i || ""}`));
  const ok = scope.named(`${name}_ok`);
  return { dir: "recv", chan: scalar(scope.read(chan)), elem, values, ok };
}

function elementOf(chan: Reg, scope: Scope): TypeId {
  const type = underlying(scope.program, scope.typeOf(chan));
  if (type.kind !== "chan") throw new NotTranslated(`a ${type.kind} as a channel`);
  return type.elem;
}

/** The arrays the channel may be in. */
function classesOf(it: Operation, scope: Scope): readonly ChannelClass[] {
  return scope.memory.classes().filter(({ elem }) => elem === it.elem);
}

/** `also`: what happens besides, in every way. */
function waysOf(it: Operation, pc: string, scope: Scope, also: readonly Line[]): readonly Way[] {
  const meets = classesOf(it, scope).map((channels) =>
    channels.capacity === 0 ? rendezvous(it, channels, pc, also) : buffered(it, channels, also),
  );
  const over = it.dir === "send" ? [closedSend(it)] : closedReceives(it, scope, also);
  return [...meets, ...over];
}

function rendezvous(it: Operation, channels: ChannelClass, pc: string, also: readonly Line[]): Way {
  const { name } = channels;
  const nobody = it.dir === "send" ? 0 : 1;
  const here = `(${pc} && ${name}_has(${it.chan}) -> ${name}_at(${it.chan}) : ${nobody})`;
  if (it.dir === "send") {
    const message = [...it.values, `closed[${it.chan}]`].join(", ");
    const meeting = { text: `${name}[${here}]!${message}`, targets: [] };
    return { guard: null, meeting, effect: also, then: "next" };
  }
  const message = [...it.values, "0"].join(", ");
  const meeting = { text: `${name}[${here}]?${message}`, targets: it.values };
  return { guard: null, meeting, effect: [assign(it.ok, "1"), ...also], then: "next" };
}

function buffered(it: Operation, channels: ChannelClass, also: readonly Line[]): Way {
  const { name, capacity } = channels;
  const channel = `${name}[${name}_at(${it.chan})]`;
  const mine = `${name}_has(${it.chan})`;
  if (it.dir === "send") {
    const message = it.values.length === 0 ? "0" : it.values.join(", ");
    const guard = `${mine} && !closed[${it.chan}] && len(${channel}) < ${capacity}`;
    return way(guard, [act(`${channel}!${message}`), ...also]);
  }
  const message = it.values.length === 0 ? "0" : it.values.join(", ");
  const receive = act(`${channel}?${message}`, ...it.values);
  return way(`${mine} && len(${channel}) > 0`, [receive, assign(it.ok, "1"), ...also]);
}

const closedSend = ({ chan }: Sending): Way =>
  way(`${paren(chan)} != 0 && closed[${chan}]`, [], "panic");

/** A closed channel gives zeros when it is empty. */
function closedReceives(it: Receiving, scope: Scope, also: readonly Line[]): readonly Way[] {
  const zeros = [...it.values, it.ok].map((to) => assign(to, "0"));
  return classesOf(it, scope).map(({ name, capacity }) => {
    const empty = capacity === 0 ? "" : ` && len(${name}[${name}_at(${it.chan})]) == 0`;
    return way(`${name}_has(${it.chan}) && closed[${it.chan}]${empty}`, [...zeros, ...also]);
  });
}

export function closeWays(chan: Reg, scope: Scope): readonly Way[] {
  const it = scalar(scope.read(chan));
  const open = `${paren(it)} != 0 && !closed[${it}]`;
  return [way(open, [act(`closed[${it}] = 1`)]), way(`!(${open})`, [], "panic")];
}

export function selectWays(
  instr: Extract<Instr, { op: "select" }>,
  pc: string,
  scope: Scope,
): readonly Way[] {
  const index = scope.named(`r${instr.dst}_case`);
  const ok = scope.named(`r${instr.dst}_ok`);
  const operations = instr.cases.map(
    (it, i): Operation =>
      it.dir === "send"
        ? sending(it.chan, present(it.value, "value to send"), scope)
        : { ...receiving(it.chan, `r${instr.dst}_${i}`, scope), ok },
  );
  const received = operations.filter((it) => it.dir === "recv").map((it) => cells(...it.values));
  scope.define(instr.dst, { kind: "tuple", elems: [cells(index), cells(ok), ...received] });
  const cases = operations.flatMap((it, i) => {
    // Values of the other cases are zero.
    const others = operations.flatMap((other) =>
      other.dir === "recv" && other !== it ? other.values : [],
    );
    const answers = it.dir === "send" ? [assign(ok, "0")] : [];
    const zeros = others.map((other) => assign(other, "0"));
    return waysOf(it, pc, scope, [assign(index, String(i)), ...answers, ...zeros]);
  });
  if (instr.blocking) return cases;
  const all = operations.flatMap((it) => (it.dir === "recv" ? it.values : []));
  const nothing = [index, ok, ...all].map((it, i) => assign(it, i === 0 ? "-1" : "0"));
  const blocked = operations.map((it) => `!(${readiness(it, scope)})`).join(" && ");
  return [...cases, way(blocked === "" ? null : blocked, nothing)];
}

/** Whether a case could go on now. At an unbuffered channel that is up to others, which no guard of SPIN's can ask. */
function readiness(it: Operation, scope: Scope): string {
  const options = classesOf(it, scope).map(({ name, capacity }) => {
    if (capacity === 0) throw new NotTranslated("select with default on an unbuffered channel");
    const length = `len(${name}[${name}_at(${it.chan})])`;
    const room = it.dir === "send" ? `${length} < ${capacity}` : `${length} > 0`;
    return `(${name}_has(${it.chan}) && (closed[${it.chan}] || ${room}))`;
  });
  return options.length === 0 ? "0" : options.join(" || ");
}
