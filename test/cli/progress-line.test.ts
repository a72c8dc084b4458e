import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { ProgressLine } from "../../language-server/cli/progress-line.js";
import type { ExplorationProgress } from "../../protocol/finding.js";

const progress: ExplorationProgress = {
  entry: "main.main",
  phase: "all",
  executions: 64,
  failing: 2,
  estimate: 4000,
};

class Terminal {
  written = "";
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns = 0) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.written += text;
  }
}

const erase = "\r\u001b[K";

describe("progress on the command line", () => {
  it("is one line, written over and never broken", () => {
    const wide = new Terminal(true);
    new ProgressLine(wide).progress(progress);
    expect(wide.written).toBe(`${erase}main.main: 64 orders so far, about 4,000; 2 fail`);
    const narrow = new Terminal(true, 20);
    new ProgressLine(narrow).progress(progress);
    expect(narrow.written).toBe(`${erase}main.main: 64 order`);
  });

  it("is not written into a file", () => {
    const file = new Terminal(false);
    const line = new ProgressLine(file);
    const done = line.untilInterrupted(new EventEmitter());
    line.progress(progress);
    done();
    expect(file.written).toBe("");
  });

  it("stops the exploration at the first interrupt, and leaves the second to the system", () => {
    const process = new EventEmitter();
    const line = new ProgressLine(new Terminal(true));
    const done = line.untilInterrupted(process);
    expect(line.cancelled).toBe(false);
    process.emit("SIGINT");
    expect(line.cancelled).toBe(true);
    expect(process.listenerCount("SIGINT")).toBe(0);
    done();
  });

  it("leaves interrupts as they were when the exploration is over", () => {
    const process = new EventEmitter();
    new ProgressLine(new Terminal(true)).untilInterrupted(process)();
    expect(process.listenerCount("SIGINT")).toBe(0);
  });
});
