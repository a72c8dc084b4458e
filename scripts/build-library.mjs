// The types of `happens-before/go` as the package hands them out, beside `dist/go.js`.
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { root, run, tool, toolNode } from "./setup.mjs";

run(toolNode(), [tool("typescript", "bin/tsc"), "-b", "library"]);
const made = path.join(root, ".types", "library", "library");
const target = path.join(root, "dist", "go");
mkdirSync(target, { recursive: true });
for (const file of readdirSync(made).filter((it) => it.endsWith(".d.ts"))) {
  cpSync(path.join(made, file), path.join(target, file));
}
