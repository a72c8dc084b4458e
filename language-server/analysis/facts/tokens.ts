// Sets of tokens as sorted arrays: small, compared and used as keys all the time.
//
// A token names one way in which goroutines are ordered: a channel, wait group, once or atomic variable by its
// location; the other direction of an unbuffered channel; or "this object was allocated since".

import type { Node } from "./solver.js";

export type Tokens = readonly number[];

const none: Tokens = [];

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

/** Given by a test that calls `t.Parallel`: it stops there until the function that started it has ended. */
export const pausedToken = 2 ** 40;

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

/** `left` itself when it has all of `right`. */
export function union(left: Tokens, right: Tokens): Tokens {
  if (right.length === 0 || left === right) return left;
  if (left.length === 0) return right;
  if (contains(left, right)) return left;
  const all: number[] = [];
  let at = 0;
  for (const it of right) {
    for (let mine = left[at]; mine !== undefined && mine < it; mine = left[++at]) all.push(mine);
    if (left[at] !== it) all.push(it);
  }
  for (; at < left.length; at++) all.push(left[at] ?? 0);
  return all;
}

function contains(left: Tokens, right: Tokens): boolean {
  if (right.length > left.length) return false;
  let at = 0;
  for (const it of right) {
    while (at < left.length && (left[at] ?? 0) < it) at++;
    if (left[at] !== it) return false;
  }
  return true;
}

/** `left` itself when all of it is in `right`. */
export function intersection(left: Tokens, right: Tokens): Tokens {
  if (left === right || left.length === 0 || contains(right, left)) return left;
  if (right.length === 0) return none;
  const common: number[] = [];
  let at = 0;
  for (const it of left) {
    while (at < right.length && (right[at] ?? 0) < it) at++;
    if (right[at] === it) common.push(it);
  }
  return common;
}

export function without(left: Tokens, right: Tokens): Tokens {
  if (left.length === 0 || right.length === 0) return left;
  const rest = left.filter((it) => !has(right, it));
  return rest.length === left.length ? left : rest;
}

export function meets(left: Tokens, right: Tokens): boolean {
  return left.some((it) => has(right, it));
}

export function sameTokens(left: Tokens, right: Tokens): boolean {
  return left === right || (left.length === right.length && left.every((it, i) => it === right[i]));
}
