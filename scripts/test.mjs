// `npm test [RUNNER...]`: sets the project up, runs every test and ends with one line of counts.
import path from "node:path";
import { fail, root, run, runQuietly, setUp, step, toolNode } from "./setup.mjs";

setUp();
// The packages are there only from here on.
const { runners } = await import("./test-runners.mjs");

const chosen = process.argv.slice(2);
const unknown = chosen.find((it) => !(it in runners));
if (unknown !== undefined)
  fail(`No tests are called ${unknown}: ${Object.keys(runners).join(", ")}.`);
const names = chosen.length > 0 ? chosen : Object.keys(runners);

const inVscode = names.some((it) => runners[it].inVscode);
if (inVscode) packageExtension();
const host = inVscode ? installHost() : undefined;
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
for (const name of names) {
  if (runners[name].inVscode) await host;
  step(`${name} tests`);
  const start = Date.now();
  const counts = await runners[name].run();
  console.log(`${name}: ${summary(counts)} in ${Math.round((Date.now() - start) / 1000)} s`);
  for (const kind of Object.keys(total)) total[kind] += counts[kind];
  failures.push(...(counts.failures ?? []).map((it) => `${name}: ${it}`));
}
// Told again at the end, as a log is often kept from its end only.
if (failures.length > 0) console.log(`\nFailed:\n${failures.join("\n")}`);
console.log(`\n${summary(total)}`);
process.exit(total.failed === 0 ? 0 : 1);

function packageExtension() {
  const vsix = path.join(root, ".cache", "happens-before.vsix");
  run(toolNode(), ["scripts/package.mjs", "--built", vsix]);
}

/** VS Code and its browser are fetched while the first tests run. */
async function installHost() {
  let output = "";
  const onOutput = (text) => {
    output += text;
  };
  const code = await runQuietly(toolNode(), ["scripts/vscode-host/install.mjs"], onOutput);
  if (code !== 0) fail(output.trim());
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
