// The scripts of this folder are plain JavaScript and measure what is written in TypeScript: this bundles it for them.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = path.join(import.meta.dirname, "..");

/** Loads a TypeScript file, named from the project's root, with all that it imports. Calls do not share modules. */
export async function importTypeScript(file) {
  const bundle = path.join(root, ".cache", "bench", `${file.replace(/\W/g, "-")}.mjs`);
  await build({
    entryPoints: [path.join(root, file)],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  });
  return import(pathToFileURL(bundle).href);
}
