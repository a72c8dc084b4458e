import type { Site } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { spanOf } from "../ir/access.js";
import type { Program, SpanId } from "../ir/ir.js";

/** Places without doubles and without those that have none, in order. */
export function sitesOf(
  program: Program,
  places: readonly (readonly [span: SpanId, message: string])[],
): readonly Site[] {
  const seen = new Set<SpanId>([0 as SpanId]);
  return places.flatMap(([span, message]) => {
    if (seen.has(span)) return [];
    seen.add(span);
    return [{ span: spanOf(program, span), message }];
  });
}

export function siteOf(program: Program, span: SpanId, message: string): Site {
  return { span: spanOf(program, span), message };
}

/** Each place by itself, as groups of a candidate. */
export function alone(program: Program, spans: Iterable<SpanId>): readonly (readonly Span[])[] {
  return [...new Set(spans)].filter((it) => it !== 0).map((it) => [spanOf(program, it)]);
}
