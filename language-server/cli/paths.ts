import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Unit } from "../engine/engine.js";

const typescript = /\.[cm]?[jt]sx?$/;

/** What is written by tools, or has no code. */
const written = /\.d\.[cm]?ts$|\.min\.[cm]?js$/;

/** Folders that `...` leaves out, as `go list` does, and where packages are kept. */
const leftOut = /^[._]|^(?:testdata|vendor|node_modules)$/;

/** Folders of which `...` takes only Go packages: what is built is kept there. */
const built = /^(?:dist|build|out|coverage)$/;

/** The units a PATH operand names, sorted; or one sentence that says why there is none. */
export function unitsOf(operand: string, cwd: string): readonly Unit[] | string {
  const recursive = operand === "..." || operand.endsWith("/...");
  const target = path.resolve(cwd, recursive ? operand.slice(0, -3) || "." : operand);
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat === undefined) return `${operand}: no such file or folder`;
  if (stat.isDirectory()) {
    const units = unitsIn(target, recursive, true);
    return units.length === 0 ? `${operand}: no Go package and no TypeScript there` : units;
  }
  if (target.endsWith(".go")) return [unit("go", target)];
  if (typescript.test(target)) return [unit("ts", target)];
  return `${operand}: neither Go nor TypeScript`;
}

/** The Go package of a folder, and each of its TypeScript and JavaScript files, which are modules of their own. */
function unitsIn(dir: string, recursive: boolean, takesModules: boolean): readonly Unit[] {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const files = entries.filter((it) => !it.isDirectory()).map((it) => it.name);
  const go = files.some((it) => it.endsWith(".go")) ? [unit("go", dir)] : [];
  const modules = files
    .filter((it) => takesModules && typescript.test(it) && !written.test(it))
    .map((it) => unit("ts", path.join(dir, it)));
  const below = entries
    .filter((it) => recursive && it.isDirectory() && !leftOut.test(it.name))
    .flatMap((it) => unitsIn(path.join(dir, it.name), true, takesModules && !built.test(it.name)));
  return [...go, ...modules, ...below];
}

function unit(language: Unit["language"], file: string): Unit {
  return { language, uri: pathToFileURL(file).href, overlays: [], edited: null };
}
