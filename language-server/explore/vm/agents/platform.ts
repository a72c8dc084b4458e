// What an agent has of the platform beside the language: shared memory, workers and ports. The classes of `worker_threads` and of
// the web are sources of the front end; what they rest on is here, under the name `__agents`.

import type { SpanId } from "../../../ir/ir.js";
import type { CallSite, Sharing as VmSharing, Vm } from "../js-interp.js";
import { Abort } from "../js-values.js";
import { atomicsOf } from "./atomics.js";
import { decode, encode, isDetached, type Making, type Sharing } from "./clone.js";
import { Elements } from "./elements.js";
import { type Inbox, type Message, type Op, scalarOf } from "./ops.js";
import type { AgentRun } from "./run.js";
import { workerFile } from "./worker-file.js";

type Deliver = (kind: string, value: unknown) => void;

/** One end of a channel. */
interface Port {
  readonly id: number;
  readonly name: string;
  /** Where messages for it arrive. */
  readonly inbox: string;
  /** Where what it sends arrives. */
  readonly peer: string;
  readonly deliver: Deliver | null;
  span: SpanId;
  listens: boolean;
  /** It keeps the agent alive. */
  ref: boolean;
  exits: boolean;
  closed: boolean;
}

export class Platform implements VmSharing, Sharing {
  site: CallSite | null = null;
  /** A message came to which nobody listened. */
  unheard = false;
  readonly #run: AgentRun;
  readonly #vm: Vm;
  readonly #elements: Elements;
  readonly #ports: Port[] = [];
  readonly #portIds = new WeakMap<object, number>();
  readonly #quiet = new Set<unknown>();
  #makePort: ((id: number) => unknown) | null = null;
  #buffers = 0;
  #channels = 0;
  #workers = 0;
  #exitCode = 0;

  constructor(run: AgentRun) {
    this.#run = run;
    this.#vm = run.vm;
    this.#elements = new Elements(this.#vm, {
      get: (element) => scalarOf(this.#ask({ kind: "access", element, what: "get", operands: [] })),
      set: (element, value) => {
        this.#ask({ kind: "access", element, what: "set", operands: [value] });
      },
    });
    this.#install();
  }

  // What the interpreter asks

  get(base: unknown, key: unknown): { readonly value: unknown } | null {
    return this.#elements.get(base, key);
  }

  set(base: unknown, key: unknown, value: unknown): boolean {
    return this.#elements.set(base, key, value);
  }

  native(
    fn: unknown,
    self: unknown,
    args: readonly unknown[],
    site: CallSite,
  ): { readonly value: unknown } | null {
    return this.#quiet.has(fn) ? null : this.#elements.native(fn, self, args, site);
  }

  constructs(fn: unknown, args: readonly unknown[]): readonly unknown[] {
    return this.#elements.constructs(fn, args);
  }

  elements(value: unknown): object | null {
    return this.#elements.all(value);
  }

  isQuiet(fn: unknown): boolean {
    return this.#quiet.has(fn);
  }

  // What clones ask

  keyOf(buffer: object): string | undefined {
    return this.#elements.keyOf(buffer);
  }

  portOf(object: object): string | undefined {
    const id = this.#portIds.get(object);
    const port = id === undefined ? undefined : this.#ports[id];
    return port === undefined ? undefined : JSON.stringify([port.inbox, port.peer, port.name]);
  }

  refuse(what: string): Error {
    const error = new Error(`${what} could not be cloned.`);
    error.name = "DataCloneError";
    return error;
  }

  // What the run asks

  inboxes(): readonly Inbox[] {
    return this.#ports
      .filter((it) => it.listens && !it.closed)
      .map(({ inbox, name, span, exits }) => ({ key: inbox, name, span, exits }));
  }

  isReferenced(): boolean {
    return this.#ports.some((it) => it.listens && it.ref && !it.closed);
  }

  listener(inbox: string): {
    readonly deliver: (message: Message) => void;
    readonly span: SpanId;
    readonly name: string;
  } {
    const port = this.#ports.findLast((it) => it.inbox === inbox && it.deliver !== null);
    return {
      deliver: (message) => {
        if (port !== undefined) this.#deliver(port, message);
      },
      span: port?.span ?? (0 as SpanId),
      name: port?.name ?? "a message",
    };
  }

  exitCode(): number {
    return this.#exitCode;
  }

  #deliver(port: Port, message: Message): void {
    switch (message.kind) {
      case "message":
      case "error":
        port.deliver?.(message.kind, decode(message.data, this.#making));
        return;
      case "exit":
        port.closed = true;
        port.deliver?.("exit", message.code);
        return;
      case "close":
        port.closed = true;
        port.deliver?.("close", undefined);
    }
  }

  get #making(): Making {
    return {
      shared: (key, length) => {
        const buffer = new SharedArrayBuffer(length);
        this.#elements.share(buffer, key);
        return buffer;
      },
      port: (key) => {
        const [inbox = "", peer = "", name = ""] = JSON.parse(key) as string[];
        return this.#portObject(this.#addPort({ inbox, peer, name, deliver: null }));
      },
    };
  }

  #portObject(port: Port): unknown {
    if (this.#makePort === null) return this.#vm.unsupported("a MessagePort here");
    return this.#makePort(port.id);
  }

  #addPort(given: Pick<Port, "inbox" | "peer" | "name" | "deliver">): Port {
    const port = {
      ...given,
      id: this.#ports.length,
      span: this.#vm.span,
      listens: false,
      ref: true,
      exits: false,
      closed: false,
    };
    this.#ports.push(port);
    return port;
  }

  #ask(op: OwnOp): ReturnType<AgentRun["ask"]> {
    const { span, func } = this.#vm;
    return this.#run.ask({ ...op, span, func });
  }

  // What programs call

  #install(): void {
    const { globals } = this.#vm.realm;
    const atomics = atomicsOf(
      this.#vm,
      this.#elements,
      {
        atomic: (element, what, operands) =>
          scalarOf(this.#ask({ kind: "access", element, what, operands })),
        wait: (element, expected, timeout) => {
          const result = this.#ask({ kind: "wait", element, expected, timeout });
          return result.kind === "woken" ? result.how : "ok";
        },
        notify: (element, count) => Number(scalarOf(this.#ask({ kind: "notify", element, count }))),
        mayBlock: this.#run.program.workers?.web !== true || this.#run.start.worker !== null,
      },
      () => this.site?.arg,
    );
    for (const it of Object.values(atomics)) this.#quiet.add(it);
    const own = this.#natives();
    const define = (name: string, value: unknown): void => {
      Object.defineProperty(globals, name, { value, writable: true, configurable: true });
    };
    define("Atomics", atomics);
    define("SharedArrayBuffer", this.#sharedArrayBuffer());
    define("__agents", own);
    const process = Reflect.get(globals, "process") as object;
    Reflect.set(process, "exit", (code: unknown) => {
      const given = code ?? (Reflect.get(process, "exitCode") as unknown);
      this.#exitCode = Number(given ?? 0);
      throw new Abort("exit", "process.exit", this.#vm.span);
    });
  }

  #sharedArrayBuffer(): unknown {
    const host = SharedArrayBuffer;
    const make = (length: unknown, options: unknown): object => {
      if (options !== undefined) this.#vm.unsupported("growable shared memory");
      const buffer = new host(Number(length));
      this.#elements.share(buffer, `${this.#run.start.key}#${this.#buffers++}`);
      return buffer;
    };
    const constructor = function SharedArrayBuffer(length: unknown, options: unknown): object {
      return make(length, options);
    };
    constructor.prototype = host.prototype;
    return constructor;
  }

  #natives(): Readonly<Record<string, unknown>> {
    const { start } = this.#run;
    const port = (id: unknown): Port => this.#ports[Number(id)] as Port;
    return {
      isMain: start.worker === null,
      threadId: start.thread,
      data: () => decode(start.data, this.#making),
      /** The worker's end of the channel to who started it; null in the program's own thread. */
      parent: (deliver: Deliver) =>
        start.worker === null
          ? null
          : this.#addPort({
              inbox: `${start.key}:down`,
              peer: `${start.key}:up`,
              name: "a message of the one who started it",
              deliver,
            }).id,
      spawn: (file: unknown, data: unknown, transfer: unknown, deliver: Deliver) =>
        this.#spawn(file, data, transfer, deliver),
      terminate: (id: unknown) => {
        const { inbox } = port(id);
        port(id).exits = true;
        this.#ask({ kind: "terminate", agent: inbox.slice(0, -":up".length) });
      },
      channel: () => this.#channel(),
      makesPorts: (make: (id: number) => unknown) => {
        this.#makePort = make;
      },
      /** The object of a port, and who is told what arrives. */
      handle: (id: unknown, object: object, deliver: Deliver) => {
        this.#portIds.set(object, Number(id));
        this.#ports[Number(id)] = { ...port(id), deliver };
      },
      listen: (id: unknown) => {
        const it = port(id);
        if (!it.listens) it.span = this.#vm.span;
        it.listens = true;
      },
      exits: (id: unknown) => {
        port(id).exits = true;
      },
      reference: (id: unknown, ref: unknown) => {
        port(id).ref = Boolean(ref);
      },
      post: (id: unknown, value: unknown, transfer: unknown) => {
        this.#post(port(id), value, transfer);
      },
      threadOf: (id: unknown) => this.#threadIds.get(Number(id)) ?? 0,
      close: (id: unknown) => {
        const it = port(id);
        if (it.closed) return;
        it.closed = true;
        const message: Message = { kind: "close" };
        this.#ask({ kind: "post", inbox: it.peer, name: it.name, message });
      },
      unheard: () => {
        this.unheard = true;
      },
      receive: (id: unknown) => this.#receive(port(id)),
      refuse: (what: unknown) => this.#vm.unsupported(String(what)),
    };
  }

  #spawn(file: unknown, data: unknown, transfer: unknown, deliver: Deliver): number {
    const { program, start } = this.#run;
    const found = workerFile(program, file, this.#vm.span);
    if (found === null) return this.#vm.unsupported("a worker whose file is not known");
    const key = `${start.key}>${this.#workers++}`;
    const text = program.workers?.files[found]?.uri ?? "";
    const name = text.slice(text.lastIndexOf("/") + 1);
    const { id } = this.#addPort({
      inbox: `${key}:up`,
      peer: `${key}:down`,
      name: `a message of ${name}`,
      deliver,
    });
    const moved = this.#transferred(transfer);
    const written = encode(data, moved, this);
    const spec = { key, worker: found, name, data: written };
    const result = this.#ask({ kind: "spawn", spec });
    this.#detach(moved);
    const own = this.#ports[id] as Port;
    own.listens = true;
    // The thread's number.
    this.#threadIds.set(id, Number(scalarOf(result)));
    return id;
  }

  readonly #threadIds = new Map<number, number>();

  #channel(): readonly [number, number] {
    const key = `${this.#run.start.key}#c${this.#channels++}`;
    const end = (own: string, other: string): number =>
      this.#addPort({
        inbox: `${key}:${own}`,
        peer: `${key}:${other}`,
        name: `a message of port ${other}`,
        deliver: null,
      }).id;
    return [end("1", "2"), end("2", "1")];
  }

  #post(port: Port, value: unknown, transfer: unknown): void {
    const moved = this.#transferred(transfer);
    const data = encode(value, moved, this);
    const text = this.#vm.realm.show(value);
    if (port.closed) {
      this.#detach(moved);
      return;
    }
    const message: Message = { kind: "message", data, text };
    this.#ask({ kind: "post", inbox: port.peer, name: port.name, message });
    this.#detach(moved);
  }

  /** A message that is there already. */
  #receive(port: Port): unknown {
    const result = this.#ask({ kind: "poll", inbox: port.inbox, name: port.name });
    if (result.kind !== "message" || result.message.kind !== "message") return undefined;
    return { message: decode(result.message.data, this.#making) };
  }

  #transferred(transfer: unknown): readonly unknown[] {
    if (transfer === undefined || transfer === null) return [];
    const list: readonly unknown[] = Array.isArray(transfer)
      ? transfer
      : ((Reflect.get(transfer, "transfer") ?? []) as unknown[]);
    for (const it of list) {
      const isPort = this.#portIds.has(it as object);
      const isBuffer = it instanceof ArrayBuffer;
      if (!isPort && !isBuffer) throw this.refuse("Value in the transfer list");
      if (isBuffer && isDetached(it)) throw this.refuse("An ArrayBuffer is detached and");
    }
    return list;
  }

  /** What was transferred is no longer the sender's. */
  #detach(moved: readonly unknown[]): void {
    for (const it of moved) {
      if (it instanceof ArrayBuffer) transfer.call(it);
      const id = this.#portIds.get(it as object);
      if (id !== undefined) (this.#ports[id] as Port).closed = true;
    }
  }
}

/** Detaches a buffer. */
const transfer = Reflect.get(ArrayBuffer.prototype, "transfer") as (this: ArrayBuffer) => unknown;

/** An operation without where it stands. */
type OwnOp = Op extends infer O ? (O extends Op ? Omit<O, "span" | "func"> : never) : never;
