// The thread in which the Go front end runs: WebAssembly with a deep stack, started by `GoClient`.
// Whatever goes wrong ends the thread; the client starts another.

import { readFileSync } from "node:fs";
import path from "node:path";
import { runInThisContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { readBundled } from "./bundled.js";

/** Main thread → worker. */
export interface GossaMessage {
  readonly id: number;
  readonly request: Uint8Array;
}

/** Worker → main thread. `memory` is what the Go program holds, in bytes. */
export type GossaAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "reply"; readonly id: number; readonly reply: Uint8Array }
  | { readonly kind: "idle"; readonly memory: number };

interface Gossa {
  addBundle(bytes: Uint8Array): string | null;
  handle(bytes: Uint8Array): Uint8Array;
  gc(): number;
}

/** What `wasm_exec.js` of the Go distribution defines. */
interface GoRuntime {
  env: Record<string, string>;
  readonly importObject: object;
  run(instance: object): Promise<void>;
}

interface GossaGlobals {
  Go: new () => GoRuntime;
  __gossaReady: (gossa: Gossa) => void;
  /** The part that is used; its types come with the DOM's, which a server has not. */
  readonly WebAssembly: {
    instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: object }>;
  };
}

/** Long enough that a pause in typing is one, short enough to be over before the next keystroke. */
const idleMillis = 150;

/** Makes V8 compile what every request needs; the answer is thrown away. */
const warmUp = `package main

import ("fmt"; "sync"; "time"; "context"; "sort"; "strings"; "errors")

type box[T any] struct { mu sync.Mutex; v T }

func (b *box[T]) set(v T) { b.mu.Lock(); defer b.mu.Unlock(); b.v = v }

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	b, ch, m := &box[int]{}, make(chan int, 1), map[string]int{}
	for i := range 3 { go func() { b.set(i); ch <- i }() }
	select { case v := <-ch: m["x"] += v; case <-ctx.Done(): fmt.Println(errors.New(strings.ToUpper("x"))) }
	sort.Strings(nil)
}
`;

async function start(dist: string): Promise<Gossa> {
  const globals = globalThis as unknown as GossaGlobals;
  runInThisContext(readFileSync(path.join(dist, "wasm_exec.js"), "utf8"));
  const go = new globals.Go();
  go.env = { GOGC: "400", GOMEMLIMIT: "512MiB" };
  const bytes = readBundled(path.join(dist, "gossa.wasm"));
  const { instance } = await globals.WebAssembly.instantiate(bytes, go.importObject);
  const ready = new Promise<Gossa>((resolve) => {
    globals.__gossaReady = resolve;
  });
  void go.run(instance).then(() => process.exit(1));
  const gossa = await ready;
  const problem = gossa.addBundle(readBundled(path.join(dist, "std", "std.types")));
  if (problem !== null) throw new Error(problem);
  return gossa;
}

function warm(gossa: Gossa): void {
  const text = Buffer.from(warmUp);
  const files = [{ name: "warm-up.go", bytes: text.byteLength }];
  const head = { packages: [{ path: "warm-up", files }], check: ["warm-up"] };
  gossa.handle(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), text]));
}

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("not a worker thread");
  const { dist } = workerData as { readonly dist: string };
  const gossa = await start(dist);
  warm(gossa);
  const post = (answer: GossaAnswer, transfer: ArrayBuffer[] = []): void => {
    port.postMessage(answer, transfer);
  };
  post({ kind: "ready" });

  let idle: NodeJS.Timeout | undefined;
  port.on("message", ({ id, request }: GossaMessage) => {
    clearTimeout(idle);
    const reply = gossa.handle(request);
    post({ kind: "reply", id, reply }, [reply.buffer as ArrayBuffer]);
    // Collecting garbage while nobody waits keeps it out of the next answer's time.
    idle = setTimeout(() => {
      post({ kind: "idle", memory: gossa.gc() });
    }, idleMillis);
  });
}

void main();
