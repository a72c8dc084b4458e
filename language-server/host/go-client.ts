// Drives the Go front end: one worker thread, supervised. A package that kills the thread (too deep,
// too large) becomes a gap; the next request finds a new thread.

import { existsSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { brotliDecompressSync } from "node:zlib";
import { throwIfCancelled, type CancelToken } from "../base/cancel.js";
import type { GoImages, Unit } from "../engine/engine.js";
import { imageVersion, type Image } from "../frontend/go/schema.js";
import { decodeReply, encodeRequest, type GoExport, type GoPackage } from "./go-message.js";
import { collectPackages, type Collected } from "./go-packages.js";
import { exportsOf } from "./go-toolchain.js";
import type { GossaAnswer, GossaMessage } from "./gossa-worker.js";

/** Go's recursion uses the thread's stack: `a + a + …` of 20 000 terms needs more than the default. */
const stackMegabytes = 32;
/** WebAssembly memory never shrinks; above this the thread is replaced as soon as it is idle. */
const recycleBytes = 512 << 20;
/** An answer that takes longer is not coming. */
const deadlineMillis = 60_000;

interface Pending {
  readonly id: number;
  /** Made when it is sent, since what the thread already has depends on the thread. */
  readonly message: () => Uint8Array;
  readonly resolve: (reply: Uint8Array) => void;
  readonly reject: (reason: Error) => void;
}

export class GoClient {
  readonly #dist: string;
  readonly #log: (message: string) => void;
  readonly #std: StdImages;
  readonly #exports = new Map<string, Promise<GoExport[]>>();
  #worker: Worker | undefined;
  #running: Pending | undefined;
  #deadline: NodeJS.Timeout | undefined;
  readonly #queue: Pending[] = [];
  /** Packages known by types alone that the present thread has, by import path. */
  #sent = new Map<string, string>();
  #ids = 0;

  /** `dist`: the folder with `gossa.wasm`, `wasm_exec.js`, `gossa-worker.cjs` and `std/`. */
  constructor(dist: string, log: (message: string) => void) {
    this.#dist = dist;
    this.#log = log;
    this.#std = new StdImages(path.join(dist, "std"));
  }

  /** Starts the thread before the first request, which it then answers sooner. */
  start(): void {
    this.#worker ??= this.#hire();
  }

  /** SSA image of a bundled package that can be executed, or null. */
  stdImage(importPath: string): string | null {
    return this.#std.read(importPath);
  }

  /** Images of the unit's package and of those of its module that it needs. */
  async images(unit: Unit, cancel: CancelToken): Promise<GoImages> {
    const collected = collectPackages(unit, this.#std.outside);
    const exports = await this.#exportsFor(collected);
    throwIfCancelled(cancel);
    const { edited } = unit;
    const message = (): Uint8Array =>
      encodeRequest({
        packages: collected.packages.map((it) => this.#keep(it)),
        exports,
        check: [collected.check],
        edited: edited === null ? null : { file: edited.uri, line: edited.line },
      });
    try {
      const reply = decodeReply(await this.#send(message, cancel));
      throwIfCancelled(cancel);
      if (reply.error === "")
        return { images: reply.images, missing: reply.missing, timers: collected.timers };
      this.#log(`gossa: ${reply.error}`);
      return stopped(collected, reply.error);
    } catch (error) {
      throwIfCancelled(cancel);
      this.#log(`gossa: ${String(error)}`);
      return stopped(collected, error instanceof Error ? error.message : String(error));
    }
  }

  /** A package that cannot change while one types is sent once. */
  #keep(it: GoPackage): GoPackage {
    if (!it.typesOnly) return it;
    const key = it.files.map((file) => `${file.name} ${file.text.byteLength}`).join("\n");
    if (this.#sent.get(it.path) === key) return { ...it, files: [], kept: true };
    this.#sent.set(it.path, key);
    return it;
  }

  #exportsFor({ dir, unresolved, requirements }: Collected): Promise<GoExport[]> {
    if (unresolved.length === 0) return Promise.resolve([]);
    const key = `${dir}\n${unresolved.join("\n")}\n${requirements}`;
    const known = this.#exports.get(key) ?? exportsOf(dir, unresolved);
    this.#exports.set(key, known);
    return known;
  }

  #send(message: () => Uint8Array, cancel: CancelToken): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#ids += 1;
      this.#queue.push({ id: this.#ids, message, resolve, reject });
      this.#next(cancel);
    });
  }

  #next(cancel?: CancelToken): void {
    if (this.#running !== undefined) return;
    const pending = this.#queue.shift();
    if (pending === undefined) return;
    if (cancel?.cancelled === true) {
      pending.reject(new Error("cancelled"));
      this.#next();
      return;
    }
    this.#running = pending;
    this.#deadline = setTimeout(() => {
      this.#lost(`no answer within ${deadlineMillis / 1000} s`);
    }, deadlineMillis);
    this.#deadline.unref();
    this.#worker ??= this.#hire();
    this.#worker.ref();
    this.#worker.postMessage({
      id: pending.id,
      request: pending.message(),
    } satisfies GossaMessage);
  }

  #hire(): Worker {
    const worker = new Worker(path.join(this.#dist, "gossa-worker.cjs"), {
      workerData: { dist: this.#dist },
      resourceLimits: { stackSizeMb: stackMegabytes },
      stdout: true,
      stderr: true,
    });
    worker.unref();
    this.#sent = new Map();
    worker.on("message", (answer: GossaAnswer) => {
      if (worker === this.#worker) this.#hear(answer);
    });
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#lost(error.message);
    });
    worker.on("exit", (code) => {
      if (worker === this.#worker) this.#lost(`exit code ${code}`);
    });
    return worker;
  }

  #hear(answer: GossaAnswer): void {
    switch (answer.kind) {
      case "ready":
        return;
      case "idle":
        if (answer.memory > recycleBytes && this.#running === undefined) this.#retire();
        return;
      case "reply": {
        const running = this.#running;
        if (running?.id !== answer.id) return;
        this.#settle();
        running.resolve(answer.reply);
        this.#next();
      }
    }
  }

  #settle(): void {
    clearTimeout(this.#deadline);
    this.#running = undefined;
    this.#worker?.unref();
  }

  #lost(why: string): void {
    const running = this.#running;
    this.#settle();
    this.#retire();
    running?.reject(new Error(why));
    this.#next();
  }

  #retire(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  async dispose(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    for (const it of [this.#running, ...this.#queue.splice(0)]) it?.reject(new Error("shut down"));
    this.#settle();
    await worker?.terminate();
  }
}

/** An image without code whose one gap says why. */
function stopped({ check, packages, timers }: Collected, why: string): GoImages {
  const target = packages.find((it) => it.path === check);
  const image: Image = {
    version: imageVersion,
    package: check,
    name: check,
    imports: [],
    files: [target?.files[0]?.name ?? ""],
    spans: [0, 0, 0, 0, 0],
    types: [],
    pool: [],
    globals: [],
    funcs: [],
    methods: [],
    roots: [],
    gaps: [[0, `the Go front end stopped: ${why.split("\n")[0] ?? why}`]],
  };
  return { images: [JSON.stringify(image)], missing: [], timers };
}

/** One image after the other, in a package each of them compressed; the index says where each lies. */
class StdImages {
  readonly #file: string;
  readonly #isPacked: boolean;
  readonly #read = new Map<string, string | null>();
  #index: Readonly<Record<string, readonly [offset: number, length: number]>> | undefined;
  #open: number | undefined;

  constructor(dir: string) {
    const plain = path.join(dir, "std-images.json");
    this.#isPacked = !existsSync(plain);
    this.#file = this.#isPacked ? path.join(dir, "std-images.br") : plain;
  }

  /** Bundled packages that do not belong to the Go distribution. */
  get outside(): ReadonlySet<string> {
    return new Set(
      Object.keys(this.#entries()).filter((it) => it.split("/")[0]?.includes(".") === true),
    );
  }

  read(importPath: string): string | null {
    const known = this.#read.get(importPath);
    if (known !== undefined) return known;
    const entry = this.#entries()[importPath];
    const text = entry === undefined ? null : this.#slice(...entry);
    this.#read.set(importPath, text);
    return text;
  }

  #entries(): Readonly<Record<string, readonly [number, number]>> {
    const file = this.#file.replace(/(?:\.json)?$/, ".index.json");
    this.#index ??= existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, readonly [number, number]>)
      : {};
    return this.#index;
  }

  #slice(offset: number, length: number): string {
    this.#open ??= openSync(this.#file, "r");
    const bytes = Buffer.alloc(length);
    readSync(this.#open, bytes, 0, length, offset);
    return (this.#isPacked ? brotliDecompressSync(bytes) : bytes).toString("utf8");
  }
}
