#!/usr/bin/env node
// `check` on well-kept public Go repositories: what is reported, how much is explored, time and memory. The snapshots lie
// outside the project, in FOLDER/owner+name, at the commits of repositories.json. Run after `npm run build`:
//   node bench/repositories.mjs --folder FOLDER [--only NAME] [--time MS] [--group N] [--package-limit S] [--limit S] [--write]
// --time           milliseconds per main, test or example (default 2000)
// --group          packages a process checks (default 4); if it fails, they are checked one by one
// --package-limit  seconds per package of a group (default 60)
// --limit          seconds per repository (default 1800); what is left then is counted as not checked
// --processor-time seconds are of computing, for a machine that is busy with something else
// --write          keep the figures in repositories-measured.json, for docs/accuracy.md
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { cli, count, measure } from "./measure.mjs";

const { values } = parseArgs({
  options: {
    folder: { type: "string" },
    only: { type: "string" },
    time: { type: "string", default: "2000" },
    group: { type: "string", default: "4" },
    "package-limit": { type: "string", default: "60" },
    limit: { type: "string", default: "1800" },
    "processor-time": { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
if (values.folder === undefined) {
  console.error("--folder wants the folder of the snapshots");
  process.exit(2);
}
const data = (name) => path.join(import.meta.dirname, name);
const read = (name) => JSON.parse(readFileSync(data(name), "utf8"));
const repositories = read("repositories.json").filter(
  ({ name }) => values.only === undefined || name.includes(values.only),
);
const judged = read("repositories-judged.json");

let failed = false;
for (const repository of repositories) {
  const root = path.resolve(values.folder, repository.name.replace("/", "+"));
  if (!existsSync(root)) {
    console.log(`${repository.name}: not in ${values.folder}`);
    failed = true;
    continue;
  }
  const result = await checkRepository(repository, root);
  print(repository, result);
  if (values.write) write(figures(repository, result));
}
process.exit(failed ? 1 : 0);

async function checkRepository({ parts = ["."] }, root) {
  const folders = parts.flatMap((it) => goFolders(path.join(root, it)));
  const result = {
    root,
    folders: folders.length,
    lines: folders.reduce((sum, it) => sum + linesIn(it), 0),
    findings: [],
    gaps: [],
    explorations: [],
    seconds: 0,
    megabytes: 0,
    failures: [],
    unchecked: 0,
  };
  const size = Number(values.group);
  for (let at = 0; at < folders.length; at += size) {
    await checkGroup(folders.slice(at, at + size), result);
  }
  return result;
}

/** A group that crashes or takes too long is checked again package by package, to know which one it is. */
async function checkGroup(folders, result) {
  const left = (Number(values.limit) - result.seconds) * 1000;
  if (left <= 0) {
    result.unchecked += folders.length;
    return;
  }
  const millis = Math.min(left, Number(values["package-limit"]) * 1000 * folders.length);
  const args = [cli, "check", ...folders, "--format", "json", "--time", values.time];
  const run = await measure(process.execPath, args, {
    millis,
    processorTime: values["processor-time"],
  });
  result.megabytes = Math.max(result.megabytes, run.megabytes);
  result.seconds += run.seconds;
  const done = run.code === 0 || run.code === 1;
  if (done && run.output !== "") {
    const { findings, gaps, explorations } = JSON.parse(run.output);
    result.findings.push(...findings);
    result.gaps.push(...gaps);
    result.explorations.push(...explorations);
  } else if (folders.length > 1) {
    for (const it of folders) await checkGroup([it], result);
  } else {
    const what = run.code === null ? "takes too long" : `exit ${run.code}: ${run.errors.trim()}`;
    result.failures.push(`${path.relative(result.root, folders[0])}: ${what.slice(0, 300)}`);
  }
}

/** As the command line has `DIR/...`: hidden, `_`, testdata and vendor folders are left out. */
function goFolders(dir) {
  const entries = readdirSync(dir, { withFileTypes: true });
  const below = entries
    .filter((it) => it.isDirectory() && !/^[._]|^(testdata|vendor|node_modules)$/.test(it.name))
    .map((it) => it.name)
    .sort()
    .flatMap((it) => goFolders(path.join(dir, it)));
  return entries.some((it) => it.name.endsWith(".go")) ? [dir, ...below] : below;
}

function linesIn(dir) {
  const files = readdirSync(dir).filter((it) => it.endsWith(".go"));
  const lines = (file) => readFileSync(path.join(dir, file), "utf8").split("\n").length - 1;
  return files.reduce((sum, it) => sum + lines(it), 0);
}

function visible({ findings }) {
  return findings.filter((it) => it.severity === "error" || it.severity === "warning");
}

/** One row of repositories-measured.json. */
function figures({ name, commit }, result) {
  const severity = (which) => result.findings.filter((it) => it.severity === which).length;
  return {
    name,
    commit,
    packages: result.folders,
    lines: result.lines,
    errors: severity("error"),
    warnings: severity("warning"),
    information: severity("information"),
    gaps: result.gaps.length,
    explorations: result.explorations.length,
    complete: result.explorations.filter((it) => it.complete).length,
    seconds: Math.round(result.seconds),
    ...(values["processor-time"] ? { processorTime: true } : {}),
    megabytes: Math.round(result.megabytes),
    failed: result.failures.length,
    unchecked: result.unchecked,
  };
}

function print(repository, result) {
  const it = figures(repository, result);
  const rate = (1000 * (it.errors + it.warnings)) / it.lines;
  console.log(
    `${it.name} at ${it.commit.slice(0, 12)}: ${it.packages} packages, ${it.lines} lines of Go; ` +
      `${it.seconds} s, ${it.megabytes} MB`,
  );
  console.log(
    `  findings: ${it.errors} errors, ${it.warnings} warnings (${rate.toFixed(3)} per 1,000 lines), ` +
      `${it.information} information`,
  );
  console.log(`  explorations: ${it.complete} complete of ${it.explorations}`);
  const limits = result.explorations.filter((one) => !one.complete).map((one) => one.limit);
  if (limits.length > 0) console.log(`  cut: ${count(limits).join(", ")}`);
  const reasons = result.gaps.map((gap) => gap.reason.replace(/[`"'(].*/, "").trim());
  console.log(`  gaps: ${count(reasons).slice(0, 8).join(", ") || "none"}`);
  const stops = result.explorations.flatMap((one) => one.unsupported?.reason ?? []);
  if (stops.length > 0) console.log(`  not run: ${count(stops).slice(0, 8).join(", ")}`);
  for (const problem of result.failures) console.log(`  FAILED ${problem}`);
  if (result.unchecked > 0) console.log(`  not checked, for want of time: ${result.unchecked}`);
  for (const finding of visible(result)) console.log(`  ${described(repository, finding, result)}`);
  failed ||= it.failed > 0;
}

function described({ name, commit }, finding, { root }) {
  const { code, severity, message, primary } = finding;
  const file = path.relative(root, path.resolve(primary.file));
  const place = `${file}:${primary.startLine}`;
  const verdict = judged.find(
    (it) => it.repository === name && it.commit === commit && it.code === code && it.at === place,
  );
  return `${severity} ${code} ${place}: ${message} [${verdict?.verdict ?? "not judged"}]`;
}

function write(row) {
  const file = data("repositories-measured.json");
  const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const rows = [...known.filter((it) => it.name !== row.name), row];
  const order = read("repositories.json").map((it) => it.name);
  rows.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
}
