import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Folder of the checks' pages: on the web when the manifest beside the bundle names a repository, else the pages
 * that are shipped with the product; null when there are none.
 */
export function docsUrlFrom(folder: string): string | null {
  return onTheWeb(folder) ?? shipped(folder);
}

function onTheWeb(folder: string): string | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const repository = property(manifest, "repository");
    const url = typeof repository === "string" ? repository : property(repository, "url");
    if (typeof url !== "string") return null;
    const page = url.replace(/^git\+/, "").replace(/\.git$/, "");
    return /^https:\/\//.test(page) ? `${page}/blob/main/docs/checks` : null;
  } catch {
    return null; // Running without a manifest is no reason to fail.
  }
}

function shipped(folder: string): string | null {
  const pages = join(folder, "docs", "checks");
  return existsSync(pages) ? pathToFileURL(pages).href : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
