// Functions that suspend: async functions, generators and both.

import { present } from "../../base/assert.js";
import type { FuncKind } from "../../ir/ir.js";
import { type Frame, funcOfFrame, spanOfFrame } from "./js-code.js";
import type { Vm } from "./js-interp.js";
import type { PromiseData } from "./js-promise.js";
import { isProgramError, type JsFunction, ReturnSignal } from "./js-values.js";

type Mode = "next" | "throw" | "return";

/** One request to an async generator that waits for its turn. */
interface Request {
  readonly mode: Mode;
  readonly value: unknown;
  readonly data: PromiseData;
}

export class Activations {
  readonly #vm: Vm;
  readonly #generator: object;
  readonly #asyncGenerator: object;
  readonly #frames = new WeakMap<object, Frame>();
  readonly #queues = new WeakMap<Frame, Request[]>();

  constructor(vm: Vm) {
    this.#vm = vm;
    this.#generator = this.#generatorPrototype();
    this.#asyncGenerator = this.#asyncGeneratorPrototype();
  }

  /** Generator functions have a prototype that their generators inherit from. */
  prepare(fn: JsFunction, kind: FuncKind): void {
    if (kind === "generator") fn.prototype = Object.create(this.#generator) as object;
    if (kind === "async-generator") fn.prototype = Object.create(this.#asyncGenerator) as object;
  }

  /** What a call of the function gives: a promise or a generator. */
  begin(frame: Frame, awaited: boolean): object {
    this.#vm.resultTaint = undefined;
    if (frame.code.func.kind === "async") return this.#beginAsync(frame, awaited);
    const prototype = present(frame.callee, "callee").prototype as object;
    const object = Object.create(prototype) as object;
    this.#vm.seen?.footprint.made(object);
    this.#frames.set(object, frame);
    if (frame.code.func.kind === "async-generator") this.#queues.set(frame, []);
    return object;
  }

  #beginAsync(frame: Frame, awaited: boolean): object {
    const vm = this.#vm;
    const { object, data } = vm.realm.promises.pending();
    const { resolve, reject } = data.resolvers();
    const outer = vm.loop.lane;
    const { through } = frame;
    // No lane of the program waits for what the event loop calls.
    const first = through === null && vm.top?.through?.quiet === true;
    const own = first || (!awaited && !(through?.awaited === true || through?.laned === true));
    if (own) vm.loop.startLane(through?.text ?? laneLabel(frame, first), vm.span);
    if (own && through !== null) through.laned = true;
    this.#drive(frame, own, {
      returned: (value) => {
        data.taint = frame.outTaint;
        resolve(value);
      },
      thrown: reject,
    });
    vm.loop.lane = outer;
    return object;
  }

  /** Runs an async function up to its end, from await to await. */
  #drive(
    frame: Frame,
    ownsLane: boolean,
    then: { returned: (value: unknown) => void; thrown: (error: unknown) => void },
  ): void {
    const vm = this.#vm;
    try {
      vm.run(frame);
    } catch (error) {
      if (!isProgramError(error)) throw error;
      then.thrown(error);
      if (ownsLane) vm.loop.endLane(spanOfFrame(frame), funcOfFrame(frame));
      return;
    }
    if (frame.status === "returned") {
      then.returned(frame.out);
      if (ownsLane) vm.loop.endLane(spanOfFrame(frame), funcOfFrame(frame));
      return;
    }
    this.#await(frame, () => {
      this.#drive(frame, ownsLane, then);
    });
  }

  /** The frame goes on, in its lane, when what it awaits is settled. */
  #await(frame: Frame, go: () => void): void {
    const { loop, realm } = this.#vm;
    const lane = loop.lane;
    const data = this.#guarded(() => realm.promises.resolved(realm.outside.awaited(frame.out)));
    if ("error" in data) {
      frame.injected = data;
      go();
      return;
    }
    const span = spanOfFrame(frame);
    loop.suspend(frame, span);
    const resume = (text: string, put: () => void): void => {
      loop.lane = lane;
      loop.resume(frame, span, data.clock, text);
      put();
      go();
    };
    data.react(
      (value) => {
        resume(value === undefined ? "" : `with ${realm.show(value)}`, () => {
          put(frame, value);
          if (frame.dst !== null) frame.taints[frame.dst] = data.taint;
        });
      },
      (error) => {
        resume(`with the exception ${realm.show(error)}`, () => {
          frame.injected = { error };
        });
      },
    );
  }

  #guarded(make: () => PromiseData): PromiseData | { readonly error: unknown } {
    try {
      return make();
    } catch (error) {
      if (!isProgramError(error)) throw error;
      return { error };
    }
  }

  #frameOf(generator: unknown, what: string): Frame {
    const frame = this.#frames.get(Object(generator) as object);
    if (frame === undefined) throw new TypeError(`${what} method called on incompatible receiver`);
    return frame;
  }

  #generatorPrototype(): object {
    const resume = (self: unknown, mode: Mode, value: unknown): unknown => {
      const frame = this.#frameOf(self, mode);
      this.#vm.seen?.footprint.uses(self as object, true);
      if (frame.parent !== null || frame === this.#vm.top) {
        throw new TypeError("Generator is already running");
      }
      return this.#resumeGenerator(frame, mode, value);
    };
    const prototype = {
      next: (self: unknown, value: unknown) => resume(self, "next", value),
      return: (self: unknown, value: unknown) => resume(self, "return", value),
      throw: (self: unknown, value: unknown) => resume(self, "throw", value),
    };
    const methods = methodsOf(prototype, Symbol.iterator, "Generator");
    Object.setPrototypeOf(methods, iteratorPrototype);
    for (const key of Reflect.ownKeys(methods)) {
      this.#vm.seen?.natives.tellsItself(Reflect.get(methods, key), { looks: false });
    }
    return methods;
  }

  #resumeGenerator(frame: Frame, mode: Mode, value: unknown): IteratorResult<unknown, unknown> {
    if (!enter(frame, mode, value)) {
      if (mode === "throw") throw value;
      return { value: mode === "return" ? value : undefined, done: true };
    }
    try {
      this.#vm.run(frame);
    } catch (error) {
      frame.status = "returned";
      if (error instanceof ReturnSignal) return { value: error.value, done: true };
      throw error;
    }
    return { value: frame.out, done: frame.status === "returned" };
  }

  #asyncGeneratorPrototype(): object {
    const request = (self: unknown, mode: Mode, value: unknown): object => {
      const frame = this.#frameOf(self, mode);
      const { object, data } = this.#vm.realm.promises.pending();
      const queue = present(this.#queues.get(frame), "queue");
      queue.push({ mode, value, data });
      if (queue.length === 1) this.#serve(frame, queue);
      return object;
    };
    const prototype = {
      next: (self: unknown, value: unknown) => request(self, "next", value),
      return: (self: unknown, value: unknown) => request(self, "return", value),
      throw: (self: unknown, value: unknown) => request(self, "throw", value),
    };
    return methodsOf(prototype, Symbol.asyncIterator, "AsyncGenerator");
  }

  /** Takes the first request of an async generator and runs it until it can be answered. */
  #serve(frame: Frame, queue: Request[]): void {
    const [request] = queue;
    if (request === undefined) return;
    const { mode, value } = request;
    const finished = frame.status === "returned" || (frame.dst === null && mode !== "next");
    if (finished) {
      frame.status = "returned";
      this.#answerFinished(frame, queue, request);
      return;
    }
    if (mode === "return") {
      // `return(v)` awaits v before the generator sees it.
      frame.out = value;
      this.#await(frame, () => {
        enter(frame, "return", frame.dst === null ? undefined : frame.regs[frame.dst]);
        this.#runAsyncGenerator(frame, queue);
      });
      return;
    }
    enter(frame, mode, value);
    this.#runAsyncGenerator(frame, queue);
  }

  #answerFinished(frame: Frame, queue: Request[], { mode, value }: Request): void {
    if (mode === "throw") this.#answer(frame, queue, { error: value });
    else if (mode === "next") this.#answer(frame, queue, { value: undefined, done: true });
    else {
      this.#vm.realm.promises.resolved(value).react(
        (it) => {
          this.#answer(frame, queue, { value: it, done: true });
        },
        (error) => {
          this.#answer(frame, queue, { error });
        },
      );
    }
  }

  #runAsyncGenerator(frame: Frame, queue: Request[]): void {
    try {
      this.#vm.run(frame);
    } catch (error) {
      if (!isProgramError(error)) throw error;
      frame.status = "returned";
      const back = error instanceof ReturnSignal;
      this.#answer(frame, queue, back ? { value: error.value, done: true } : { error });
      return;
    }
    if (frame.status === "await") {
      this.#await(frame, () => {
        this.#runAsyncGenerator(frame, queue);
      });
      return;
    }
    this.#answer(frame, queue, { value: frame.out, done: frame.status === "returned" });
  }

  #answer(
    frame: Frame,
    queue: Request[],
    result: { readonly error: unknown } | IteratorResult<unknown, unknown>,
  ): void {
    const request = present(queue.shift(), "request");
    const { resolve, reject } = request.data.resolvers();
    if ("error" in result) reject(result.error);
    else resolve(result);
    if (queue.length > 0) this.#serve(frame, queue);
  }
}

/** What all iterators of the host inherit from: the helpers. */
const iteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf([][Symbol.iterator]()),
) as object;

function put(frame: Frame, value: unknown): void {
  if (frame.dst !== null) frame.regs[frame.dst] = value;
}

/** Prepares a generator to go on; false when there is nothing left to run. */
function enter(frame: Frame, mode: Mode, value: unknown): boolean {
  if (frame.status === "returned") return false;
  const fresh = frame.dst === null;
  if (fresh && mode !== "next") {
    frame.status = "returned";
    return false;
  }
  if (mode === "next") put(frame, value);
  else frame.injected = { error: mode === "throw" ? value : new ReturnSignal(value) };
  return true;
}

function methodsOf(
  functions: Readonly<Record<Mode, (self: unknown, value: unknown) => unknown>>,
  iterator: symbol,
  tag: string,
): object {
  const prototype = {
    next(this: unknown, value: unknown) {
      return functions.next(this, value);
    },
    return(this: unknown, value: unknown) {
      return functions.return(this, value);
    },
    throw(this: unknown, value: unknown) {
      return functions.throw(this, value);
    },
    [iterator](this: unknown) {
      return this;
    },
  };
  for (const key of Reflect.ownKeys(prototype)) {
    Object.defineProperty(prototype, key, { enumerable: false });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag, configurable: true });
  return prototype;
}

function laneLabel({ code }: Frame, first: boolean): string {
  const { display } = code.func;
  return first && display === "(anonymous)" ? "task" : display;
}
