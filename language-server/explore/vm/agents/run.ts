// Runs an agent from its start up to the next operation that others notice, given what the operations before it came to. It is
// deterministic given those, so a host function in which it stands when somebody else is to go on need not be kept: the agent
// is run again, with one result more. What it is told is a path in a tree (`history.ts`), and each path is run once.

import type { Func, FuncId, Program, SpanId } from "../../../ir/ir.js";
import type { Code } from "../js-code.js";
import { Vm } from "../js-interp.js";
import { EventLoop, type Task } from "../js-loop.js";
import { runModules } from "../js-main.js";
import { Realm } from "../js-realm.js";
import { Tracker } from "../js-track.js";
import { Abort } from "../js-values.js";
import { encode, type Encoded } from "./clone.js";
import { type Message, type Op, type Result, type Stop, type Told } from "./ops.js";
import { Platform } from "./platform.js";
import { Rounds } from "./rounds.js";

/** How an agent begins. */
export interface AgentStart {
  /** Names it among all agents: who started it, and the how-manieth that was. */
  readonly key: string;
  /** Null: the program's own thread. */
  readonly worker: number | null;
  readonly bodies: readonly FuncId[];
  readonly entry: FuncId;
  readonly data: Encoded;
  /** Number of the thread as the program sees it. */
  readonly thread: number;
}

/** Nothing more comes of an agent that has ended. */
const over: Op = {
  kind: "take",
  span: 0 as Op["span"],
  func: "",
  tasks: [],
  inboxes: [],
  waiting: [],
};

/** Told beside the operation that comes next. */
const toldKinds = new Set(["output", "await", "resume"]);

export function runAgent(program: Program, start: AgentStart, results: readonly Result[]): Stop {
  return new AgentRun(program, start, results).run();
}

export class AgentRun {
  readonly vm: Vm;
  readonly start: AgentStart;
  readonly program: Program;
  readonly #results: readonly Result[];
  readonly #platform: Platform;
  readonly #rounds: Rounds;
  #next = 0;
  #pending: Op | null = null;
  #variables: Stop["variables"] = [];
  /** What had been told before the operation under way. */
  #events = 0;
  #printed = 0;

  constructor(program: Program, start: AgentStart, results: readonly Result[]) {
    this.program = program;
    this.start = start;
    this.#results = results;
    const parts = (vm: Vm): Pick<Vm, "loop" | "track" | "realm"> => {
      const loop = new EventLoop(vm, { visible: new Set(), draws: null });
      return { loop, track: new Tracker(loop), realm: new Realm(vm, loop) };
    };
    this.vm = new Vm(program, new Map<FuncId, Code>(), parts);
    this.#rounds = new Rounds(this.vm);
    this.#platform = new Platform(this);
    this.vm.sharing = this.#platform;
  }

  run(): Stop {
    const first = this.#asked({ kind: "start", span: this.#begins, func: "" });
    if (first !== null) {
      const { loop } = this.vm;
      loop.runMain(
        () => {
          runModules(this.vm, this.start.bodies);
        },
        this.#entry?.kind === "async",
        this.#begins,
      );
      while (this.#goesOn()) this.#idle();
    }
    return this.#stop();
  }

  get #entry(): Func | undefined {
    return this.program.funcs[this.start.entry];
  }

  get #begins(): SpanId {
    return this.#entry?.span ?? (0 as SpanId);
  }

  #goesOn(): boolean {
    const { loop } = this.vm;
    return this.#pending === null && loop.aborted === null && loop.crash === null;
  }

  /** What an operation comes to; the agent stands still when that is not known yet. */
  ask(op: Op): Result {
    const result = this.#asked(op);
    if (result !== null) return result;
    throw new Abort("exit", "stands still", op.span);
  }

  #asked(op: Op): Result | null {
    this.#rounds.note(op);
    const result = this.#results[this.#next];
    const { loop } = this.vm;
    if (result === undefined) {
      this.#pending = op;
      this.#variables = loop.shown();
      return null;
    }
    this.#next++;
    this.#events = loop.events.length;
    this.#printed = loop.output.length;
    return result;
  }

  /** The agent's next task. */
  #idle(): void {
    const { loop } = this.vm;
    const tasks = loop.ready();
    const inboxes = this.#platform.inboxes();
    const alive = loop.tasks.some((it) => it.ref) || this.#platform.isReferenced();
    if (!alive && this.start.worker !== null) {
      this.#end(this.#platform.exitCode(), null);
      return;
    }
    const result = this.#asked({
      kind: "take",
      span: 0 as Op["span"],
      func: "",
      tasks: tasks.map(({ thread, text, span }) => ({ id: thread, text, span })),
      inboxes,
      waiting: loop.lanes.flatMap((it) => it.waiting ?? []),
    });
    if (result?.kind === "task") {
      const task = tasks.find((it) => it.thread === result.id);
      if (task !== undefined) loop.runTask(task);
    } else if (result?.kind === "message") this.#deliver(result.inbox, result.message);
  }

  #deliver(inbox: string, message: Message): void {
    const { deliver, span, name } = this.#platform.listener(inbox);
    const task: Task = {
      thread: 0,
      lane: 0,
      arm: 0,
      kind: "reply",
      delay: 0,
      text: name,
      span,
      run: () => {
        deliver(message);
      },
      repeats: false,
      due: 0,
      seq: 0,
      round: 0,
      live: true,
      ref: true,
    };
    this.vm.loop.runTask(task);
  }

  #end(code: number, error: Encoded | null): void {
    const span = this.vm.loop.crash?.span ?? this.#begins;
    const result = this.#asked({ kind: "end", span, func: "", code, error });
    if (result !== null) this.#pending = over;
  }

  /** An agent that no longer goes on by itself: how it ends is an operation too. */
  #last(): void {
    const { loop } = this.vm;
    const isMain = this.start.worker === null;
    const at = { span: loop.crash?.span ?? loop.aborted?.span ?? (0 as Op["span"]), func: "" };
    if (loop.crash !== null) {
      const { message, assertion, error } = loop.crash;
      if (!isMain) this.#end(1, this.#written(error));
      else if (this.#asked({ kind: "exit", ...at, crash: { message, assertion } }) !== null) {
        this.#pending = over;
      }
      return;
    }
    const { aborted } = loop;
    if (aborted?.kind === "exit") {
      if (!isMain) this.#end(this.#platform.exitCode(), null);
      else if (this.#asked({ kind: "exit", ...at, crash: null }) !== null) this.#pending = over;
      return;
    }
    const limit = aborted?.kind === "limit";
    this.#pending = { kind: "stuck", ...at, limit, reason: aborted?.reason ?? "" };
  }

  /** What is told of an error that nobody caught. */
  #written(error: unknown): Encoded {
    try {
      return encode(error, [], this.#platform);
    } catch {
      return encode(new Error(this.vm.realm.errorText(error)), [], this.#platform);
    }
  }

  #stop(): Stop {
    if (this.#pending === null) this.#last();
    const { loop } = this.vm;
    const told = loop.events
      .slice(this.#events)
      .filter((it) => toldKinds.has(it.action.kind))
      .map(({ action, span, func }): Told => ({ action, span, func }));
    const op = this.#pending ?? over;
    return {
      op,
      told,
      output: loop.output.slice(this.#printed),
      variables: this.#variables,
      rounds: op === over ? null : this.#rounds.last(this.#results.slice(0, this.#next)),
      unheard: this.#platform.unheard,
      random: loop.randomAt,
    };
  }
}
