import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Unit } from "../../../language-server/engine/engine.js";

/** Writes files into a new folder and returns its path. */
export function workspace(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), "happens-before-"));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

/** A Go unit of a folder, with unsaved buffers by path. */
export function goUnit(dir: string, buffers: Readonly<Record<string, string>> = {}): Unit {
  return {
    language: "go",
    uri: pathToFileURL(dir).href,
    overlays: Object.entries(buffers).map(([name, text]) => ({
      uri: pathToFileURL(path.join(dir, name)).href,
      text,
    })),
    edited: null,
  };
}
