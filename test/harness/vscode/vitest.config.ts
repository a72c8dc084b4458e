import path from "node:path";
import { defineConfig } from "vitest/config";

// Tests that drive a real VS Code: one at a time, with the patience a busy machine asks for.
export default defineConfig({
  root: path.resolve(import.meta.dirname, "../../.."),
  test: {
    include: ["test/ui/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
