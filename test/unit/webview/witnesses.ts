import type {
  Action,
  Blocked,
  ObjectId,
  Outcome,
  Step,
  ThreadId,
  Witness,
  WitnessObject,
} from "../../../protocol/witness.js";

// Hand-made witnesses for the panel. The script says who does what; clocks, enabled threads and held
// locks follow from it.

export interface Act {
  readonly thread: ThreadId;
  readonly line: number;
  readonly action: Action;
  readonly text: string;
  readonly changed?: Step["changed"];
  /** What goes wrong would without it. */
  readonly aside?: boolean;
  /** Who waits from this step on. */
  readonly blocks?: readonly Blocked[];
  readonly wakes?: readonly ThreadId[];
  /** Rows of other threads whose step happens before this one. */
  readonly after?: readonly number[];
}

export interface Script {
  readonly uri: string;
  readonly language: Witness["language"];
  readonly entry: string;
  readonly threads: readonly { readonly name: string; readonly line?: number }[];
  readonly objects: readonly { readonly name: string; readonly kind: WitnessObject["kind"] }[];
  readonly acts: readonly Act[];
  readonly outcome: Outcome;
}

export const at = (uri: string, line: number, from = 1, to = 12): Step["span"] => ({
  uri,
  start: { line: line - 1, character: from },
  end: { line: line - 1, character: to },
});

export function witnessOf(script: Script): Witness {
  const n = script.threads.length;
  const clocks = script.threads.map(() => new Array<number>(n).fill(0));
  const held = script.threads.map((): ObjectId[] => []);
  const alive = new Set<ThreadId>([0]);
  let blocked: readonly Blocked[] = [];
  const steps: Step[] = [];
  const join = (thread: ThreadId, other: readonly number[]): void => {
    const own = clocks[thread] ?? [];
    other.forEach((count, it) => {
      own[it] = Math.max(own[it] ?? 0, count);
    });
  };
  for (const act of script.acts) {
    const enabled = [...alive]
      .filter((it) => it === act.thread || !blocked.some((b) => b.thread === it))
      .sort((a, b) => a - b)
      .map((thread) => ({ thread }));
    for (const row of act.after ?? []) join(act.thread, steps[row]?.clock ?? []);
    const clock = clocks[act.thread] ?? [];
    clock[act.thread] = (clock[act.thread] ?? 0) + 1;
    const { action } = act;
    if (action.kind === "spawn") {
      alive.add(action.thread);
      join(action.thread, clock);
    }
    if (action.kind === "end") alive.delete(act.thread);
    const mine = held[act.thread] ?? [];
    if (action.kind === "acquire") mine.push(action.object);
    if (action.kind === "release") mine.splice(mine.indexOf(action.object), 1);
    const woken = new Set([act.thread, ...(act.wakes ?? [])]);
    blocked = [...blocked.filter((it) => !woken.has(it.thread)), ...(act.blocks ?? [])];
    steps.push({
      thread: act.thread,
      span: at(script.uri, act.line),
      func: script.entry,
      action,
      text: act.text,
      clock: [...clock],
      enabled,
      held: [...mine],
      blocked,
      essential: !(act.aside ?? false),
      changed: act.changed ?? [],
    });
  }
  return {
    version: 1,
    language: script.language,
    finding: "f0",
    sources: [{ uri: script.uri, digest: "d0" }],
    threads: script.threads.map((it) => ({
      name: it.name,
      spawnedAt: it.line === undefined ? null : at(script.uri, it.line),
      spawnedBy: it.line === undefined ? null : 0,
    })),
    objects: script.objects.map((it) => ({ ...it, span: null })),
    schedule: {
      program: "p0",
      entry: script.entry,
      visible: [],
      choices: steps.map((it) => ({ thread: it.thread })),
    },
    steps,
    outcome: script.outcome,
    size: { preemptions: 1, switches: 2, steps: steps.length, minimal: false },
    contrast: null,
    stale: null,
    output: "",
  };
}

const crawler = "file:///samples/crawler/unlocked/main.go";

/** Two workers of the crawler both find the page missing: a race on the map. */
export const race: Witness = witnessOf({
  uri: crawler,
  language: "go",
  entry: "main.main",
  threads: [{ name: "main" }, { name: "crawl /a", line: 41 }, { name: "crawl /b", line: 41 }],
  objects: [
    { name: 'fetched["/c"]', kind: "map" },
    { name: "wg", kind: "waitgroup" },
    { name: "stats.mu", kind: "mutex" },
    { name: "stats.pages", kind: "variable" },
  ],
  acts: [
    {
      thread: 0,
      line: 40,
      action: { kind: "add", object: 1, value: "+1" },
      text: "main adds 1 to wg, which is 1",
      changed: [{ name: "wg", value: "1" }],
    },
    {
      thread: 0,
      line: 41,
      action: { kind: "spawn", thread: 1 },
      text: "main starts goroutine crawl /a",
    },
    {
      thread: 0,
      line: 40,
      action: { kind: "add", object: 1, value: "+1" },
      text: "main adds 1 to wg, which is 2",
      changed: [{ name: "wg", value: "2" }],
    },
    {
      thread: 0,
      line: 41,
      action: { kind: "spawn", thread: 2 },
      text: "main starts goroutine crawl /b",
    },
    {
      thread: 0,
      line: 47,
      action: { kind: "wait", object: 1, value: "" },
      text: "main waits for wg, which is 2",
      blocks: [{ thread: 0, span: at(crawler, 47), object: 1, reason: "wg", holders: [1, 2] }],
    },
    {
      thread: 1,
      line: 22,
      action: { kind: "read", object: 0, value: "false" },
      text: 'crawl /a reads fetched["/c"], which is false',
    },
    {
      thread: 2,
      line: 22,
      action: { kind: "read", object: 0, value: "false" },
      text: 'crawl /b reads fetched["/c"], which is false: it does not know that crawl /a is about to set it',
    },
    {
      thread: 2,
      line: 23,
      action: { kind: "write", object: 0, value: "true" },
      text: 'crawl /b writes fetched["/c"] = true',
      changed: [{ name: 'fetched["/c"]', value: "true" }],
    },
    {
      thread: 2,
      line: 30,
      action: { kind: "acquire", object: 2, shared: false },
      text: "crawl /b locks stats.mu",
    },
    {
      thread: 2,
      line: 31,
      action: { kind: "write", object: 3, value: "1" },
      text: "crawl /b writes stats.pages = 1",
      changed: [{ name: "stats.pages", value: "1" }],
    },
    {
      thread: 2,
      line: 32,
      action: { kind: "release", object: 2, shared: false },
      text: "crawl /b unlocks stats.mu",
    },
    {
      thread: 1,
      line: 23,
      action: { kind: "write", object: 0, value: "true" },
      text: 'crawl /a writes fetched["/c"] = true; both fetch the page',
    },
    {
      thread: 1,
      line: 30,
      action: { kind: "acquire", object: 2, shared: false },
      text: "crawl /a locks stats.mu",
      after: [10],
    },
    {
      thread: 1,
      line: 31,
      action: { kind: "write", object: 3, value: "2" },
      text: "crawl /a writes stats.pages = 2",
      changed: [{ name: "stats.pages", value: "2" }],
    },
    {
      thread: 1,
      line: 32,
      action: { kind: "release", object: 2, shared: false },
      text: "crawl /a unlocks stats.mu",
    },
    {
      thread: 1,
      line: 44,
      action: { kind: "done", object: 1, value: "" },
      text: "crawl /a is done on wg, which is 1",
      changed: [{ name: "wg", value: "1" }],
    },
    { thread: 1, line: 45, action: { kind: "end" }, text: "crawl /a ends" },
    {
      thread: 2,
      line: 44,
      action: { kind: "done", object: 1, value: "" },
      text: "crawl /b is done on wg, which is 0",
      wakes: [0],
      changed: [{ name: "wg", value: "0" }],
    },
    { thread: 2, line: 45, action: { kind: "end" }, text: "crawl /b ends" },
    {
      thread: 0,
      line: 48,
      action: { kind: "output", text: '"2 pages"' },
      text: "main prints 2 pages",
      after: [15, 17],
    },
    { thread: 0, line: 49, action: { kind: "end" }, text: "main ends" },
  ],
  outcome: { kind: "race", object: 0, steps: [6, 11] },
});

const transfer = "file:///samples/bank/transfer.go";
const lockWait = (
  thread: ThreadId,
  line: number,
  object: ObjectId,
  name: string,
  holder: ThreadId,
): Blocked => ({
  thread,
  span: at(transfer, line),
  object,
  reason: `lock ${name}`,
  holders: [holder],
});

/** Two transfers take two locks in opposite orders. */
export const deadlock: Witness = witnessOf({
  uri: transfer,
  language: "go",
  entry: "bank.TestTransfer",
  threads: [
    { name: "TestTransfer" },
    { name: "transfer a→b", line: 20 },
    { name: "transfer b→a", line: 21 },
  ],
  objects: [
    { name: "a.mu", kind: "mutex" },
    { name: "b.mu", kind: "mutex" },
    { name: "wg", kind: "waitgroup" },
  ],
  acts: [
    {
      thread: 0,
      line: 20,
      action: { kind: "spawn", thread: 1 },
      text: "TestTransfer starts transfer a→b",
    },
    {
      thread: 0,
      line: 21,
      action: { kind: "spawn", thread: 2 },
      text: "TestTransfer starts transfer b→a",
    },
    {
      thread: 0,
      line: 22,
      action: { kind: "wait", object: 2, value: "" },
      text: "TestTransfer waits for wg",
      blocks: [{ thread: 0, span: at(transfer, 22), object: 2, reason: "wg", holders: [1, 2] }],
    },
    {
      thread: 1,
      line: 9,
      action: { kind: "acquire", object: 0, shared: false },
      text: "transfer a→b locks a.mu",
    },
    {
      thread: 2,
      line: 9,
      action: { kind: "acquire", object: 1, shared: false },
      text: "transfer b→a locks b.mu",
    },
    {
      thread: 2,
      line: 10,
      action: { kind: "wait", object: 0, value: "" },
      text: "transfer b→a waits to lock a.mu, held by transfer a→b",
      blocks: [lockWait(2, 10, 0, "a.mu", 1)],
    },
    {
      thread: 1,
      line: 10,
      action: { kind: "wait", object: 1, value: "" },
      text: "transfer a→b waits to lock b.mu, held by transfer b→a",
      blocks: [lockWait(1, 10, 1, "b.mu", 2)],
    },
  ],
  outcome: {
    kind: "deadlock",
    blocked: [lockWait(1, 10, 1, "b.mu", 2), lockWait(2, 10, 0, "a.mu", 1)],
    message: "all goroutines are asleep",
  },
});

/** `lanes` goroutines in turn, `steps` steps: for long and for wide schedules. */
export function large(lanes: number, steps: number): Witness {
  const acts: Act[] = [];
  for (let it = 1; it < lanes; it++) {
    acts.push({
      thread: 0,
      line: 10 + it,
      action: { kind: "spawn", thread: it },
      text: `main starts worker ${it}`,
    });
  }
  for (let it = 0; acts.length < steps; it++) {
    const thread = (Math.floor(it / 3) % Math.max(1, lanes - 1)) + Math.min(1, lanes - 1);
    const write = it % 3 === 2;
    acts.push({
      thread,
      line: 30 + (it % 9),
      action: { kind: write ? "write" : "read", object: 0, value: `${it}` },
      text: `worker ${thread} ${write ? "writes" : "reads"} total`,
      ...(write ? { changed: [{ name: "total", value: `${it}` }] } : {}),
    });
  }
  return witnessOf({
    uri: "file:///samples/pool/main.go",
    language: "go",
    entry: "main.main",
    threads: Array.from({ length: lanes }, (_, it) =>
      it === 0 ? { name: "main" } : { name: `worker ${it}`, line: 10 + it },
    ),
    objects: [{ name: "total", kind: "variable" }],
    acts,
    outcome: { kind: "ok" },
  });
}
