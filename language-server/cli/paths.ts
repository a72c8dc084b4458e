import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Unit } from "../engine/engine.js";

const typescript = /\.[cm]?[jt]sx?$/;

/** The units a PATH operand names, sorted; or one sentence that says why there is none. */
export function unitsOf(operand: string, cwd: string): readonly Unit[] | string {
  const recursive = operand === "..." || operand.endsWith("/...");
  const target = path.resolve(cwd, recursive ? operand.slice(0, -3) || "." : operand);
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat === undefined) return `${operand}: no such file or folder`;
  if (stat.isDirectory()) {
    const folders = recursive ? goFolders(target) : hasGo(target) ? [target] : [];
    if (folders.length === 0) return `${operand}: no Go package there`;
    return folders.map((it) => unit("go", it));
  }
  if (target.endsWith(".go")) return [unit("go", target)];
  if (typescript.test(target)) return [unit("ts", target)];
  return `${operand}: neither Go nor TypeScript`;
}

function unit(language: Unit["language"], file: string): Unit {
  return { language, uri: pathToFileURL(file).href, overlays: [], edited: null };
}

/** As `go list ./...` has it: hidden, `_`, testdata and vendor folders are left out. */
function goFolders(dir: string): string[] {
  const below = readdirSync(dir, { withFileTypes: true })
    .filter((it) => it.isDirectory() && !/^[._]|^(testdata|vendor|node_modules)$/.test(it.name))
    .map((it) => it.name)
    .sort()
    .flatMap((it) => goFolders(path.join(dir, it)));
  return hasGo(dir) ? [dir, ...below] : below;
}

function hasGo(dir: string): boolean {
  return readdirSync(dir, { withFileTypes: true }).some(
    (it) => it.name.endsWith(".go") && !it.isDirectory(),
  );
}
