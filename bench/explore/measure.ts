// One row of the benchmark: our explorer in a fresh process, and SPIN on the same program.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Loaded } from "../../test/harness/explore-programs.js";
import type { Answer } from "./child.js";
import { promela } from "./promela.js";
import type { Row } from "./rows.js";
import type { Job, Result } from "./run-one.js";
import { runSpin, type SpinOptions, type SpinResult } from "./spin.js";

export interface Measured {
  readonly row: Row;
  readonly ours: Ours;
  readonly spin: Spin;
}

export type Ours =
  | { readonly kind: "result"; readonly result: Result; readonly peakMegabytes: number }
  | { readonly kind: "failed"; readonly reason: string };

export type Spin =
  | {
      readonly kind: "runs";
      readonly reduced: SpinResult;
      readonly full: SpinResult;
      /** Where there is something to find. */
      readonly shortest: SpinResult | null;
    }
  | { readonly kind: "not translated"; readonly reason: string }
  | { readonly kind: "not there" };

const cpuSeconds = 20;
const megabytes = 1000;
/** As much room for what lives shortly as `host/worker-pool.ts` gives. */
const asInWorkers = "--max-semi-space-size=4";

export interface Tools {
  /** The bundle of `child.ts`. */
  readonly child: string;
  readonly spin: boolean;
}

export function measure(row: Row, loaded: Loaded, tools: Tools): Measured {
  const spin: Spin = tools.spin ? bySpin(row, loaded) : { kind: "not there" };
  return { row, ours: byUs(row, loaded, tools.child), spin };
}

function byUs({ untilBug }: Row, { program, entry }: Loaded, child: string): Ours {
  const job: Job = { program, entry, untilBug, cpuSeconds };
  const folder = mkdtempSync(path.join(tmpdir(), "happens-before-bench-"));
  try {
    const idle = inChild(child, path.join(folder, "idle.json"), { job, idle: true });
    const busy = inChild(child, path.join(folder, "busy.json"), { job, idle: false });
    if (typeof busy === "string") return { kind: "failed", reason: busy };
    if (typeof idle === "string") return { kind: "failed", reason: idle };
    if (busy.result === null) return { kind: "failed", reason: "no answer" };
    const peakMegabytes = busy.peakMegabytes - idle.peakMegabytes;
    return { kind: "result", result: busy.result, peakMegabytes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Its answer, or why there is none. */
function inChild(child: string, file: string, order: unknown): Answer | string {
  writeFileSync(file, JSON.stringify(order));
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [asInWorkers, child, file],
    options,
  );
  if (status === 0) return JSON.parse(stdout) as Answer;
  const lines = stderr.split("\n").filter((it) => /Error|FATAL/.test(it));
  return lines[0] ?? `ended by ${signal ?? `exit ${status ?? "?"}`}`;
}

function bySpin(row: Row, { program, entry }: Loaded): Spin {
  const translation = promela(program, entry, "part of the step before");
  if (translation.kind !== "model") return translation;
  const run = (search: SpinOptions["search"]): SpinResult =>
    runSpin(translation.text, { search, cpuSeconds, megabytes });
  const shortest = row.bad.length > 0 ? run("shortest") : null;
  return { kind: "runs", reduced: run("reduced"), full: run("full"), shortest };
}
