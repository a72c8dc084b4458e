// What checks of channels have in common: whom they name, and what shows that they are right.

import type { Span } from "../../protocol/span.js";
import { spanOf } from "../ir/access.js";
import type { Program, SpanId } from "../ir/ir.js";
import type { Candidate, Pass } from "./check.js";
import type { ChannelUse } from "./facts/channels.js";
import { expressionOf } from "./facts/names.js";
import { alone } from "./sites.js";

/** The channel as it reads at a use, in backquotes. */
export function channelWords(program: Program, { instance, chan, channels }: ChannelUse): string {
  const name = expressionOf(program, instance.func, chan) || (channels[0]?.name ?? "");
  return name === "" ? "the channel" : `\`${name}\``;
}

/** Shown by an execution in which somebody waits forever at one of these places. */
export function stuckAt(program: Program, spans: readonly SpanId[]): Candidate {
  const places = alone(program, spans);
  return { outcome: "deadlock", places, or: { outcome: "leak", places }, renames: "defect" };
}

/** Shown by an execution in which a goroutine stays behind at one of these places. */
export function leftAt(program: Program, spans: readonly SpanId[]): Candidate {
  return { outcome: "leak", places: alone(program, spans), renames: "defect" };
}

/** Shown by an execution that panics at one of these places, which is likely where the others are run just before. */
export function panicAt(
  program: Program,
  spans: readonly SpanId[],
  others: readonly SpanId[],
): Candidate {
  const pairs = spans.flatMap((it): Span[][] =>
    others
      .filter((other) => other !== it)
      .map((other) => [spanOf(program, other), spanOf(program, it)]),
  );
  return { outcome: "panic", places: [...pairs, ...alone(program, spans)], renames: "defect" };
}

/** Whether the function is in the user's code, where something can be said about it. */
export function isTold({ program }: Pass, { instance: { func }, span }: ChannelUse): boolean {
  return !func.library && span !== 0 && spanOf(program, span).uri !== "";
}
