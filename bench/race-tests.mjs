#!/usr/bin/env node
// Go's own tests of its race detector, from the sources of the installed Go, as cases for the explorer: each TestRace… holds
// a race, each TestNoRace… none. The real detector runs beside it. Run after `npm run build`:
//   node bench/race-tests.mjs [--only NAME] [--millis 2000] [--json] [--write]
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    millis: { type: "string", default: "2000" },
    json: { type: "boolean" },
    write: { type: "boolean" },
  },
});
const root = path.join(import.meta.dirname, "..");
const outfile = path.join(root, ".cache", "bench", "race-tests.mjs");
await build({
  entryPoints: [path.join(import.meta.dirname, "race-tests", "main.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
const { benchRaceTests } = await import(pathToFileURL(outfile).href);
await benchRaceTests({
  root,
  only: values.only ?? null,
  millis: Number(values.millis),
  json: values.json === true,
  write: values.write === true,
});
