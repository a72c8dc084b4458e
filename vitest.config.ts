import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These two run inside VS Code: see test/harness/vscode/README.md.
    exclude: ["test/extension/**", "test/ui/**", "test/fixtures/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
