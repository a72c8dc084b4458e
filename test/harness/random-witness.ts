// Random programs with locks, channels, wait groups and sleeps, run once under a random scheduler: witnesses whose
// order is also written down edge by edge, so that what is read off their clocks can be checked without clocks.

import type {
  Action,
  Blocked,
  Outcome,
  Step,
  ThreadId,
  Witness,
  WitnessObject,
} from "../../protocol/witness.js";
import type { Random } from "./random.js";

export interface Ordered {
  readonly witness: Witness;
  /** Direct edges of the happens-before order, between rows. */
  readonly edges: readonly (readonly [number, number])[];
}

type Op =
  | { readonly op: "read" | "write" | "lock" | "unlock"; readonly object: number }
  | { readonly op: "send" | "recv" | "meet" | "meeting" }
  | { readonly op: "done" | "wait" | "sleep" | "wake" | "print" | "begin" | "end" }
  | { readonly op: "spawn" };

const objects: readonly WitnessObject[] = [
  { name: "x", kind: "variable", span: null },
  { name: "y", kind: "variable", span: null },
  { name: 'm["a"]', kind: "map", span: null },
  { name: "mu", kind: "mutex", span: null },
  { name: "other", kind: "mutex", span: null },
  { name: "queue", kind: "channel", span: null },
  { name: "meeting", kind: "channel", span: null },
  { name: "wg", kind: "waitgroup", span: null },
];
const cells = [0, 1, 2];
const locks = [3, 4];
const [queue, meeting, group] = [5, 6, 7];
const capacity = 2;
const mostThreads = 6;

interface Thread {
  readonly ops: Op[];
  clock: number[];
  /** Rows that happen before its next step, beyond its own. */
  after: number[];
  last: number;
  held: number[];
}

export function randomWitness(random: Random): Ordered {
  return new Run(random).result();
}

class Run {
  readonly #random: Random;
  readonly #threads: Thread[] = [];
  readonly #steps: Omit<Step, "blocked">[] = [];
  readonly #blocked: Blocked[][] = [];
  readonly #edges: (readonly [number, number])[] = [];
  readonly #parents: (ThreadId | null)[] = [null];
  /** Rows of the last unlock of each lock, of sends not received yet, of receives, of what wg waits for. */
  readonly #unlocked = new Map<number, number>();
  readonly #sent: number[] = [];
  readonly #received: number[] = [];
  #sends = 0;
  readonly #done: number[] = [];
  #pending = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#add(null);
  }

  result(): Ordered {
    for (let choices = this.#enabled(); choices.length > 0; choices = this.#enabled()) {
      this.#step(this.#random.pick(choices));
      this.#blocked.push(this.#waiting());
    }
    const blocked = this.#waiting();
    const message = "all goroutines are asleep";
    const outcome: Outcome =
      blocked.length === 0 ? { kind: "ok" } : { kind: "deadlock", blocked, message };
    const steps = this.#steps.map((it, row) => ({
      ...it,
      clock: this.#threads.map((_, thread) => it.clock[thread] ?? 0),
      blocked: this.#blocked[row] ?? [],
    }));
    return { witness: witnessOf(steps, this.#parents, outcome), edges: this.#edges };
  }

  #add(parent: ThreadId | null): ThreadId {
    const body = Array.from({ length: 1 + this.#random.below(6) }, () => this.#some(parent)).flat();
    const clock = parent === null ? [] : [...(this.#threads[parent]?.clock ?? [])];
    const ops: Op[] = [
      { op: "begin" },
      ...body,
      { op: parent === null ? "wait" : "done" },
      { op: "end" },
    ];
    this.#threads.push({ ops, clock, after: [], last: -1, held: [] });
    return this.#threads.length - 1;
  }

  #some(parent: ThreadId | null): Op[] {
    const object = this.#random.pick(cells);
    const access: Op = { op: this.#random.below(2) === 0 ? "read" : "write", object };
    const lock = this.#random.pick(locks);
    const kind = this.#random.below(parent === null ? 14 : 8);
    if (kind < 2) return [access];
    if (kind < 4) return [{ op: "lock", object: lock }, access, { op: "unlock", object: lock }];
    if (kind === 4) return [{ op: this.#random.below(2) === 0 ? "send" : "recv" }];
    if (kind === 5) return [{ op: this.#random.below(2) === 0 ? "meet" : "meeting" }];
    if (kind === 6) return [{ op: "sleep" }, { op: "wake" }];
    if (kind === 7) return [{ op: "print" }];
    return [{ op: "spawn" }, access, { op: "spawn" }];
  }

  #enabled(): readonly ThreadId[] {
    return this.#threads.flatMap((_, thread) => (this.#can(thread) ? [thread] : []));
  }

  #can(thread: ThreadId): boolean {
    const op = this.#threads[thread]?.ops[0];
    if (op === undefined) return false;
    switch (op.op) {
      case "lock":
        return !this.#threads.some((it) => it.held.includes(op.object));
      case "send":
        return this.#sends - this.#received.length < capacity;
      case "recv":
        return this.#sent.length > 0;
      case "meet":
        return this.#partner() !== null;
      case "meeting":
        return false; // the sender's step is also the receiver's
      case "wait":
        return this.#pending === 0;
      default:
        return true;
    }
  }

  #partner(): ThreadId | null {
    const it = this.#threads.findIndex(({ ops }) => ops[0]?.op === "meeting");
    return it < 0 ? null : it;
  }

  #waiting(): Blocked[] {
    return this.#threads.flatMap(({ ops }, thread) =>
      ops.length === 0 || this.#can(thread) || this.#meets(thread)
        ? []
        : [{ thread, span: spanAt(1), object: null, reason: ops[0]?.op ?? "", holders: [] }],
    );
  }

  #meets(thread: ThreadId): boolean {
    return (
      this.#threads[thread]?.ops[0]?.op === "meeting" &&
      this.#threads.some(({ ops }) => ops[0]?.op === "meet")
    );
  }

  #step(thread: ThreadId): void {
    const me = this.#threads[thread];
    const op = me?.ops.shift();
    if (me === undefined || op === undefined) return;
    const enabled = this.#enabled().map((it) => ({ thread: it }));
    const row = this.#steps.length;
    const action = this.#act(op, me, row);
    this.#advance(me, thread, row);
    if (action.kind === "send" && action.partner !== undefined) {
      const partner = this.#threads[action.partner];
      if (partner !== undefined) {
        partner.ops.shift();
        this.#advance(partner, action.partner, row);
        me.clock = joined(me.clock, partner.clock);
        partner.clock = [...me.clock];
      }
    }
    if (action.kind === "spawn") {
      const child = this.#threads[action.thread];
      if (child !== undefined) Object.assign(child, { clock: [...me.clock], after: [row] });
    }
    this.#steps.push({
      thread,
      span: spanAt(row + 1),
      func: "main",
      action,
      text: `thread ${thread}: ${op.op}`,
      clock: [...me.clock],
      enabled: [{ thread }, ...enabled.filter((it) => it.thread !== thread)],
      held: [...me.held],
      essential: true,
      changed: [],
    });
  }

  /** Joins the clocks of what happens before, and counts the step. */
  #advance(me: Thread, thread: ThreadId, row: number): void {
    for (const from of me.after) {
      this.#edges.push([from, row]);
      me.clock = joined(me.clock, this.#steps[from]?.clock ?? []);
    }
    if (me.last >= 0) this.#edges.push([me.last, row]);
    me.clock[thread] = (me.clock[thread] ?? 0) + 1;
    me.after = [];
    me.last = row;
  }

  #act(op: Op, me: Thread, row: number): Action {
    const after = (...rows: readonly (number | undefined)[]): void => {
      me.after.push(...rows.filter((it) => it !== undefined));
    };
    switch (op.op) {
      case "read":
      case "write":
        return { kind: op.op, object: op.object, value: `${row}` };
      case "lock":
        me.held = [...me.held, op.object];
        after(this.#unlocked.get(op.object));
        return { kind: "acquire", object: op.object, shared: false };
      case "unlock":
        me.held = me.held.filter((it) => it !== op.object);
        this.#unlocked.set(op.object, row);
        return { kind: "release", object: op.object, shared: false };
      case "send":
        after(this.#received[this.#sends - capacity]);
        this.#sends++;
        this.#sent.push(row);
        return { kind: "send", object: queue, value: "" };
      case "recv":
        after(this.#sent.shift());
        this.#received.push(row);
        return { kind: "recv", object: queue, value: "" };
      case "meet":
      case "meeting":
        return { kind: "send", object: meeting, value: "", partner: this.#partner() ?? 0 };
      case "done":
        this.#pending--;
        this.#done.push(row);
        return { kind: "done", object: group, value: "" };
      case "wait":
        after(...this.#done);
        return { kind: "wait", object: group, value: "" };
      case "sleep":
        return { kind: "sleep", text: "sleeps 1ms" };
      case "wake":
        return { kind: "sleep", text: "wakes at 1ms" };
      case "print":
        return { kind: "output", text: "" };
      case "begin":
        return { kind: "start" };
      case "end":
        return { kind: "end" };
      case "spawn":
        return this.#spawn();
    }
  }

  #spawn(): Action {
    if (this.#threads.length >= mostThreads) return { kind: "yield" };
    this.#pending++;
    this.#parents.push(0);
    return { kind: "spawn", thread: this.#add(0) };
  }
}

function joined(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, it) =>
    Math.max(a[it] ?? 0, b[it] ?? 0),
  );
}

function spanAt(line: number): Step["span"] {
  return { uri: "file:///random.go", start: { line, character: 0 }, end: { line, character: 9 } };
}

function witnessOf(
  steps: readonly Step[],
  parents: readonly (ThreadId | null)[],
  outcome: Outcome,
): Witness {
  return {
    version: 1,
    language: "go",
    finding: "",
    sources: [],
    threads: parents.map((spawnedBy, it) => ({ name: `t${it}`, spawnedAt: null, spawnedBy })),
    objects,
    schedule: {
      program: "",
      entry: "main",
      visible: [],
      choices: steps.map(({ thread }) => ({ thread })),
    },
    steps,
    outcome,
    size: { preemptions: 0, switches: 0, steps: steps.length, minimal: false },
    contrast: null,
    stale: null,
    output: "",
  };
}
