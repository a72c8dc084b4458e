// What a call does to what its caller knows. A function that many call runs once, from what they all bring; so that
// none takes over what only others know, each reads off what the function itself does.

import { others, sameLock, type State } from "./state.js";
import { plainSets, type SetAlgebra } from "./token-sets.js";
import { has, type Tokens } from "./tokens.js";

/** What running a function may do to what its caller knows; see `State`. */
export interface Effects {
  readonly gives: Tokens;
  readonly releases: Tokens;
  readonly starts: Tokens;
}

export const noEffects: Effects = { gives: [], releases: [], starts: [] };

/** `left` itself when it has all of `right`. */
export function bothEffects(
  left: Effects,
  right: Effects,
  { union }: SetAlgebra = plainSets,
): Effects {
  const gives = union(left.gives, right.gives);
  const releases = union(left.releases, right.releases);
  const starts = union(left.starts, right.starts);
  const same = gives === left.gives && releases === left.releases && starts === left.starts;
  return same ? left : { gives, releases, starts };
}

/** The end of a call that other callers have a part in, as the one that was in `state` before it sees it. */
export function seenFrom(
  state: State,
  exit: State,
  { gives, releases, starts }: Effects,
  { union }: SetAlgebra = plainSets,
): State {
  const kept = state.held.filter(
    (it) =>
      !it.locks.some((lock) => has(releases, lock)) && !exit.held.some((its) => sameLock(it, its)),
  );
  return {
    held: kept.length === 0 ? exit.held : [...kept, ...exit.held],
    live: knownBy(state, exit.live, starts),
    received: union(state.received, exit.received),
    signalled: union(state.signalled, gives),
  };
}

/** Of the goroutines that live at the end of a call, those that the caller knew or that were started in it. */
function knownBy(state: State, live: State["live"], starts: Tokens): State["live"] {
  const isKnown = (it: number): boolean => it === others || state.live.has(it) || has(starts, it);
  if ([...live.keys()].every(isKnown)) return live;
  const rest = new Map<number, Tokens>();
  for (const [it, tokens] of live) if (isKnown(it)) rest.set(it, tokens);
  return rest;
}
