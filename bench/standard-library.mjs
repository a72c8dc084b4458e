#!/usr/bin/env node
// `check` on packages of the Go distribution, beside `go vet` on the same packages: wall time, peak memory, findings by
// severity and gaps by reason. Run after `npm run build`: node bench/standard-library.mjs [PACKAGE…]
import { execFileSync } from "node:child_process";
import path from "node:path";
import { cli, count, measure } from "./measure.mjs";

const packages = process.argv.slice(2);
if (packages.length === 0) {
  packages.push("net/rpc", "text/template", "database/sql", "net/http", "go/types");
}
const goroot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();

let failed = false;
for (const name of packages) {
  const dir = path.join(goroot, "src", name);
  const ours = await measure(process.execPath, [cli, "check", dir, "--format", "json"]);
  const vet = await measure("go", ["vet", name]);
  if (ours.code === 2 || ours.output === "") {
    failed = true;
    console.log(`${name}: could not run (exit ${ours.code})`);
    continue;
  }
  const { findings, gaps } = JSON.parse(ours.output);
  const errors = findings.filter((it) => it.severity === "error");
  failed ||= errors.length > 0;
  console.log(
    `${name}: ${ours.seconds.toFixed(1)} s, ${ours.megabytes.toFixed(0)} MB; ` +
      `go vet ${vet.seconds.toFixed(1)} s; ratio ${(ours.seconds / vet.seconds).toFixed(1)}`,
  );
  console.log(
    `  findings: ${count(findings.map((it) => `${it.severity} ${it.code}`)).join(", ") || "none"}`,
  );
  const reasons = gaps.map((it) => it.reason.replace(/[`"'(].*/, "").trim());
  console.log(`  gaps: ${count(reasons).join(", ") || "none"}`);
}
process.exit(failed ? 1 : 0);
