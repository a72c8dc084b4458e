#!/usr/bin/env node
// The kernels of test/fixtures/kernels: how many are found, how long it takes to the first schedule that ends as its author
// meant, and to the end of the search; beside them what `go vet` says of the same files. Run after `npm run build`:
//   node bench/kernels.mjs [--only NAME] [--write]
// --write  keep the figures in kernels-measured.json, for docs/accuracy.md
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values } = parseArgs({
  options: { only: { type: "string" }, write: { type: "boolean", default: false } },
});
const root = path.join(import.meta.dirname, "..");
const outfile = path.join(root, ".cache", "bench", "kernels.mjs");
await build({
  entryPoints: [path.join(import.meta.dirname, "kernels", "main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
const { benchKernels } = await import(pathToFileURL(outfile).href);
await benchKernels({ root, only: values.only ?? null, write: values.write });
