// Values from outside whose content nobody knows: modules and names of the platform that are not modelled, and all that comes of
// them. They may be passed on, stored, called and awaited; a call that is awaited is answered at any time. Where the program looks
// into one, it is something that lets the program go on: present, and what it is compared with. That is noted, and said.

import type { SpanId } from "../../ir/ir.js";
import type { Vm } from "./js-interp.js";
import { replyOf } from "./js-reply.js";
import type { MadeUp } from "./machine.js";

/** How the values of an execution came about. */
interface Origin {
  /** As messages spell it: `pool.query(...)`. */
  readonly name: string;
  /** The module or the name of the platform: `pg`. */
  readonly root: string;
  /** A call gives it, so that it may be a promise. */
  readonly called: SpanId | null;
  readonly members: Map<PropertyKey, unknown>;
  /** The primitive value it is known to be equal to. */
  same: { readonly value: unknown } | null;
  promise: object | null;
}

type Callback = (...args: unknown[]) => unknown;

/** Elements of whatever is gone through: enough for two of them to run into each other. */
const elements = 2;
const goesThrough = new Set(["forEach", "map", "flatMap"]);
/** Somebody who waits for one of these may be kept out by it, which nobody here knows: names that have such a word, or are it. */
const keepsOut = new Set(["acquire", "exclusive", "lock", "locks", "mutex", "permit", "semaphore"]);
const isTurn = new Set(["checkout", "enter", "take", "turn", "wait"]);
const listens = new Set(["addEventListener", "addListener", "on", "once"]);
/** Events that mostly do not come, or come last. */
const endings = new Set([
  "abort",
  "close",
  "disconnect",
  "end",
  "error",
  "exit",
  "finish",
  "timeout",
]);
const nodeModules = new Set(
  "child_process crypto dgram dns fs http http2 https net readline stream tls zlib".split(" "),
);
const longest = 60;

export class Outside {
  readonly #vm: Vm;
  readonly #origins = new WeakMap<object, Origin>();
  readonly #roots = new Map<string, object>();
  readonly #used = new Set<string>();
  readonly #texts = new Set<string>();
  /** A driver runs, which is there to see what goes on: texts are as they should be. */
  driven = false;
  #at: SpanId | null = null;
  #decides = false;

  constructor(vm: Vm) {
    this.#vm = vm;
  }

  /** What the execution took from outside so far; null: nothing. */
  get madeUp(): MadeUp | null {
    if (this.#at === null) return null;
    return { of: [...this.#used].sort(), decides: this.#decides, span: this.#at };
  }

  /** A module or a name of the platform: always the same value. */
  root(name: string, of = name): object {
    if (this.#vm.sharing !== null) this.#vm.unsupported(`the module "${name}"`);
    const known = this.#roots.get(name);
    if (known !== undefined) return known;
    const made = this.#value({ name, root: of, called: null });
    this.#roots.set(name, made);
    return made;
  }

  /** What a driver passes, or a reply of unknown type gives: an argument is the same for all calls. */
  given(name: string): object {
    const isReply = name.includes("(");
    return isReply ? this.fresh(name, name) : this.root(name, "");
  }

  /** A value of its own, as another reply gives it. */
  fresh(name: string, root: string): object {
    return this.#value({ name, root, called: null });
  }

  has(value: unknown): value is object {
    return typeof value === "function" && this.#origins.has(value);
  }

  nameOf(value: object): string | undefined {
    return this.#origins.get(value)?.name;
  }

  /** A call of something from outside; `self` is told apart from nothing else. */
  call(fn: object, args: readonly unknown[], name: string): unknown {
    const origin = this.#originOf(fn);
    this.#takes(origin);
    this.#refuseLocks(origin);
    if (args.some((it) => !this.has(it) && holdsFunctions(it))) this.#decides = true;
    const member = lastWord(origin.name);
    const [first] = args;
    if (goesThrough.has(member) && this.#vm.closureOf(first) !== undefined) {
      for (let index = 0; index < elements; index++) {
        (first as Callback)(this.#member(fn, `${index}`), index);
      }
    }
    if (this.#isCalledBack(member, origin.root, first, args.at(-1))) {
      this.#callBack(args.at(-1) as Callback, name);
    }
    const spelt = origin.name.length > longest || name === "callback" ? name : origin.name;
    return this.#value({ name: `${spelt}(...)`, root: origin.root, called: this.#vm.span });
  }

  construct(fn: object, newTarget: unknown): object {
    const origin = this.#originOf(fn);
    this.#takes(origin);
    this.#refuseLocks(origin);
    if (newTarget === undefined || newTarget === fn) {
      return this.#value({ name: origin.name, root: origin.root, called: null });
    }
    const { prototype } = newTarget as { readonly prototype: object };
    const made = Object.create(prototype) as object;
    this.#vm.seen?.footprint.made(made);
    return made;
  }

  /** A text that somebody outside has written: here stands anything for it. */
  text(text: string): string {
    this.#texts.add(text);
    return text;
  }

  /** What comes of the text of a reply, which nobody here has written; null: of another call, or another text. */
  parsed(fn: unknown, [text]: readonly unknown[]): object | null {
    if (fn !== JSON.parse) return null;
    if (this.has(text)) return this.derived(text, "JSON.parse");
    return this.driven && this.#texts.has(text as string)
      ? this.fresh("JSON.parse(...)", "a text from outside")
      : null;
  }

  /** What is awaited instead of it: the promise of a reply, when a call gave it. */
  awaited(value: unknown): unknown {
    if (!this.has(value)) return value;
    const origin = this.#originOf(value);
    return origin.called === null ? value : this.#promiseOf(origin);
  }

  /** Whether the two are the same, when one of them is from outside; null: neither is. */
  equal(a: unknown, b: unknown): boolean | null {
    const [mine, other] = this.has(a) ? [a, b] : this.has(b) ? [b, a] : [null, null];
    if (mine === null) return null;
    const isObject = typeof other === "object" && other !== null;
    if (mine === other || isObject || typeof other === "function") return mine === other;
    const origin = this.#originOf(mine);
    this.looksInto(mine);
    if (!Boolean(other) || other === "undefined") return false;
    origin.same ??= { value: other };
    return origin.same.value === other;
  }

  /** The program's way depends on the value. */
  looksInto(value: object): void {
    this.#takes(this.#originOf(value));
    this.#decides = true;
  }

  /** What reading a text or a type from a value gives. */
  derived(value: object, name: string): object {
    const origin = this.#originOf(value);
    return this.#value({ name: `${name}(${origin.name})`, root: origin.root, called: null });
  }

  /** Listeners of one event, and the callbacks of Node's own modules. */
  #isCalledBack(member: string, root: string, event: unknown, last: unknown): boolean {
    if (typeof last !== "function" || this.has(last)) return false;
    if (listens.has(member)) return typeof event === "string" && !endings.has(event);
    const isNode = root.startsWith("node:") || nodeModules.has(root);
    return isNode && this.#vm.closureOf(last) !== undefined && !/server|handler/i.test(member);
  }

  /** At any time, once; an error is what it is told last. */
  #callBack(callback: Callback, name: string): void {
    const vm = this.#vm;
    const func = vm.closureOf(callback)?.func;
    const [first] = func?.params ?? [];
    const called = func?.regNames.find((it) => it.reg === first)?.name ?? "";
    const value = (): object => this.fresh(`${name}(...)`, "");
    const run = (): void => {
      const args = /^_?(?:e|er|err|error)$/i.test(called)
        ? [null, value(), value()]
        : [value(), value()];
      vm.seen?.natives.calls(callback, undefined, args);
      Reflect.apply(callback, undefined, args);
    };
    const text = `when ${name}(...) calls back`;
    vm.loop.addTask({ kind: "reply", delay: 1, text, repeats: false, run }, `callback of ${name}`);
  }

  #originOf(value: object): Origin {
    return this.#origins.get(value) as Origin;
  }

  #takes({ root }: Origin): void {
    // Arguments are part of what a driver assumes.
    if (root !== "") this.#used.add(root);
    this.#at ??= this.#vm.span;
  }

  #refuseLocks({ name }: Origin): void {
    const words = lastWord(name)
      .split(/(?=[A-Z])|[^A-Za-z]+/)
      .map((it) => it.toLowerCase());
    if (words.some((it) => keepsOut.has(it)) || isTurn.has(lastWord(name)))
      this.#vm.unsupported(`what ${name} keeps out`);
  }

  #promiseOf(origin: Origin): object {
    if (origin.promise !== null) return origin.promise;
    this.#takes(origin);
    const { name, root } = origin;
    const answer = this.#value({ name, root, called: null });
    const span = origin.called ?? this.#vm.span;
    origin.promise = replyOf(this.#vm, name, () => answer, span);
    return origin.promise;
  }

  #value(parts: Pick<Origin, "name" | "root" | "called">): object {
    const origin: Origin = { ...parts, members: new Map(), same: null, promise: null };
    const vm = this.#vm;
    // It can be constructed, and has no property that must be shown.
    const target = function made(): void {}.bind(null);
    const value: object = new Proxy(target, {
      get: (_, key) => this.#member(value, key),
      set: (_, key, content) => {
        vm.seen?.footprint.imprecise();
        origin.members.set(key, content);
        return true;
      },
      apply: (_, __, args: readonly unknown[]) => this.call(value, args, origin.name),
      construct: (_, __, newTarget) => this.construct(value, newTarget),
      has: (_, key) => {
        this.looksInto(value);
        return origin.members.has(key);
      },
      ownKeys: () => {
        this.looksInto(value);
        return [];
      },
      getOwnPropertyDescriptor: () => undefined,
      getPrototypeOf: () => null,
      setPrototypeOf: () => true,
      defineProperty: () => true,
      deleteProperty: (_, key) => {
        vm.seen?.footprint.imprecise();
        origin.members.delete(key);
        return true;
      },
    });
    this.#origins.set(value, origin);
    vm.seen?.natives.tellsItself(value, { looks: false });
    return value;
  }

  #member(value: object, key: PropertyKey): unknown {
    const origin = this.#originOf(value);
    const known = origin.members.get(key);
    if (known !== undefined || origin.members.has(key)) return known;
    const made = this.#newMember(value, key, origin);
    if (made !== undefined) origin.members.set(key, made);
    return made;
  }

  #newMember(value: object, key: PropertyKey, origin: Origin): unknown {
    switch (key) {
      case "then":
      case "catch":
      case "finally":
        return origin.called === null ? undefined : this.#reaction(value, key);
      case "constructor":
        return Object;
      case Symbol.toPrimitive:
        return this.#own((hint: unknown) => this.#primitive(value, hint));
      case Symbol.iterator:
        return this.#own(() => this.#iterator(value, (result) => result));
      case Symbol.asyncIterator:
        return this.#own(() => {
          const next = `${origin.name}.next()`;
          const { span } = this.#vm;
          return this.#iterator(value, (it) => replyOf(this.#vm, next, () => it, span));
        });
    }
    if (typeof key === "symbol") return undefined;
    const name = /^\d/.test(String(key)) ? `[${String(key)}]` : `.${String(key)}`;
    return this.#value({ name: `${origin.name}${name}`, root: origin.root, called: null });
  }

  /** `call(…).then(…)`: of the reply. */
  #reaction(value: object, key: "then" | "catch" | "finally"): Callback {
    return this.#own((...args: unknown[]) => {
      const promise = this.#promiseOf(this.#originOf(value));
      const method = (promise as Readonly<Record<typeof key, Callback>>)[key];
      return Reflect.apply(method, promise, args);
    });
  }

  #primitive(value: object, hint: unknown): unknown {
    this.looksInto(value);
    const { same, name } = this.#originOf(value);
    if (same !== null) return same.value;
    return hint === "string" ? `<${name}>` : 1;
  }

  #iterator(value: object, give: (result: object) => object): object {
    this.looksInto(value);
    let index = 0;
    const next = (): object =>
      give(
        index >= elements
          ? { done: true, value: undefined }
          : { done: false, value: this.#member(value, `${index++}`) },
      );
    return { next: this.#own(next) };
  }

  #own<F extends Callback>(fn: F): F {
    return this.#vm.realm.promises.own(fn);
  }
}

function lastWord(name: string): string {
  return name.replace(/(?:\(\.\.\.\)|\[\d+\])+$/, "").replace(/^.*[./]/, "");
}

/** A function that somebody outside could call later, or something that has one. */
function holdsFunctions(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return value.some((it) => typeof it === "function");
  if (prototype !== Object.prototype && prototype !== null) return true;
  return Object.values(Object.getOwnPropertyDescriptors(value)).some(
    (it) => typeof it.value === "function",
  );
}
