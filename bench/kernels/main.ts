import path from "node:path";
import { pathToFileURL } from "node:url";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { createEngine } from "../../language-server/engine/create.js";
import type { Engine } from "../../language-server/engine/engine.js";
import { createNodeHost } from "../../language-server/host/node.js";
import type { CheckResult } from "../../protocol/finding.js";
import type { Outcome } from "../../protocol/witness.js";
import {
  alarms,
  intended,
  isIntended,
  readKernels,
  type Kernel,
} from "../../test/harness/kernels.js";
import { keep, print } from "./figures.js";
import { vetted } from "./vet.js";
import { timedHost, type Clock } from "./timed-host.js";

export interface Options {
  /** The project's folder, with a build in `dist/`. */
  readonly root: string;
  readonly only: string | null;
  /** Whether to keep the figures for the accuracy page. */
  readonly write: boolean;
}

export interface Measured {
  readonly kernel: Kernel;
  readonly found: boolean;
  /** Milliseconds of exploring until a schedule ended as intended; null: none did. */
  readonly first: number | null;
  /** The how-manieth execution that was. */
  readonly firstAt: number | null;
  /** Milliseconds of exploring the bad program, and the one put right, to the end. */
  readonly badAll: number;
  readonly fixedAll: number;
  /** Milliseconds from the sources of the bad program to the findings. */
  readonly check: number;
  readonly flagged: boolean;
  readonly complete: boolean;
}

const limits = { executions: 20_000, depth: 5_000, millis: 600_000 };
const never = (): boolean => false;

export async function benchKernels({ root, only, write }: Options): Promise<void> {
  const kernels = readKernels(root).filter(({ name }) => only === null || name.includes(only));
  let clock: Clock = { isWitness: never, first: null, firstAt: null, ended: 0, all: 0 };
  const host = createNodeHost({ dist: path.join(root, "dist"), log: () => undefined });
  const engine = createEngine(timedHost(host, () => clock));
  const measured: Measured[] = [];
  // The first time everything is new: what counts is a server that has been asked before.
  for (const round of ["warm up", "measure"]) {
    for (const kernel of kernels) {
      const it = await measure(engine, kernel, (next) => (clock = next));
      if (round === "measure") measured.push(it);
    }
  }
  await engine.dispose();
  const vet = vetted(root, kernels);
  print(measured, vet);
  if (write) keep(root, measured, vet);
}

async function measure(
  engine: Engine,
  kernel: Kernel,
  use: (clock: Clock) => Clock,
): Promise<Measured> {
  const isWitness = (outcome: Outcome): boolean => isIntended(kernel.ends, outcome);
  const bad = use({ isWitness, first: null, firstAt: null, ended: 0, all: 0 });
  const start = performance.now();
  const badResult = await check(engine, kernel.badFolder);
  const whole = performance.now() - start;
  const fixed = use({ isWitness: never, first: null, firstAt: null, ended: 0, all: 0 });
  const fixedResult = await check(engine, kernel.fixedFolder);
  return {
    kernel,
    found: intended(kernel, badResult) !== undefined,
    first: bad.first,
    firstAt: bad.firstAt,
    badAll: bad.all,
    fixedAll: fixed.all,
    check: whole,
    flagged: alarms(fixedResult).length > 0,
    complete: fixedResult.explorations.every((it) => it.complete),
  };
}

function check(engine: Engine, folder: string): Promise<CheckResult> {
  const unit = {
    language: "go",
    uri: pathToFileURL(folder).href,
    overlays: [],
    edited: null,
  } as const;
  return engine.check(unit, { explore: true, limits }, neverCancelled);
}
