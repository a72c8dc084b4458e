#!/usr/bin/env node
// How soon an exploration ends after somebody has cancelled it: at random moments of explorations of the programs of
// test/fixtures/explore. Run after `npm run build`:
//   node bench/cancel.mjs [--times 1000]
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values } = parseArgs({ options: { times: { type: "string", default: "1000" } } });
const root = path.join(import.meta.dirname, "..");
const outfile = path.join(root, ".cache", "bench", "cancel.mjs");
await build({
  entryPoints: [path.join(import.meta.dirname, "explore", "cancel.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
const { benchCancel } = await import(pathToFileURL(outfile).href);
await benchCancel({ root, times: Number(values.times) });
