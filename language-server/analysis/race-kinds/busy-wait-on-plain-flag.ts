import type { Block, Instr } from "../../ir/ir.js";
import { graphOf } from "../facts/graph.js";
import type { AccessHappening } from "../facts/races.js";
import { definitionsOf } from "../facts/skeleton.js";
import { asked, bothWays, sameFunctions, sourceOf, type RaceKind, type Sight } from "./kind.js";

/** A loop goes round until another goroutine writes, and nothing in it synchronises. */
export const busyWaitOnPlainFlag: RaceKind = {
  code: "busy-wait-on-plain-flag",
  shownBy: ({ conflicts }, sight) =>
    conflicts.filter((it) =>
      bothWays(it).some(
        ([read, write]) =>
          !read.op.write && !read.op.atomic && write.op.write && isSpun(read, sight),
      ),
    ),
  because: () => "the loop need never see the write, and may go round for ever",
  explains: sameFunctions,
};

/** Whether the value read decides alone when the loop around it ends. */
const isSpun = asked(({ op, frame }: AccessHappening, sight) => {
  const { func } = frame.instance;
  const graph = graphOf(func);
  const at = graph.pointOf(op.instr)?.block;
  if (at === undefined) return false;
  const definitions = definitionsOf(func);
  const decides = ({ exit }: Block): boolean =>
    exit.op === "branch" && sourceOf(definitions, exit.cond) === op.instr;
  return func.blocks.some((block, tested) => {
    if (!decides(block)) return false;
    return graph.successors(tested).some((stay) => {
      const body = stay === at ? new Set<number>() : graph.between(stay, at);
      if (stay !== at && !body.has(stay)) return false;
      const round = new Set([at, tested, ...body]);
      const leaves = [...round].filter((it) => graph.successors(it).some((to) => !round.has(to)));
      if (leaves.length !== 1 || leaves[0] !== tested) return false;
      const instrs = [...round].flatMap((it) => func.blocks[it]?.instrs ?? []);
      return instrs.every((it) => isIdle(it, frame, sight));
    });
  });
});

/** Whether an instruction neither orders nor changes what others see. */
function isIdle(instr: Instr, { instance }: AccessHappening["frame"], sight: Sight): boolean {
  switch (instr.op) {
    case "sync":
      return instr.fn === "sleep" || instr.fn === "yield" || instr.fn === "now";
    case "acquire":
    case "release":
    case "try-acquire":
    case "send":
    case "recv":
    case "close":
    case "select":
    case "atomic":
    case "spawn":
    case "run-defers":
      return false;
    case "call":
      return sight.points
        .targets(instance, instr)
        .every((it) => !sight.escape.relevant(it.instance));
    default:
      return true;
  }
}
