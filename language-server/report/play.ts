import type { PlayMove, PlayRecording, PlayState, UntoldMove } from "../../protocol/play.js";
import type { Witness } from "../../protocol/witness.js";
import { phrase } from "./sentence.js";
import { toWitness } from "./witness.js";

/** Puts into words where somebody stands who picks by himself who runs next. */
export function toPlayState(played: PlayRecording, sources: Witness["sources"]): PlayState {
  const { recording, size, blocked, end } = played;
  const witness = toWitness(recording, { finding: "", sources });
  return {
    witness: { ...witness, size: { ...witness.size, ...size } },
    moves: played.moves.map(toMove),
    blocked,
    end,
  };
}

function toMove({ choice, action, span, names, switches, preempts }: UntoldMove): PlayMove {
  return { choice, text: phrase(names, action), span, switches, preempts };
}
