// Sentences about timers: what is done to one, and what it does itself.

import { expect, it } from "vitest";
import { phrase } from "../../../language-server/report/sentence.js";

const named = {
  threads: [],
  objects: [{ name: "s.timer", kind: "timer", span: null }],
} as const;

it.each([
  ["in 1m0s", "sets s.timer to go off in 1m0s"],
  ["stopped", "stops s.timer"],
  ["not running", "stops s.timer, which is not running"],
  ["20ms", "goes off at 20ms"],
])("says %s of a timer", (text, words) => {
  expect(phrase(named, { kind: "timer", object: 0, text })).toBe(words);
});
