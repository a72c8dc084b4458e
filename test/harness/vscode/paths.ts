import { existsSync } from "node:fs";
import path from "node:path";

/** The project's top folder. The harness also runs bundled, so it is looked for, not counted. */
export const root = findRoot(import.meta.dirname);

/** Where `scripts/vscode-host/install.mjs` puts VS Code. */
export const hostFolder = path.join(root, ".vscode-host");

/** The packaged extension that the UI tests install: made by `npm test` and by `npm run package`. */
export function packagedExtension(): string {
  const vsix = path.join(root, ".cache", "happens-before.vsix");
  if (!existsSync(vsix)) throw new Error("there is no packaged extension: run `npm run package`");
  return vsix;
}

function findRoot(from: string): string {
  if (existsSync(path.join(from, "esbuild.mjs"))) return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error("the test harness is not inside the project");
  return findRoot(parent);
}
