import type { Contrast, Outcome, Schedule, Witness } from "../../protocol/witness.js";
import { digest } from "../base/digest.js";
import type { Found } from "../explore/explorer.js";
import { retry } from "../explore/previous.js";
import { digestOf } from "../explore/program-digest.js";
import { replay } from "../explore/replay.js";
import { Sites } from "../explore/sites.js";
import { makeMachine } from "../explore/vm/make-machine.js";
import { funcOf } from "../ir/access.js";
import type { FuncId, Program } from "../ir/ir.js";
import { toWitness } from "../report/witness.js";
import type { Replayed } from "./engine.js";
import { isLeftRunning } from "./left-running.js";

/** Steps of a schedule that is tried on an edited program. */
const mostSteps = 5_000;

/** Turns schedules of one program into witnesses, by replaying them; keeps what it made. */
export class WitnessMaker {
  readonly #program: Program;
  readonly #textOf: (uri: string) => string;
  readonly #isEvidence: (witness: Witness) => boolean;
  readonly #made = new Map<Schedule, Witness | string>();
  /** Of what was made: the step of each choice. */
  readonly #rows = new Map<Schedule, readonly number[]>();

  /** `textOf`: the source a viewer has, whose digest tells when it changes. */
  constructor(
    program: Program,
    textOf: (uri: string) => string,
    isEvidence: (witness: Witness) => boolean,
  ) {
    this.#program = program;
    this.#textOf = textOf;
    this.#isEvidence = isEvidence;
  }

  /** The witness of a found outcome, for a finding; null when it does not replay or is no evidence. */
  ofFound({ schedule, outcome, size, contrast, stale }: Found, finding: string): Witness | null {
    const made = this.make(schedule, outcome);
    if (typeof made === "string" || !this.#isEvidence(made)) return null;
    return {
      ...made,
      finding,
      size: { ...size, steps: made.steps.length },
      contrast: contrast === null ? null : this.#inRows(contrast, schedule, made.steps.length),
      stale,
    };
  }

  /** With steps of the witness, which has more than there are choices: output, ends, panics. */
  #inRows(contrast: Contrast, schedule: Schedule, end: number): Contrast {
    const rows = this.#rows.get(schedule) ?? [];
    const [first, second] = contrast.steps.map((it) => rows[it] ?? end) as [number, number];
    const instead = first === second ? this.#textAt(contrast.schedule, first) : "";
    return { ...contrast, steps: [first, second], ...(instead === "" ? {} : { instead }) };
  }

  /** A step of a run, in words; "" when there is none. */
  #textAt(schedule: Schedule, step: number): string {
    const made = this.make(schedule, null);
    return typeof made === "string" ? "" : (made.steps[step]?.text.trim() ?? "");
  }

  /** A schedule's execution as a witness, or why there is none in one sentence. */
  make(schedule: Schedule, wanted: Outcome | null): Witness | string {
    const known = this.#made.get(schedule) ?? this.#replay(schedule, wanted);
    this.#made.set(schedule, known);
    return known;
  }

  /** Whether a test leaves behind what it could have asked to stop. `natural`: the run of the test that goes its own way. */
  leavesRunning(shown: Witness, natural: Schedule): boolean {
    const made = this.make(natural, null);
    return isLeftRunning(this.#program, shown, typeof made === "string" ? [shown] : [shown, made]);
  }

  /** A schedule that may have been found on an earlier version of the program; or what is wrong with it. */
  again(schedule: Schedule): Replayed | string {
    const { portable } = schedule;
    if (schedule.program === digestOf(this.#program)) {
      const witness = this.make(schedule, null);
      return typeof witness === "string" ? witness : { kind: "replayed", witness };
    }
    if (portable === undefined)
      return "it was edited since, and the schedule knows only what it was";
    const machine = makeMachine(this.#program);
    const sites = new Sites(this.#program);
    const retried = retry(this.#program, sites, portable, machine, {
      depth: mostSteps,
      interrupted: () => false,
    });
    if (retried.kind === "no longer applies") {
      return { kind: retried.kind, reason: retried.problem };
    }
    const witness =
      retried.kind === "still fails"
        ? this.make(retried.found.schedule, retried.found.outcome)
        : this.make(retried.schedule, null);
    if (typeof witness === "string") return witness;
    return { kind: retried.kind === "passes" ? "no longer fails" : retried.kind, witness };
  }

  #replay(schedule: Schedule, wanted: Outcome | null): Witness | string {
    const entry = this.#entry(schedule.entry);
    if (entry === undefined) return `there is no entry ${schedule.entry} in this program`;
    const recording = replay(this.#program, entry, schedule, wanted, makeMachine);
    if ("problem" in recording) return recording.problem;
    this.#rows.set(schedule, recording.rows);
    const sources = sourcesOf(this.#program, this.#textOf);
    return toWitness(recording, { finding: "", sources });
  }

  #entry(name: string): FuncId | undefined {
    return this.#program.entries.find((it) => funcOf(this.#program, it.func).name === name)?.func;
  }
}

/** The user's files, in the order the program names them. */
export function sourcesOf(program: Program, textOf: (uri: string) => string): Witness["sources"] {
  return userFiles(program).map((uri) => ({ uri, digest: digest(textOf(uri)) }));
}

/** Their names, in order. */
export function userFiles(program: Program): readonly string[] {
  const uris = new Set<string>();
  for (const { library, span } of program.funcs) {
    const uri = program.spans[span]?.uri ?? "";
    if (!library && uri !== "") uris.add(uri);
  }
  return [...uris].sort();
}
