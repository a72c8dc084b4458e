// Answers for somebody who picks who runs next.

import type { PlayAnswer, PlayAsk, Reach } from "../../protocol/play.js";
import type { Schedule, Witness } from "../../protocol/witness.js";
import type { LookJob } from "../explore/play/look.js";
import { play } from "../explore/play/play.js";
import { digestOf } from "../explore/program-digest.js";
import { makeMachine } from "../explore/vm/make-machine.js";
import { entryNamed } from "../explore/walk.js";
import type { FuncId, Program } from "../ir/ir.js";
import { toPlayState } from "../report/play.js";
import type { Host, Steering } from "./engine.js";
import type { Partial } from "./partial.js";

/** Steps of one execution, beyond which nobody plays. */
const depth = 5_000;
/** States that are looked at, and how long: somebody waits for it. */
const look = { states: 60_000, millis: 2_500 };

export interface PlayContext {
  readonly program: Program;
  readonly partial: Partial;
  readonly sources: Witness["sources"];
  readonly host: Pick<Host, "look">;
  readonly steering: Steering;
}

/** `schedule`: the choices so far, with what an exploration made visible. */
export async function answerPlay(
  context: PlayContext,
  schedule: Schedule,
  ask: PlayAsk,
): Promise<PlayAnswer> {
  const { program, sources } = context;
  const entry = entryNamed(program, schedule.entry);
  if (entry === undefined || schedule.program !== digestOf(program)) {
    return { kind: "changed", message: "The program was edited since these choices were made." };
  }
  if (ask.kind !== "state") return looked(context, entry, schedule, ask);
  const { finish } = ask;
  const played = play({ program, entry, schedule, finish, depth }, makeMachine);
  if ("problem" in played) return { kind: "problem", message: played.problem };
  return { kind: "state", state: toPlayState(played, sources) };
}

async function looked(
  { program, partial, host, steering }: PlayContext,
  entry: FuncId,
  schedule: Schedule,
  ask: Exclude<PlayAsk, { kind: "state" }>,
): Promise<PlayAnswer> {
  const { raceFree } = ask;
  const end = ask.kind === "way" ? ask.end : null;
  const limits = { depth, ...look };
  const job: LookJob = { program, entry, schedule, raceFree, limits, end };
  const answer = await host.look(job, steering);
  if (answer.kind === "problem") return answer;
  const unread = partial.unreadFrom(entry) !== null;
  if (answer.kind === "way") return { ...answer, complete: answer.complete && !unread };
  return { kind: "reach", reach: unread ? limited(answer.reach) : answer.reach };
}

/** Of a program that was not read in full nobody knows all that it can come to. */
function limited(reach: Reach): Reach {
  return { ...reach, limit: reach.limit ?? "unsupported" };
}
