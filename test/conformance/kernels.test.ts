import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { present } from "../../language-server/base/assert.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { goTest } from "../../language-server/report/go-test/go-test.js";
import { goUnit, root, testEngine, testLimits } from "../harness/engine.js";
import { showsAsForetold } from "../harness/exported-go.js";
import { goIsInstalled } from "../harness/go-oracle.js";
import { intended, readKernels, type Kernel } from "../harness/kernels.js";
import { runForced, runOften, type Forced } from "../harness/kernels-go.js";

// Each bad kernel, with its schedule forced by gates, hangs or panics under the real toolchain, but for those that say why
// not; each one put right ends by itself every time.

/** As often as a kernel that was put right must end. The environment asks for more. */
const runs = Number(process.env["HAPPENS_BEFORE_RUNS"] ?? "3");
const found = readKernels(root).filter(({ ends }) => ends.miss === null);
/** Of the others the source says why not. */
const forceable = found.filter(({ ends }) => ends.unforced === null);
/** Each is compiled twice, which takes long: two of a family, unless the environment asks for all, or those of some families. */
const asked = process.env["HAPPENS_BEFORE_KERNELS"] ?? "";
const kernels = forceable.filter(
  (it) => asked === "all" || asked.split(",").includes(it.family) || ofFamily(it).indexOf(it) < 2,
);
const { engine } = testEngine();
afterAll(async () => {
  await engine.dispose();
});

function ofFamily({ name }: Kernel): readonly Kernel[] {
  return forceable.filter((it) => path.dirname(it.name) === path.dirname(name));
}

interface Foretold extends Forced {
  readonly kind: string;
}

async function forced(kernel: Kernel): Promise<Foretold> {
  const unit = goUnit(path.relative(root, kernel.badFolder));
  const result = await engine.check(unit, { explore: true, limits: testLimits }, neverCancelled);
  const witness = present(intended(kernel, result)?.witness, kernel.name);
  const test = goTest(witness, () => kernel.bad);
  if ("problem" in test) throw new Error(`${kernel.name}: ${test.problem}`);
  const { name, bad } = kernel;
  return { name, source: bad, files: test.files, kind: witness.outcome.kind };
}

/** What is wrong with how a forced kernel ran; null: nothing. */
function problem({ name, kind }: Foretold, ran: ReturnType<typeof runForced>): string | null {
  const run = ran.get(name);
  if (run === undefined) return `${name}: did not run`;
  if (run.passed) return `${name}: ended by itself: ${run.output}`;
  return showsAsForetold(kind, run.output) ? null : `${name}: not as foretold: ${run.output}`;
}

describe.runIf(goIsInstalled())("kernels under the real toolchain", () => {
  it("bad: each one hangs or panics when its schedule is forced", async () => {
    const all: Foretold[] = [];
    for (const it of kernels) all.push(await forced(it));
    const ran = runForced(all);
    const problems = all.flatMap((it) => problem(it, ran) ?? []);
    const stuck = all.length - problems.length;
    console.log(`kernels that hang or panic: ${stuck}, forced: ${all.length} of ${found.length}`);
    expect(problems).toEqual([]);
  }, 3_600_000);

  it("put right: each one ends every time", async () => {
    const programs = new Map(readKernels(root).map((it) => [it.name, it.fixed]));
    const ended = await runOften(programs, runs);
    const wrong = ended.filter((it) => it.times < runs);
    console.log(`kernels that end ${runs} of ${runs} times: ${ended.length - wrong.length}`);
    expect(wrong).toEqual([]);
  }, 3_600_000);
});
