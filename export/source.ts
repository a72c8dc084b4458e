import type { Witness } from "../protocol/witness.js";
import { fileName } from "../wording/place.js";
import type { SourceText } from "./format.js";

/** A line of code, with the steps that are on it. */
export interface CodeLine {
  /** Counted from 0. */
  readonly line: number;
  readonly text: string;
  /** Indices of steps. */
  readonly steps: readonly number[];
}

/** The part of a file that a schedule runs through. */
export interface CodeFile {
  readonly uri: string;
  readonly name: string;
  /** Stretches of lines, with what lies between them left out. */
  readonly stretches: readonly (readonly CodeLine[])[];
  /** Lines of the whole file. */
  readonly lines: number;
}

/** A file of at most so many lines is shown whole. */
const wholeUpTo = 200;
/** Of a longer one, so many lines around each step. */
const around = 8;

/** The files of a schedule that are known, in the order in which it comes to them. */
export function codeOf({ steps }: Witness, sources: readonly SourceText[]): readonly CodeFile[] {
  const uris = [...new Set(steps.map((it) => it.span.uri))];
  return uris.flatMap((uri) => {
    const text = sources.find((it) => it.uri === uri)?.text;
    if (text === undefined) return [];
    const lines = text.replace(/\r?\n$/, "").split(/\r\n|\r|\n/);
    const stepsOn = new Map<number, number[]>();
    steps.forEach(({ span }, index) => {
      if (span.uri !== uri || span.start.line >= lines.length) return;
      const here = stepsOn.get(span.start.line);
      if (here === undefined) stepsOn.set(span.start.line, [index]);
      else here.push(index);
    });
    const stretches = wanted(lines.length, [...stepsOn.keys()]).map(([from, to]) =>
      lines.slice(from, to).map((it, index): CodeLine => {
        const line = from + index;
        return { line, text: it, steps: stepsOn.get(line) ?? [] };
      }),
    );
    return [{ uri, name: fileName(uri), stretches, lines: lines.length }];
  });
}

/** Half-open ranges of lines, in order and apart. */
function wanted(count: number, lines: readonly number[]): readonly (readonly [number, number])[] {
  if (count <= wholeUpTo) return [[0, count]];
  const ranges: [number, number][] = [];
  for (const line of lines.toSorted((a, b) => a - b)) {
    const [from, to] = [Math.max(0, line - around), Math.min(count, line + around + 1)];
    const last = ranges.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges;
}
