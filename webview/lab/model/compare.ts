// All forms on one clock.

import { type FormWords, formWords } from "../../../protocol/lab.js";
import { millisOf, type Run, speedOf } from "./run.js";
import type { LabModel } from "./store.js";

export interface Row {
  readonly words: FormWords;
  /** Null: has not run on this site yet. */
  readonly run: Run | null;
  readonly running: boolean;
  /** Length of its bar, 0 to 1; the longest crawl is 1. */
  readonly share: number;
  readonly speed: number;
  /** Null: there is no finished serial crawl to compare with. */
  readonly timesSerial: number | null;
}

export function rowsOf(model: LabModel): readonly Row[] {
  const longest = Math.max(1, ...[...model.runs.values()].map(millisOf));
  const serial = serialSpeed(model);
  return formWords.map((words) => {
    const run = model.runs.get(words.name) ?? null;
    const speed = run === null ? 0 : speedOf(run);
    return {
      words,
      run,
      running: model.running === words.name,
      share: run === null ? 0 : millisOf(run) / longest,
      speed,
      timesSerial: serial === null || run === null || run.result === null ? null : speed / serial,
    };
  });
}

/** Pages a second of the finished serial crawl of this site; null: there is none. */
export function serialSpeed({ runs }: LabModel): number | null {
  const serial = runs.get("serial");
  return serial?.result?.end === "done" ? speedOf(serial) : null;
}

/** How a crawl ended. */
export function endWords(run: Run | null, running: boolean): string {
  if (run === null) return "not run";
  if (running) return "running";
  switch (run.result?.end) {
    case "done":
      return "done";
    case "cancelled":
      return "stopped";
    case "too long":
      return "took too long";
    case undefined:
      return "stopped";
  }
}

/** `0.42 s` or `85 ms` */
export function duration(millis: number): string {
  return millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(2)} s`;
}
