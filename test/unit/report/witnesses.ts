import type { Found } from "../../../language-server/explore/explorer.js";
import { replay } from "../../../language-server/explore/replay.js";
import { makeMachine } from "../../../language-server/explore/vm/make-machine.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { toWitness } from "../../../language-server/report/witness.js";
import type { OutcomeKind } from "../../../protocol/finding.js";
import type { Schedule, Outcome, Witness } from "../../../protocol/witness.js";
import { explored, jobOf } from "../explore/programs.js";

/** The witness of the first outcome of a kind; of the natural run when that is "ok". */
export function witnessOf(program: Program, kind: OutcomeKind): Witness {
  const { found, natural } = explored(program, 2000);
  const first = found.find((it): it is Found => it.kind === kind);
  if (first === undefined && kind !== "ok") throw new Error(`no ${kind}`);
  return told(program, first?.schedule ?? natural, first?.outcome ?? null);
}

function told(program: Program, schedule: Schedule, outcome: Outcome | null): Witness {
  const recording = replay(program, jobOf(program).entry, schedule, outcome, makeMachine);
  if ("problem" in recording) throw new Error(recording.problem);
  return toWitness(recording, { finding: "", sources: [] });
}
