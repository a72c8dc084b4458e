import type { PlayMove, PlayState } from "../../protocol/play.js";
import type { Witness } from "../../protocol/witness.js";
import type { Move, Played } from "../explore/play/play.js";
import { phrase } from "./sentence.js";
import { toWitness } from "./witness.js";

/** Puts into words where somebody stands who picks by himself who runs next. */
export function toPlayState(played: Played, sources: Witness["sources"]): PlayState {
  const { recording, size, blocked, end } = played;
  const [preemptions, switches] = size;
  const witness = toWitness(recording, { finding: "", sources });
  return {
    witness: { ...witness, size: { ...witness.size, preemptions, switches } },
    moves: played.moves.map(toMove),
    blocked,
    end,
  };
}

function toMove({ choice, action, span, names, switches, preempts }: Move): PlayMove {
  return { choice, text: phrase(names, action), span, switches, preempts };
}
