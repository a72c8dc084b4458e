import { readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitest/config";

/** Files as text, as the bundler has them. */
const asText = {
  name: "as-text",
  enforce: "pre" as const,
  load(id: string): string | null {
    const isText = /\.(?:go|txt)$/.test(id);
    return isText ? `export default ${JSON.stringify(readFileSync(id, "utf8"))};` : null;
  },
};

export default defineConfig({
  plugins: [asText],
  resolve: { alias: { "happens-before/go": path.join(import.meta.dirname, "library", "go.ts") } },
  test: {
    include: ["test/**/*.test.ts"],
    // These two run inside VS Code: see test/harness/vscode/README.md.
    exclude: ["test/extension/**", "test/ui/**", "test/fixtures/**"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
