// How a race becomes a report. The race checks share this; each takes the races of its own kind, so that one
// cause gives one report.

import type { Site } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { funcOf, spanOf } from "../ir/access.js";
import type { Func, Instr, Program, Reg, SpanId } from "../ir/ir.js";
import type { Pass, Report } from "./check.js";
import { explained } from "./facts/explained.js";
import { expressionOf, funcWords, lineOf, locationName } from "./facts/names.js";
import { pointsTo, type PointsTo } from "./facts/points-to.js";
import { races, type AccessHappening, type Conflict, type Race } from "./facts/races.js";
import { definitionsOf } from "./facts/skeleton.js";
import { threads, type Threads } from "./facts/threads.js";

export type RaceKind =
  | "unsynchronized-access"
  | "captured-variable"
  | "lost-update"
  | "concurrent-map";

/** Reports the races of one kind. */
export function reportRaces(pass: Pass, kind: RaceKind): void {
  const writer = new Writer(pass.program, pass.get(pointsTo), pass.get(threads));
  const reported = new Set<Span>();
  for (const race of pass.get(races)) {
    if (kindOf(race) !== kind || pass.get(explained).has(race)) continue;
    // Objects that contexts keep apart may still be one variable of the source.
    const report = writer.report(race);
    if (reported.has(report.primary.span)) continue;
    reported.add(report.primary.span);
    pass.report(report);
  }
}

/** The most special description that fits. */
export function kindOf(race: Race): RaceKind {
  if (race.object.kind === "map" && race.offset === 0) return "concurrent-map";
  if (race.conflicts.some((it) => updates(it.inThread) && it.other.op.write)) return "lost-update";
  const captured =
    race.object.kind === "variable" && race.conflicts.some((it) => throughCapture(it.inThread));
  return captured ? "captured-variable" : "unsynchronized-access";
}

/** Whether the access is the last step of `x = x op …`: what it writes comes from what it read there. */
function updates({ op, frame }: AccessHappening): boolean {
  if (op.instr.op !== "store") return false;
  const definitions = definitionsOf(frame.instance.func);
  const addr = op.instr.addr;
  const from = (reg: Reg, depth: number): boolean => {
    const definition = definitions.get(reg);
    if (definition?.op === "load") return sameAddress(definitions, definition.addr, addr);
    if (depth > 4) return false;
    if (definition?.op === "prim") return definition.args.some((it) => from(it, depth + 1));
    return definition?.op === "bulk" && definition.args.some((it) => from(it, depth + 1));
  };
  return from(op.instr.value, 0);
}

function sameAddress(definitions: ReadonlyMap<Reg, Instr>, left: Reg, right: Reg): boolean {
  if (left === right) return true;
  const [a, b] = [definitions.get(left), definitions.get(right)];
  if (a?.op === "global" && b?.op === "global") return a.global === b.global;
  if (a?.op === "load" && b?.op === "load") return sameAddress(definitions, a.addr, b.addr);
  if (a?.op === "field" && b?.op === "field") {
    return a.field === b.field && sameAddress(definitions, a.base, b.base);
  }
  return a?.op === "element" && b?.op === "element" && sameAddress(definitions, a.base, b.base);
}

function throughCapture({ op, frame }: AccessHappening): boolean {
  return frame.instance.func.captures.includes(op.through);
}

class Writer {
  readonly #program: Program;
  readonly #points: PointsTo;
  readonly #threads: Threads;

  constructor(program: Program, points: PointsTo, all: Threads) {
    this.#program = program;
    this.#points = points;
    this.#threads = all;
  }

  report(race: Race): Report {
    const [conflict] = race.conflicts;
    const name = this.#name(race, conflict);
    const { inThread, other } = conflict;
    const declared = race.object.span;
    const related: Site[] = [];
    const twice = this.#span(inThread) === this.#span(other);
    if (!twice) related.push(this.#access(other));
    related.push(this.#site(conflict.thread.span, this.#started(conflict)));
    if (declared !== 0 && declared !== this.#span(inThread)) {
      related.push(this.#site(declared, `\`${name}\` is made here`));
    }
    related.push(...this.#locks(inThread), ...(twice ? [] : this.#locks(other)));
    return {
      message: this.#sentence(name, conflict, twice),
      primary: this.#access(inThread),
      related,
      severity: "error",
      confidence: "possible",
      candidate: {
        outcome: "race",
        places: [...race.conflicts, ...race.consequences].map((it) => [
          spanOf(this.#program, this.#span(it.inThread)),
          spanOf(this.#program, this.#span(it.other)),
        ]),
      },
      assumed: [...race.conflicts, ...race.consequences].every(
        (it) => this.#threads.assumed(it.inThread.frame) || this.#threads.assumed(it.other.frame),
      ),
      subject: { func: outermost(this.#program, inThread.frame.instance.func).name, path: name },
    };
  }

  #name(race: Race, { inThread, other }: Conflict): string {
    for (const it of [inThread, other]) {
      const text = expressionOf(this.#program, it.frame.instance.func, it.op.through);
      if (text !== "") return text;
    }
    return locationName(this.#program, this.#points, race.object.base + race.offset);
  }

  #sentence(name: string, { inThread, other }: Conflict, twice: boolean): string {
    const first = `\`${name}\` is ${done(inThread)} by ${this.#who(inThread)}`;
    if (twice) return `${first} in several goroutines at once, without a lock that they share`;
    return `${first} and ${done(other)} by ${this.#who(other)} without a common lock`;
  }

  #who(it: AccessHappening): string {
    const { func } = it.frame.instance;
    const line = lineOf(this.#program, this.#span(it));
    const [thread] = this.#threads.threadsOf(it.frame);
    if (func.parent === null || thread === undefined)
      return `${funcWords(this.#program, func)} (L${line})`;
    return `the goroutine started at L${lineOf(this.#program, thread.span)} (L${line})`;
  }

  #started({ thread }: Conflict): string {
    const { func } = thread.spawner.instance;
    if (func.library) return `the goroutine is started here, by ${funcWords(this.#program, func)}`;
    return `the goroutine is started here, in ${funcWords(this.#program, func)}`;
  }

  #span(it: AccessHappening): SpanId {
    return this.#threads.spanOf(it.frame, it.op.instr);
  }

  #access(it: AccessHappening): Site {
    const verb = it.op.write ? "written" : "read";
    const held = it.state.held.map(
      (lock) => `${this.#lockName(lock.locks)} (L${lineOf(this.#program, lock.span)})`,
    );
    const holds = held.length === 0 ? "holds nothing" : `holds ${held.join(", ")}`;
    const how = it.op.atomic ? `${verb} atomically` : verb;
    return this.#site(this.#span(it), `${how} here, by ${this.#who(it)}: ${holds}`);
  }

  #locks(it: AccessHappening): Site[] {
    return it.state.held
      .filter((lock) => lock.span !== 0)
      .map((lock) => this.#site(lock.span, `\`${this.#lockName(lock.locks)}\` is taken here`));
  }

  #lockName(locks: readonly number[]): string {
    const [lock] = locks;
    return lock === undefined ? "a lock" : locationName(this.#program, this.#points, lock);
  }

  #site(span: SpanId, message: string): Site {
    return { span: spanOf(this.#program, span), message };
  }
}

function done(it: AccessHappening): string {
  return it.op.write ? "written" : "read";
}

function outermost(program: Program, func: Func): Func {
  let named = func;
  while (named.parent !== null) named = funcOf(program, named.parent);
  return named;
}
