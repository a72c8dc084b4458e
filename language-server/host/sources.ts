import { statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The `file:` URI of a source that a report names; null when it is not here. Reports come from other machines too: a path
 * that is not here is looked for below `roots` by its end, of which at least a folder and the name have to fit.
 */
export function sourceUri(file: string, roots: readonly string[]): string | null {
  if (path.isAbsolute(file) && isFile(file)) return pathToFileURL(file).href;
  const parts = file.split(/[/\\]+/).filter((it) => it !== "");
  if (parts.includes("..")) return null;
  for (let from = 0; from < parts.length - 1; from++) {
    const end = parts.slice(from);
    for (const root of roots) {
      const below = [path.join(root, ...end)];
      if (end[0] === path.basename(root)) below.push(path.join(root, ...end.slice(1)));
      const found = below.find(isFile);
      if (found !== undefined) return pathToFileURL(found).href;
    }
  }
  return null;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
