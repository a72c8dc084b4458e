import { spanOf } from "../../ir/access.js";
import { graphOf } from "../facts/graph.js";
import type { AccessHappening, Race } from "../facts/races.js";
import { bothWays, type RaceKind, type Sight } from "./kind.js";

/**
 * The loop itself writes its variable, round after round the same one, while a goroutine uses it. From Go 1.22 on
 * each round makes its own variable, so that no loop does this; which rule holds for a file the front end has seen
 * to (go.mod and `//go:build`).
 */
export const loopVariableCapture: RaceKind = {
  code: "loop-variable-capture",
  shownBy: (race, sight) =>
    race.conflicts.filter((it) =>
      bothWays(it).some(
        ([step, use]) =>
          isStep(race, step, sight) && use.frame.instance.func !== step.frame.instance.func,
      ),
    ),
  because: (_, { object }) => `all rounds of the loop share one \`${object.name}\` before Go 1.22`,
};

/** Whether the access is the loop's own step: it stands where the variable is declared, and comes again and again. */
function isStep({ object }: Race, { op, frame }: AccessHappening, sight: Sight): boolean {
  const { site, kind, span, instance } = object;
  const { func } = frame.instance;
  if (kind !== "variable" || site === null || instance?.func !== func) return false;
  if (op.instr.op !== "store") return false;
  const [declared, stepped] = [span, op.instr.span].map((it) => spanOf(sight.program, it));
  if (declared?.uri !== stepped?.uri || declared?.start.line !== stepped?.start.line) return false;
  return graphOf(func).instrsAfter(op.instr, site).includes(op.instr);
}
