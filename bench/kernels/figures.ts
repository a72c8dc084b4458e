import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Measured } from "./main.js";
import type { Vet } from "./vet.js";

export function print(measured: readonly Measured[], vet: Vet): void {
  for (const it of measured) {
    const first = it.first === null ? "    –" : it.first.toFixed(1).padStart(5);
    const all = `${it.badAll.toFixed(1).padStart(7)} ${it.fixedAll.toFixed(1).padStart(7)}`;
    const wrong = [
      ...(it.found ? [] : ["NOT FOUND"]),
      ...(it.flagged ? ["FALSE ALARM"] : []),
      ...(it.complete ? [] : ["NOT COMPLETE"]),
    ];
    const nth = `${it.firstAt ?? "–"}`.padStart(3);
    console.log(`${it.kernel.name.padEnd(44)} ${nth} ${first} ${all} ms  ${wrong.join(", ")}`);
  }
  console.log(JSON.stringify({ ...figures(measured, vet), families: undefined }, null, 2));
}

/** For the accuracy page. */
export function keep(root: string, measured: readonly Measured[], vet: Vet): void {
  const file = path.join(root, "bench", "kernels-measured.json");
  writeFileSync(file, `${JSON.stringify(figures(measured, vet), null, 2)}\n`);
}

function figures(measured: readonly Measured[], vet: Vet): object {
  const families = [...new Set(measured.map((it) => it.kernel.family))].sort();
  return {
    go: spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).stdout.trim(),
    kernels: measured.length,
    found: measured.filter((it) => it.found).length,
    flagged: measured.filter((it) => it.flagged).length,
    complete: measured.filter((it) => it.complete).length,
    families: families.map((family) => familyFigures(family, measured, vet)),
    first: spread(measured.flatMap((it) => it.first ?? [])),
    firstAt: spread(measured.flatMap((it) => it.firstAt ?? [])),
    badAll: spread(measured.map((it) => it.badAll)),
    fixedAll: spread(measured.map((it) => it.fixedAll)),
    check: spread(measured.map((it) => it.check)),
    vet: { found: vet.found.length, flagged: vet.flagged.length, seconds: round(vet.seconds) },
    missed: measured
      .filter((it) => !it.found)
      .map(({ kernel: { name, ends } }) => ({ name, why: ends.miss ?? "" })),
  };
}

function familyFigures(family: string, measured: readonly Measured[], vet: Vet): object {
  const own = measured.filter((it) => it.kernel.family === family);
  return {
    family,
    kernels: own.length,
    found: own.filter((it) => it.found).length,
    flagged: own.filter((it) => it.flagged).length,
    vet: own.filter((it) => vet.found.includes(it.kernel.name)).length,
  };
}

function spread(values: readonly number[]): object {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { median: at(0.5), p95: at(0.95) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
