import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the checks' pages on the web, from the manifest beside the bundle; null without one. */
export function docsUrlFrom(folder: string): string | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const repository = property(manifest, "repository");
    const url = typeof repository === "string" ? repository : property(repository, "url");
    if (typeof url !== "string") return null;
    const page = url.replace(/^git\+/, "").replace(/\.git$/, "");
    return /^https:\/\//.test(page) ? `${page}/blob/main/docs/checks` : null;
  } catch {
    return null; // running without a manifest is no reason to fail: diagnostics only lose their link
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
