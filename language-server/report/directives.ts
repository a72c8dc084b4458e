// Comments by which the author of some code says that a finding is known and accepted there.
//
//   //hb:ignore CODE[,CODE…] reason          as Go's directives are written
//   // hb-ignore CODE[,CODE…]: reason         as in TypeScript
//
// Both forms are read in both languages. One behind code is about its own line, one alone on a line about the next line
// of code.

import type { Span } from "../../protocol/span.js";
import { isQuoted, nextCode } from "./comment-lines.js";

export interface Directive {
  /** Of the comment. */
  readonly span: Span;
  /** The line, counted from 0, whose findings it is about. */
  readonly line: number;
  readonly codes: readonly string[];
  /** Why they are accepted; "" where nothing is said. */
  readonly reason: string;
}

const form = /\/\/\s*hb[:-]ignore\b(?:[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*))?[ \t]*:?[ \t]*(.*)$/;

/** In the order of the lines. */
export function directivesIn(uri: string, text: string): readonly Directive[] {
  if (!/hb[:-]ignore/.test(text)) return [];
  const lines = text.split(/\r?\n/);
  return lines.flatMap((content, at) => {
    const match = form.exec(content);
    if (match === null || isQuoted(content.slice(0, match.index))) return [];
    const [, codes = "", reason = ""] = match;
    const span: Span = {
      uri,
      start: { line: at, character: match.index },
      end: { line: at, character: content.trimEnd().length },
    };
    const isAlone = content.slice(0, match.index).trim() === "";
    return [
      {
        span,
        line: isAlone ? nextCode(lines, at) : at,
        codes: codes.split(/[ \t]*,[ \t]*/).filter((it) => it !== ""),
        reason: reason.trim(),
      },
    ];
  });
}
