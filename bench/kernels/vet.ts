// What `go vet` says of the kernels.

import { spawnSync } from "node:child_process";
import path from "node:path";
import type { Kernel } from "../../test/harness/kernels.js";

export interface Vet {
  /** Names of kernels. */
  readonly found: readonly string[];
  /** Those of which it reports what was put right. */
  readonly flagged: readonly string[];
  readonly seconds: number;
}

export function vetted(root: string, kernels: readonly Kernel[]): Vet {
  const cwd = path.join(root, "test", "fixtures", "kernels");
  const start = performance.now();
  const { stderr } = spawnSync("go", ["vet", "./..."], { cwd, encoding: "utf8" });
  const seconds = (performance.now() - start) / 1000;
  const files = stderr
    .split("\n")
    .flatMap((line) => /^(?:\.\/)?(.+\.go):\d+:\d+: /.exec(line)?.[1] ?? []);
  const about = (folder: string): boolean =>
    files.includes(path.relative(cwd, path.join(folder, "main.go")));
  const names = (of: readonly Kernel[]): readonly string[] => of.map(({ name }) => name);
  return {
    found: names(kernels.filter(({ badFolder }) => about(badFolder))),
    flagged: names(kernels.filter(({ fixedFolder }) => about(fixedFolder))),
    seconds,
  };
}
