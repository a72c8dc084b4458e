// `happens-before/go` as instructions: what in Go is `sync`, channels, `time` and `context`.

import type { ts } from "ts-morph";
import type { Reg, SyncFn } from "../../../ir/ir.js";
import { goLibraryFolder } from "../models.js";
import type { GoFn } from "./fn.js";
import { lowerSelect } from "./select.js";
import { emitTimer, sleepFor } from "./times.js";
import { argumentsOf, nameFor } from "./values.js";

/** A variable of the library's: one of the prelude's has its name. */
export function libraryValue(fn: GoFn, node: ts.Identifier): Reg | null {
  const symbol = fn.shared.scopes.symbolOf(node);
  const file = symbol?.valueDeclaration?.getSourceFile();
  if (symbol === undefined || file === undefined) return null;
  if (!file.fileName.startsWith(goLibraryFolder) || file === node.getSourceFile()) return null;
  const own = fn.snippet.prelude.get(symbol.name);
  const global = own === undefined ? undefined : fn.shared.globals.get(own);
  if (global === undefined || !fn.ts.isVariableDeclaration(symbol.valueDeclaration ?? node)) {
    return fn.gap(node, `${symbol.name} of happens-before/go that is not called at once`);
  }
  return fn.load(fn.globalAddress(global, fn.span(node)), fn.span(node));
}

export function callLibrary(fn: GoFn, name: string, node: ts.CallExpression): Reg {
  const [first] = node.arguments;
  switch (name) {
    case "go":
      if (first !== undefined) spawn(fn, taskOf(fn, first), node);
      return fn.undefined(node);
    case "chan":
      return makeChan(
        fn,
        first === undefined ? fn.literal(0, node) : fn.expr(first),
        nameFor(fn, node, ""),
        node,
      );
    case "select":
      return lowerSelect(fn, node);
    case "sleep":
      return sleepFor(fn, first === undefined ? fn.literal(0, node) : fn.expr(first), node);
    case "after":
      return after(fn, first === undefined ? fn.literal(0, node) : fn.expr(first), node);
    case "background":
    case "withCancel":
    case "withTimeout":
      return fn.callPrelude(name, argumentsOf(fn, node), node);
    default:
      return fn.gap(node, `${name}() outside of select()`);
  }
}

/** The task, named after the function it is written in. */
function taskOf(fn: GoFn, node: ts.Expression): Reg {
  const { ts } = fn;
  const isLiteral =
    ts.isArrowFunction(node) || (ts.isFunctionExpression(node) && node.name === undefined);
  return isLiteral ? fn.shared.lowering.func(fn, node, "") : fn.expr(node);
}

function spawn(fn: GoFn, value: Reg, node: ts.Node): void {
  const callee = { kind: "dynamic", value, self: null } as const;
  fn.b.emit({ op: "spawn", callee, args: [], span: fn.span(node) });
}

function makeChan(fn: GoFn, capacity: Reg, name: string, node: ts.Node): Reg {
  const dst = fn.typed(fn.types.chan);
  const short = name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : name;
  fn.b.emit({
    op: "make",
    dst,
    type: fn.types.chan,
    args: [capacity],
    name: short,
    span: fn.span(node),
  });
  return fn.note(dst, { kind: "library", name: "Chan" });
}

// Objects

const fields: Readonly<Record<string, readonly string[]>> = {
  Mutex: [],
  RWMutex: [],
  WaitGroup: [],
  Once: [],
  Cond: ["lock"],
};

export function newLibraryObject(fn: GoFn, node: ts.NewExpression): Reg | null {
  const symbol = fn.shared.scopes.symbolOf(node.expression);
  const file = symbol?.valueDeclaration?.getSourceFile().fileName ?? "";
  if (symbol === undefined || !file.startsWith(goLibraryFolder)) return null;
  const { name } = symbol;
  const [first] = node.arguments ?? [];
  if (name === "Semaphore") {
    const size = first === undefined ? fn.literal(1, node) : fn.expr(first);
    return fn.note(makeChan(fn, size, nameFor(fn, node, ""), node), { kind: "library", name });
  }
  if (isGlobal(fn, node)) return fn.noteInline(fn.undefined(node));
  const more = fields[name];
  if (more === undefined) return fn.gap(node, `new ${name}`);
  const type = fn.types.sync(name, more);
  const object = fn.allocate(type, nameFor(fn, node, name.toLowerCase()), fn.span(node));
  if (name === "Cond" && first !== undefined) {
    fn.store(lockField(fn, object, node), fn.expr(first), fn.span(node));
  }
  return fn.note(object, { kind: "library", name });
}

/** Whether the object is a variable at the top of a module, and lies there. */
function isGlobal(fn: GoFn, node: ts.NewExpression): boolean {
  const { ts, checker, globals } = fn.shared;
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent)) return false;
  const symbol = checker.getSymbolAtLocation(parent.name);
  return symbol !== undefined && globals.has(symbol) && fn.types.ofGlobal(symbol) !== fn.types.any;
}

function lockField(fn: GoFn, cond: Reg, node: ts.Node): Reg {
  const dst = fn.b.reg(fn.types.cell);
  const type = fn.types.sync("Cond", ["lock"]);
  fn.b.emit({ op: "field", dst, base: cond, type, field: 1, name: "lock", span: fn.span(node) });
  return dst;
}

// Methods

type Method = (fn: GoFn, base: Reg, args: readonly Reg[], node: ts.CallExpression) => Reg;

const acquire =
  (shared: boolean): Method =>
  (fn, lock, _args, node) => {
    fn.b.emit({ op: "acquire", lock, shared, span: fn.span(node) });
    return fn.undefined(node);
  };

const release =
  (shared: boolean): Method =>
  (fn, lock, _args, node) => {
    fn.b.emit({ op: "release", lock, shared, span: fn.span(node) });
    return fn.undefined(node);
  };

const tryAcquire =
  (shared: boolean): Method =>
  (fn, lock, _args, node) => {
    const dst = fn.boolean();
    fn.b.emit({ op: "try-acquire", dst, lock, shared, span: fn.span(node) });
    return dst;
  };

const sync =
  (name: SyncFn): Method =>
  (fn, object, args, node) => {
    fn.b.emit({ op: "sync", dst: null, fn: name, object, args, span: fn.span(node) });
    return fn.undefined(node);
  };

const counts =
  (delta: number): Method =>
  (fn, object, _args, node) =>
    sync("wg-add")(fn, object, [fn.literal(delta, node)], node);

/** Adds, starts, and takes off at the end, whatever the end is. */
const waitGroupGo: Method = (fn, group, [task], node) => {
  if (task === undefined) return fn.undefined(node);
  counts(1)(fn, group, [], node);
  const display = closureName(fn, node);
  const wrapped = fn.thunk(display, [group, task], node, ([inGroup, run], inner) => {
    if (inGroup === undefined || run === undefined) return;
    inner.call(run, null, [], inner.span(node));
    counts(-1)(inner, inGroup, [], node);
  });
  spawn(fn, wrapped, node);
  return fn.undefined(node);
};

function closureName(fn: GoFn, node: ts.CallExpression): string {
  const [task] = node.arguments;
  return task !== undefined && fn.ts.isIdentifier(task) ? task.text : `func${fn.unnamed}`;
}

const receive: Method = (fn, chan, _args, node) => {
  const { types } = fn;
  const span = fn.span(node);
  const tuple = fn.typed(types.received);
  fn.b.emit({ op: "recv", dst: tuple, chan, commaOk: true, span });
  return received(
    fn,
    fn.extract(tuple, 0, types.any, span),
    fn.extract(tuple, 1, types.bool, span),
    node,
  );
};

function received(fn: GoFn, value: Reg, ok: Reg, node: ts.Node): Reg {
  const { types } = fn;
  const span = fn.span(node);
  const object = fn.note(fn.allocate(types.object, "complit", span), { kind: "object" });
  fn.setProp(object, fn.literal("value", node), value, span);
  fn.setProp(object, fn.literal("ok", node), ok, span);
  return object;
}

const send: Method = (fn, chan, [value], node) => {
  fn.b.emit({ op: "send", chan, value: value ?? fn.undefined(node), span: fn.span(node) });
  return fn.undefined(node);
};

const trySend: Method = (fn, chan, [value], node) => {
  const span = fn.span(node);
  const dst = fn.typed(fn.types.tuple([fn.types.int, fn.types.bool]));
  const cases = [{ dir: "send", chan, value: value ?? fn.undefined(node), span }] as const;
  fn.b.emit({ op: "select", dst, cases, blocking: false, span });
  const index = fn.extract(dst, 0, fn.types.int, span);
  return fn.prim("js.eq", [index, fn.literal(0, node)], node);
};

const tryReceive: Method = (fn, chan, _args, node) => {
  const { types } = fn;
  const span = fn.span(node);
  const dst = fn.typed(types.tuple([types.int, types.bool, types.any]));
  const cases = [{ dir: "recv", chan, value: null, span }] as const;
  fn.b.emit({ op: "select", dst, cases, blocking: false, span });
  const none = fn.prim("js.lt", [fn.extract(dst, 0, types.int, span), fn.literal(0, node)], node);
  const [value, ok] = [fn.extract(dst, 2, types.any, span), fn.extract(dst, 1, types.bool, span)];
  return fn.choose(
    none,
    () => fn.literal(null, node),
    () => received(fn, value, ok, node),
    node,
  );
};

const close: Method = (fn, chan, _args, node) => {
  fn.b.emit({ op: "close", chan, span: fn.span(node) });
  return fn.undefined(node);
};

/** Unlocks, waits for a signal, locks again. */
const condWait: Method = (fn, cond, _args, node) => {
  const lock = fn.load(lockField(fn, cond, node), fn.span(node));
  sync("cond-enqueue")(fn, cond, [], node);
  release(false)(fn, lock, [], node);
  sync("cond-park")(fn, cond, [], node);
  return acquire(false)(fn, lock, [], node);
};

const onceDo: Method = (fn, once, [task], node) => {
  if (task === undefined) return fn.undefined(node);
  const begin = fn.thunk("begin", [once], node, ([it], inner) => {
    const dst = inner.boolean();
    inner.b.emit({
      op: "sync",
      dst,
      fn: "once-begin",
      object: it ?? null,
      args: [],
      span: inner.span(node),
    });
    inner.b.exit({ op: "return", values: [dst], span: inner.span(node) });
  });
  const end = fn.thunk("end", [once], node, ([it], inner) => {
    if (it !== undefined) sync("once-end")(inner, it, [], node);
  });
  return fn.callPrelude("doOnce", [begin, end, task], node);
};

/** A channel of tokens, one for each place. */
const semaphoreRelease: Method = (fn, chan, _args, node) => {
  const { types } = fn;
  const span = fn.span(node);
  const dst = fn.typed(types.tuple([types.int, types.bool, types.any]));
  const cases = [{ dir: "recv", chan, value: null, span }] as const;
  fn.b.emit({ op: "select", dst, cases, blocking: false, span });
  const none = fn.prim("js.lt", [fn.extract(dst, 0, types.int, span), fn.literal(0, node)], node);
  const fail = (): Reg =>
    fn.prim("js.throw", [fn.literal("semaphore: released more than held", node)], node);
  return fn.choose(none, fail, () => fn.undefined(node), node);
};

const methods: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  Mutex: { lock: acquire(false), unlock: release(false), tryLock: tryAcquire(false) },
  Locker: { lock: acquire(false), unlock: release(false) },
  RWMutex: {
    lock: acquire(false),
    unlock: release(false),
    tryLock: tryAcquire(false),
    rLock: acquire(true),
    rUnlock: release(true),
    tryRLock: tryAcquire(true),
  },
  WaitGroup: { add: sync("wg-add"), done: counts(-1), wait: sync("wg-wait"), go: waitGroupGo },
  Once: { do: onceDo },
  Cond: { wait: condWait, signal: sync("cond-signal"), broadcast: sync("cond-broadcast") },
  Semaphore: { acquire: send, release: semaphoreRelease, tryAcquire: trySend },
  Chan: { send, receive, close, trySend, tryReceive },
};

export function callLibraryMethod(
  fn: GoFn,
  owner: string,
  base: Reg,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
): Reg {
  const name = callee.name.text;
  const table = methods[owner];
  const method = table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
  if (method === undefined) return fn.gap(node, `${owner}.${name}()`);
  if (owner === "Semaphore" && node.arguments.length > 0)
    return fn.gap(node, "a semaphore's weights");
  const args =
    owner === "WaitGroup" && name === "go"
      ? node.arguments.map((it) => taskOf(fn, it))
      : argumentsOf(fn, node);
  return method(fn, base, args, node);
}

// Time

function after(fn: GoFn, millis: Reg, node: ts.Node): Reg {
  const chan = makeChan(fn, fn.literal(1, node), "after", node);
  emitTimer(fn, chan, millis, node);
  return chan;
}
