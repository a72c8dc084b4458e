import { defineConfig } from "vitest/config";

/** Go files as text, as the bundler has them. */
const goText = {
  name: "go-text",
  transform(code: string, id: string): string | null {
    return id.endsWith(".go") ? `export default ${JSON.stringify(code)};` : null;
  },
};

export default defineConfig({
  plugins: [goText],
  test: {
    include: ["test/**/*.test.ts"],
    // These two run inside VS Code: see test/harness/vscode/README.md.
    exclude: ["test/extension/**", "test/ui/**", "test/fixtures/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
