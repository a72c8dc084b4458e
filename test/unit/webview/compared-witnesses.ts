import type { Witness } from "../../../protocol/witness.js";
import { type Act, type Script, witnessOf } from "./witnesses.js";

// A lost update that is noticed, and the run that differs in one switch and passes.

const uri = "file:///samples/counter/main.go";

const start: readonly Act[] = [
  { thread: 0, line: 12, action: { kind: "start" }, text: "main begins" },
  { thread: 0, line: 15, action: { kind: "spawn", thread: 1 }, text: "main starts add" },
  { thread: 0, line: 15, action: { kind: "spawn", thread: 2 }, text: "main starts add #2" },
  { thread: 1, line: 5, action: { kind: "start" }, text: "add begins" },
];

const read = (thread: number, value: string): Act => ({
  thread,
  line: 6,
  action: { kind: "read", object: 0, value },
  text: `add${thread === 2 ? " #2" : ""} reads x = ${value}`,
});
const write = (thread: number, value: string): Act => ({
  thread,
  line: 7,
  action: { kind: "write", object: 0, value },
  text: `add${thread === 2 ? " #2" : ""} writes x = ${value}`,
  changed: [{ name: "x", value }],
});
const begin: Act = { thread: 2, line: 5, action: { kind: "start" }, text: "add #2 begins" };
const done = (thread: number): Act => ({
  thread,
  line: 8,
  action: { kind: "end" },
  text: `add${thread === 2 ? " #2" : ""} ends`,
});

const script: Omit<Script, "acts" | "outcome"> = {
  uri,
  language: "go",
  entry: "main.main",
  threads: [{ name: "main" }, { name: "add", line: 15 }, { name: "add #2", line: 15 }],
  objects: [{ name: "x", kind: "variable" }],
};

export const passing: Witness = witnessOf({
  ...script,
  acts: [
    ...start,
    read(1, "0"),
    write(1, "1"),
    done(1),
    begin,
    read(2, "1"),
    write(2, "2"),
    done(2),
    { thread: 0, line: 18, action: { kind: "output", text: "2" }, text: 'main prints "2"' },
    { thread: 0, line: 19, action: { kind: "end" }, text: "main ends" },
  ],
  outcome: { kind: "ok" },
});

export const failing: Witness = {
  ...witnessOf({
    ...script,
    acts: [
      ...start,
      read(1, "0"),
      begin,
      read(2, "0"),
      write(2, "1"),
      done(2),
      write(1, "1"),
      done(1),
      { thread: 0, line: 18, action: { kind: "panic", text: "lost" }, text: "main dies: lost" },
    ],
    outcome: { kind: "panic", step: 11, message: "panic: lost" },
  }),
  contrast: { schedule: passing.schedule, steps: [6, 9] },
};
