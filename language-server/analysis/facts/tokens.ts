// Sets of tokens as sorted arrays: small, compared and used as keys all the time.
//
// A token names one way in which goroutines are ordered: a channel, wait group, once or atomic variable by its
// location; the other direction of an unbuffered channel; or "this object was allocated since".

import type { Node } from "./solver.js";

export type Tokens = readonly number[];

/** "The object was allocated by this goroutine since": nobody else has this one. */
export function freshToken(base: Node): number {
  return -2 * base - 2;
}

/** The object a fresh token is about. */
export function baseOfFresh(token: number): Node {
  return -token / 2 - 1;
}

/** A receive from an unbuffered channel, as its sender sees it. */
function reverseToken(channel: Node): number {
  return -2 * channel - 1;
}

export function reversed(channels: Tokens): Tokens {
  return channels.map(reverseToken).sort((a, b) => a - b);
}

export function has(tokens: Tokens, token: number): boolean {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = tokens[middle] ?? 0;
    if (value === token) return true;
    if (value < token) low = middle + 1;
    else high = middle;
  }
  return false;
}

export function union(left: Tokens, right: Tokens): Tokens {
  if (right.length === 0 || left === right) return left;
  if (left.length === 0) return right;
  const missing = right.filter((it) => !has(left, it));
  return missing.length === 0 ? left : [...left, ...missing].sort((a, b) => a - b);
}

export function intersection(left: Tokens, right: Tokens): Tokens {
  if (left === right) return left;
  const common = left.filter((it) => has(right, it));
  return common.length === left.length ? left : common;
}

export function without(left: Tokens, right: Tokens): Tokens {
  const rest = left.filter((it) => !has(right, it));
  return rest.length === left.length ? left : rest;
}

export function meets(left: Tokens, right: Tokens): boolean {
  return left.some((it) => has(right, it));
}

export function sameTokens(left: Tokens, right: Tokens): boolean {
  return left === right || (left.length === right.length && left.every((it, i) => it === right[i]));
}
