// How a race becomes a report. The race checks share this; each takes the races of its own kind, so that one
// cause gives one report.

import type { CheckCode, Site } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { funcOf, spanOf } from "../ir/access.js";
import type { Func, Program, SpanId } from "../ir/ir.js";
import type { Pass, Report } from "./check.js";
import { expressionOf, funcWords, lineOf, locationName } from "./facts/names.js";
import { pointsTo, type PointsTo } from "./facts/points-to.js";
import type { AccessHappening, Conflict, Race } from "./facts/races.js";
import { threads, type Threads } from "./facts/threads.js";
import { classifiedRaces, type ClassifiedRace } from "./race-kinds/kinds.js";

/** Reports the races of one kind. */
export function reportRaces(pass: Pass, code: CheckCode): void {
  const writer = new Writer(pass.program, pass.get(pointsTo), pass.get(threads));
  const reported = new Set<Span>();
  for (const race of pass.get(classifiedRaces)) {
    if (race.kind.code !== code) continue;
    // Objects that contexts keep apart may still be one variable of the source.
    const report = writer.report(race);
    if (reported.has(report.primary.span)) continue;
    reported.add(report.primary.span);
    pass.report(report);
  }
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

  report(race: ClassifiedRace): Report {
    const [conflict] = race.conflicts;
    const name = this.#name(race, conflict);
    const { inThread, other } = conflict;
    const declared = race.object.span;
    const related: Site[] = [];
    const twice = this.#span(inThread) === this.#span(other);
    if (!twice) related.push(this.#access(other));
    related.push(this.#site(conflict.thread.span, this.#started(conflict)));
    if (conflict.handoff !== null)
      related.push(this.#site(conflict.handoff.span, "it is handed over here"));
    if (declared !== 0 && declared !== this.#span(inThread)) {
      related.push(this.#site(declared, `\`${name}\` is made here`));
    }
    related.push(...this.#locks(inThread), ...(twice ? [] : this.#locks(other)));
    return {
      message: this.#sentence(race, name, conflict, twice),
      primary: this.#access(inThread),
      related,
      severity: "error",
      confidence: "possible",
      candidate: {
        outcome: "race",
        leadsTo: race.kind.leadsTo ?? [],
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
    const texts = [inThread, other]
      .map((it) => expressionOf(this.#program, it.frame.instance.func, it.op.through))
      .filter((it) => it !== "");
    // A field of something that has no name says less.
    const text = texts.find((it) => /[.[]/.test(it)) ?? texts[0];
    if (text !== undefined) return text;
    return locationName(this.#program, this.#points, race.object.base + race.offset);
  }

  #sentence(race: ClassifiedRace, name: string, conflict: Conflict, twice: boolean): string {
    const { inThread, other } = conflict;
    const first = `\`${name}\` is ${done(inThread)} by ${this.#who(inThread)}`;
    const both = twice
      ? `${first} in several goroutines at once`
      : `${first} and ${done(other)} by ${this.#who(other)}`;
    const because = race.because(name);
    if (because !== "") return `${both}: ${because}`;
    return twice ? `${both}, without a lock that they share` : `${both} without a common lock`;
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
    const held = it.state.held.map(
      (lock) => `${this.#lockName(lock.locks)} (L${lineOf(this.#program, lock.span)})`,
    );
    const holds = held.length === 0 ? "holds nothing" : `holds ${held.join(", ")}`;
    return this.#site(this.#span(it), `${done(it)} here, by ${this.#who(it)}: ${holds}`);
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
  const verb = it.op.write ? "written" : "read";
  return it.op.atomic ? `${verb} atomically` : verb;
}

function outermost(program: Program, func: Func): Func {
  let named = func;
  while (named.parent !== null) named = funcOf(program, named.parent);
  return named;
}
