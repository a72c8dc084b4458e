#!/usr/bin/env node
// Explorations by one worker thread and by several: whole time and processor time of the least of a few runs that take
// turns, and whether all find the same. Run after `npm run build`:
//   node bench/threads.mjs [--threads 2] [--runs 3] [--only NAME] [--big]
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { values } = parseArgs({
  options: {
    threads: { type: "string", default: "2" },
    runs: { type: "string", default: "3" },
    only: { type: "string" },
    big: { type: "boolean" },
  },
});
const root = path.join(import.meta.dirname, "..");
const outfile = path.join(root, ".cache", "bench", "threads.mjs");
await build({
  entryPoints: [path.join(import.meta.dirname, "explore", "threads.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  external: ["ts-morph"],
  logLevel: "warning",
});
const { compare } = await import(pathToFileURL(outfile).href);
await compare({
  root,
  threads: Number(values.threads),
  runs: Number(values.runs),
  only: values.only ?? null,
  big: values.big === true,
});
