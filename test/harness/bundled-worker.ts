import { mkdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { root } from "./fixtures.js";

/** Where the bundle of the real worker is put for the tests of one name. */
export function workerScript(name: string): string {
  return path.join(root, ".cache", name, "worker.cjs");
}

/** Makes it from the sources as they are. */
export async function bundleWorker(script: string): Promise<void> {
  mkdirSync(path.dirname(script), { recursive: true });
  await build({
    entryPoints: [path.join(root, "language-server/host/worker.ts")],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["ts-morph"],
    logLevel: "error",
  });
}
