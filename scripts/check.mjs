// `npm run check`: everything that can be said about the sources without running them.
import path from "node:path";
import { filesUnder, root, runQuietly, tool, toolNode, exportedGo, goModule } from "./setup.mjs";

// The fixtures of the layer test break the rules on purpose.
const ownSources = ["--exclude", "^test/fixtures/"];
const layers = [
  "protocol",
  "wording",
  "export",
  "library",
  "crawler",
  "samples/typescript",
  "language-server",
  "src",
  "webview",
  "test",
  "bench/explore",
  "bench/panel",
];

const checks = [
  ["format", [tool("@biomejs/biome", "bin/biome"), "format", "--reporter=summary"]],
  ["types", [tool("typescript", "bin/tsc"), "-b"]],
  ["lint", [tool("eslint", "bin/eslint.js"), "--max-warnings=0", "."]],
  ["layers", [tool("dependency-cruiser", "bin/dependency-cruiser.mjs"), ...ownSources, ...layers]],
  ["dead code", [tool("knip", "bin/knip.js"), "--no-progress"]],
];

let failed = 0;
for (const [name, args] of checks) await check(name, toolNode(), args, root);
const isGo = (it) => it.endsWith(".go") && !it.includes("testdata");
const goFiles = [goModule, exportedGo].flatMap((it) => filesUnder(it, isGo));
await check("Go format", "gofmt", ["-l", ...goFiles], goModule, (output) => output.trim() === "");
await check("Go vet", "go", ["vet", "./..."], goModule);
await check("exported Go", "go", ["vet", ...filesUnder(exportedGo, isGo)], goModule);
console.log(failed === 0 ? "all checks passed" : `${failed} of ${checks.length + 3} checks failed`);
process.exit(failed === 0 ? 0 : 1);

async function check(name, command, args, cwd, accept = () => true) {
  let output = "";
  const start = Date.now();
  const code = await runQuietly(command, args, (text) => (output += text), { cwd });
  const ok = code === 0 && accept(output);
  if (!ok) failed++;
  console.log(
    `${ok ? "ok  " : "FAIL"} ${name.padEnd(11)} ${((Date.now() - start) / 1000).toFixed(1)} s`,
  );
  if (!ok) console.log(output.trimEnd());
}
