// Stacks of goroutines: of a program that ended in a deadlock, a panic or a signal, and goroutine profiles.

import { calleeIn, framesAt, placeIn, type Line } from "./lines.js";
import type { Dump, DumpKind, Frame, Goroutine } from "./trace.js";

const header =
  /^\s*goroutine (\d+)(?: gp=\S+)?(?: m=\S+)?(?: mp=\S+)? \[([^\]]+)\](?:, locked to thread)?:\s*$/;
const profile = /^\s*goroutine(?:leak)? profile: total \d+\s*$/;
const message = /^\s*((?:fatal error|panic|SIG[A-Z]+): .*)$/;

export function goroutineDumps(lines: readonly Line[]): readonly Dump[] {
  const dumps: Dump[] = [];
  let said: Line | null = null;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as Line;
    const told = message.exec(line.text)?.[1];
    if (told !== undefined) said = { at: line.at, text: told.trim() };
    const isProfile = profile.test(line.text);
    const read = isProfile
      ? profileAt(lines, at + 1)
      : header.test(line.text)
        ? stacksAt(lines, at)
        : null;
    if (read === null) {
      at++;
      continue;
    }
    const { goroutines, next } = read;
    if (goroutines.length > 0) {
      const text = isProfile ? "" : (said?.text ?? "");
      dumps.push({ kind: kindOf(isProfile, text), message: text, at: line.at, goroutines });
    }
    said = null;
    at = next;
  }
  return dumps;
}

function kindOf(isProfile: boolean, text: string): DumpKind {
  if (isProfile) return "profile";
  if (/all goroutines (?:are asleep|in bubble are blocked)/.test(text)) return "deadlock";
  return /^(?:panic|fatal error): /.test(text) && !/^panic: test timed out/.test(text)
    ? "panic"
    : "dump";
}

interface Read {
  readonly goroutines: readonly Goroutine[];
  readonly next: number;
}

/** Goroutines that follow each other, with at most a few other lines between. */
function stacksAt(lines: readonly Line[], from: number): Read {
  const goroutines: Goroutine[] = [];
  let next = from;
  for (let at = from; at < lines.length && at - next <= mostBetween; ) {
    const text = lines[at]?.text ?? "";
    if (message.test(text) && goroutines.length > 0) break;
    const match = header.exec(text);
    if (match === null) {
      at++;
      continue;
    }
    const { frames, next: after } = stackAt(lines, at + 1);
    const created = createdAt(lines, after);
    const [, id = "", words = ""] = match;
    goroutines.push({ id: Number(id), count: 1, ...stateOf(words), frames, createdBy: created.by });
    at = next = created.next;
  }
  return { goroutines, next };
}

/** Lines between two goroutines that do not end the dump. */
const mostBetween = 4;

/** Frames, some of which Go may leave out of a long stack. */
function stackAt(lines: readonly Line[], from: number): { frames: readonly Frame[]; next: number } {
  let { frames, next } = framesAt(lines, from);
  while (/^\s*\.\.\.(?:\d+ frames elided|additional frames elided)/.test(lines[next]?.text ?? "")) {
    const rest = framesAt(lines, next + 1);
    frames = [...frames, ...rest.frames];
    next = rest.next;
  }
  const isCreator = frames.length > 0 && /^\s*created by /.test(lines[next - 2]?.text ?? "");
  return isCreator ? { frames: frames.slice(0, -1), next: next - 2 } : { frames, next };
}

function createdAt(lines: readonly Line[], at: number): { by: Frame | null; next: number } {
  const text = lines[at]?.text ?? "";
  if (!/^\s*created by /.test(text)) return { by: null, next: at };
  const call = calleeIn(text);
  const place = placeIn(lines[at + 1]?.text ?? "");
  if (call === null || place === null) return { by: null, next: at + 1 };
  return { by: { ...call, ...place }, next: at + 2 };
}

/** `chan send, 5 minutes, locked to thread`. */
function stateOf(words: string): Pick<Goroutine, "state" | "minutes"> {
  const [state = "", ...rest] = words.split(", ");
  const minutes = rest.map((it) => /^(\d+) minutes?$/.exec(it)?.[1]).find((it) => it !== undefined);
  return {
    state: state.replace(/ \((?:scan|durable|leaked)\)$/, ""),
    minutes: Number(minutes ?? 0),
  };
}

/** `3 @ 0x47d 0x414` and a line `#	0x4da	main.f+0x1a	/src/main.go:20` for each frame. */
function profileAt(lines: readonly Line[], from: number): Read {
  const goroutines: Goroutine[] = [];
  let at = from;
  for (; at < lines.length; ) {
    const text = (lines[at]?.text ?? "").trim();
    const count = /^(\d+) @(?: 0x[0-9a-f]+)*$/.exec(text)?.[1];
    if (count === undefined) {
      if (text !== "") break;
      at++;
      continue;
    }
    const frames: Frame[] = [];
    for (at++; /^\s*#/.test(lines[at]?.text ?? ""); at++) {
      const frame = /^\s*#\s+0x[0-9a-f]+\s+(\S+?)\+0x[0-9a-f]+\s+(\S.*):(\d+)\s*$/.exec(
        lines[at]?.text ?? "",
      );
      if (frame === null) continue;
      const [, func = "", file = "", line = ""] = frame;
      frames.push({ func, file, line: Number(line), args: "" });
    }
    goroutines.push({
      id: null,
      count: Number(count),
      state: "",
      minutes: 0,
      frames,
      createdBy: null,
    });
  }
  return { goroutines, next: at };
}
