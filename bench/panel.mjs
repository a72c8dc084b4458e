#!/usr/bin/env node
// How soon the panel shows a long schedule, and how smoothly it zooms and pans, in a headless Chromium; beside it, in the
// same run, the same schedule with an SVG element for everything. Run after `npm run build`:
//   node bench/panel.mjs [--steps 10000,50000] [--lanes 16] [--no-peer] [--json]
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "10000,50000" },
    lanes: { type: "string", default: "16" },
    "no-peer": { type: "boolean" },
    json: { type: "boolean" },
  },
});
const root = path.join(import.meta.dirname, "..");
const outdir = path.join(root, ".cache", "bench", "panel");
const common = {
  absWorkingDir: path.join(import.meta.dirname, "panel"),
  outdir,
  bundle: true,
  logLevel: "warning",
};
await build({
  ...common,
  entryPoints: { main: "main.ts" },
  outExtension: { ".js": ".mjs" },
  platform: "node",
  format: "esm",
  packages: "external",
  define: { "import.meta.dirname": JSON.stringify(path.join(root, "test", "ui", "panel-page")) },
});
await build({ ...common, entryPoints: { peer: "peer.ts" }, platform: "browser", format: "iife" });
const { bench } = await import(pathToFileURL(path.join(outdir, "main.mjs")).href);
await bench({
  dist: path.join(root, "dist"),
  peer: values["no-peer"] === true ? null : path.join(outdir, "peer.js"),
  steps: values.steps.split(",").map(Number),
  lanes: Number(values.lanes),
  json: values.json === true,
});
