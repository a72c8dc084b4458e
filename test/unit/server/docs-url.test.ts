import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { docsUrlFrom } from "../../../language-server/server/docs-url.js";

const folder = mkdtempSync(join(tmpdir(), "docs-url-"));
afterEach(() => {
  rmSync(join(folder, "package.json"), { force: true });
});

it.each([
  [{ repository: { type: "git", url: "git+https://example.org/a/b.git" } }],
  [{ repository: "https://example.org/a/b" }],
])("the pages of the checks lie in the repository %j", (manifest) => {
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  expect(docsUrlFrom(folder)).toBe("https://example.org/a/b/blob/main/docs/checks");
});

it.each(["", "{", "{}", '{"repository": 4}', '{"repository": {"url": "ssh://x"}}'])(
  "no link without a repository on the web: %s",
  (text) => {
    writeFileSync(join(folder, "package.json"), text);
    expect(docsUrlFrom(folder)).toBeNull();
  },
);

it("without a repository the pages are those that are shipped", () => {
  const root = join(import.meta.dirname, "..", "..", "..");
  const url = docsUrlFrom(root);
  expect(url).toMatch(/^file:.*\/docs\/checks$/);
  expect(existsSync(new URL(`${url ?? ""}/data-race.md`))).toBe(true);
});
