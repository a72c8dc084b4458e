import type { Frame } from "./trace.js";

/** A line of a text and where it stands, from 1. */
export interface Line {
  readonly at: number;
  readonly text: string;
}

/** What tools put before each line of an output they pass on: a time, a service's name and a bar. */
const prefix =
  /^(?:\x1b\[[0-9;]*m|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s\]]*\]?\s|[\w.-]+\s*\|\s|(?:std(?:err|out))[:|]\s?)+/;

/** The lines of a text, without what tools put before them and whatever ends a line anywhere. */
export function linesOf(text: string): readonly Line[] {
  return text.split(/\r\n|\n|\r/).map((it, index) => ({
    at: index + 1,
    text: it.replace(prefix, "").replace(/\x1b\[[0-9;]*m/g, ""),
  }));
}

/** Reads frames from the lines that begin at `from`: a function, and on the next line its place. */
export function framesAt(
  lines: readonly Line[],
  from: number,
): { readonly frames: readonly Frame[]; readonly next: number } {
  const frames: Frame[] = [];
  let next = from;
  for (;;) {
    const call = calleeIn(lines[next]?.text ?? "");
    const place = placeIn(lines[next + 1]?.text ?? "");
    if (call === null || place === null) break;
    frames.push({ ...call, ...place });
    next += 2;
  }
  return { frames, next };
}

/** `main.(*store).put(0xc000, …)`; `created by` before it is left out. */
export function calleeIn(text: string): Pick<Frame, "func" | "args"> | null {
  const line = text
    .trim()
    .replace(/^created by /, "")
    .replace(/ in goroutine \d+$/, "");
  if (line === "" || /^goroutine \d|\s(?:=>|->)\s|^=+$/.test(line)) return null;
  const match = /^([^\s(][^\s]*?)(?:\(([^()]*|\.\.\.)\))?$/.exec(line);
  if (match === null) return null;
  const [, func = "", args = ""] = match;
  return { func, args };
}

/** `/src/main.go:12 +0x44`. */
export function placeIn(text: string): Pick<Frame, "file" | "line"> | null {
  const match =
    /^\s+(.+\.(?:go|s|c|cc)):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=\S+ sp=\S+ pc=\S+)?\s*$/.exec(text);
  if (match === null) return null;
  const [, file = "", line = ""] = match;
  return { file, line: Number(line) };
}
