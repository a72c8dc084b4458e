#!/usr/bin/env node
// The search through schedules on the programs of test/fixtures/explore: traces, speed, memory and time to the first bug,
// beside SPIN on the same programs where it is on the path. Run after `npm run build`:
//   node bench/explore.mjs [--only NAME] [--big] [--json]
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values } = parseArgs({
  options: { only: { type: "string" }, big: { type: "boolean" }, json: { type: "boolean" } },
});
const root = path.join(import.meta.dirname, "..");
const outdir = path.join(root, ".cache", "bench");
await build({
  entryPoints: { main: "main.ts", child: "child.ts" },
  absWorkingDir: path.join(import.meta.dirname, "explore"),
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
const { bench } = await import(pathToFileURL(path.join(outdir, "main.mjs")).href);
await bench({
  root,
  child: path.join(outdir, "child.mjs"),
  only: values.only ?? null,
  big: values.big === true,
  json: values.json === true,
});
