// What threads were about to do when they stood still.

import type { Position, Span } from "../../../protocol/span.js";
import type { ObjectId, PortableSite, ThreadId, Witness } from "../../../protocol/witness.js";
import type { GoSources } from "./go-sources.js";

export interface Pending {
  readonly span: Span;
  /** It writes; with the read just before it, it is one update. */
  readonly writes: boolean;
  /** How many operations the thread has done at the place; null: not told. */
  readonly before: number | null;
  /** What it waits for; null: not told. */
  readonly object: ObjectId | null;
}

/** By thread, where it is told to stand at some time, the end of the run last. */
export function pendingPlaces(
  witness: Witness,
  sources: GoSources,
): ReadonlyMap<ThreadId, readonly Pending[]> {
  const places = new Map<ThreadId, Pending[]>();
  const add = (thread: ThreadId, pending: Pending): void => {
    const known = places.get(thread);
    if (known === undefined) places.set(thread, [pending]);
    else known.push(pending);
  };
  const { portable } = witness.schedule;
  for (const { thread, until } of portable?.turns ?? []) {
    const site = portable?.sites[until?.site ?? -1];
    const span = site === undefined ? null : spanOfSite(site, sources);
    const name = portable?.threads[thread]?.name;
    const id = witness.threads.findIndex((it) => it.name === name);
    if (site === undefined || span === null || until === null) continue;
    add(id, {
      span,
      writes: /^(store|map) /.test(`${site.op} `),
      before: until.before,
      object: null,
    });
  }
  const { outcome, steps } = witness;
  const waiting = "blocked" in outcome ? outcome.blocked : (steps.at(-1)?.blocked ?? []);
  for (const { thread, span, object } of waiting) {
    add(thread, { span, writes: false, before: null, object });
  }
  return places;
}

function spanOfSite({ func, at }: PortableSite, sources: GoSources): Span | null {
  const [line, character, endLine, endCharacter] = at.split(/[:-](?=\d)/).map(Number);
  const begin = sources.declared(func);
  if (begin === null || line === undefined || endLine === undefined) return null;
  return {
    uri: begin.uri,
    start: { line: begin.line + line, character: character ?? 0 },
    end: { line: begin.line + endLine, character: endCharacter ?? 0 },
  };
}

export function samePlace(a: Span, b: Span): boolean {
  return a.uri === b.uri && samePosition(a.start, b.start) && samePosition(a.end, b.end);
}

function samePosition(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character;
}
