import path from "node:path";
import { pathToFileURL } from "node:url";
import type { SourceFile } from "../../language-server/frontend/frontend.js";
import { createEngine } from "../../language-server/engine/create.js";
import type { Engine, Unit } from "../../language-server/engine/engine.js";
import type { Limits } from "../../language-server/explore/explorer.js";
import { createNodeHost } from "../../language-server/host/node.js";

export const root = path.join(import.meta.dirname, "..", "..");

/** Bounded by executions and steps only, so that results do not depend on the machine's speed. */
export const testLimits: Limits = { executions: 20_000, depth: 5_000, millis: 100_000 };

/** The engine as the command line has it, over the built bundles. */
export function testEngine(): { readonly engine: Engine; readonly log: string[] } {
  const log: string[] = [];
  const host = createNodeHost({
    dist: path.join(root, "dist"),
    log: (message) => log.push(message),
  });
  return { engine: createEngine(host), log };
}

export function goUnit(folder: string, overlays: readonly SourceFile[] = []): Unit {
  return { language: "go", uri: uriOf(folder), overlays, edited: null };
}

export function tsUnit(file: string, overlays: readonly SourceFile[] = []): Unit {
  return { language: "ts", uri: uriOf(file), overlays, edited: null };
}

/** `file:` URI of a path below the project. */
export function uriOf(file: string): string {
  return pathToFileURL(path.resolve(root, file)).href;
}
