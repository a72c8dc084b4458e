#!/usr/bin/env node
// Our checks and ESLint's `require-atomic-updates` over the sources of npm packages: each report of either side, for somebody to
// judge. The packages are unpacked somewhere outside of the project, as `npm pack NAME@VERSION` gives them. Run after `npm run build`:
//   node bench/await-races.mjs [--write] [--millis 500] FOLDER…
// FOLDER   the sources within a package: /tmp/got/dist/source
// --write  keep the figures in await-races-measured.json, for docs/accuracy.md; what is reported is judged in await-races-judged.json
// Files without `await` are counted and not read: there is nothing for either to say of them.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { cli } from "./measure.mjs";

const rule = "require-atomic-updates";
/** Files of one process: each has a compiler to load. */
const together = 16;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    millis: { type: "string", default: "500" },
  },
});
const linter = new Linter();
const measured = [];
for (const folder of positionals) {
  const it = await measure(path.resolve(folder));
  measured.push(it);
  const { name, version, files, read, lines } = it;
  console.log(`${name}@${version}: ${read} of ${files} files, ${lines} lines`);
  for (const of of it.reports) console.log(`  ${of.by} ${of.at} ${of.code}: ${of.message}`);
  for (const of of it.notRead) console.log(`  not read: ${of}`);
}
if (values.write) {
  const file = path.join(import.meta.dirname, "await-races-measured.json");
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const others = kept.filter((it) => !measured.some((of) => of.name === it.name));
  const all = [...others, ...measured].sort((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

async function measure(folder) {
  const { root, name, version } = packageOf(folder);
  const all = readdirSync(folder, { recursive: true })
    .filter((it) => /\.(?:[cm]?js|tsx?)$/.test(it) && !/\.d\.ts$|\.min\.js$/.test(it))
    .filter((it) => !it.split(path.sep).includes("node_modules"))
    .map((it) => path.join(folder, it))
    .sort();
  const files = all.filter((it) => /\bawait\b/.test(readFileSync(it, "utf8")));
  const at = (file, line) => `${path.relative(root, file)}:${line}`;
  const notRead = [];
  const reports = [];
  for (const file of files) {
    for (const { line, message, fatal } of lint(file)) {
      if (fatal === true) notRead.push(`${path.relative(root, file)}, by ESLint: ${message}`);
      else reports.push({ by: "eslint", code: rule, at: at(file, line), message });
    }
  }
  const ours = await check(files);
  for (const { code, severity, primary, message } of ours.findings) {
    const by = severity === "error" || severity === "warning" ? "ours" : "ours, unconfirmed";
    reports.push({ by, code, at: at(path.resolve(primary.file), primary.startLine), message });
  }
  notRead.push(...ours.failures);
  const explored = ours.explorations.length;
  const complete = ours.explorations.filter((it) => it.complete).length;
  const lines = files.reduce((sum, it) => sum + readFileSync(it, "utf8").split("\n").length, 0);
  const counts = { files: all.length, read: files.length, lines, gaps: ours.gaps.length };
  const within = path.relative(root, folder);
  return {
    name,
    version,
    folder: within,
    ...counts,
    explored,
    complete,
    notRead,
    reports: unique(reports),
  };
}

/** Each once: a file is read again with each one that imports it. */
function unique(reports) {
  const key = ({ by, code, at }) => `${by} ${code} ${at}`;
  return reports.filter((it, nth) => reports.findIndex((of) => key(of) === key(it)) === nth);
}

function packageOf(folder) {
  for (let root = folder; ; root = path.dirname(root)) {
    const file = path.join(root, "package.json");
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, "utf8"));
      if (name !== undefined) return { root, name, version };
    }
    if (root === path.dirname(root)) throw new Error(`${folder} is in no package`);
  }
}

/** What the rule says, and where ESLint cannot read the file. */
function lint(file) {
  const text = readFileSync(file, "utf8");
  const isCommon = /\brequire\(/.test(text) && !/^(?:import|export) /m.test(text);
  const parser = /\.tsx?$/.test(file) ? { parser: tseslint.parser } : {};
  const sourceType = isCommon ? "commonjs" : "module";
  const messages = linter.verify(text, {
    languageOptions: { ecmaVersion: "latest", sourceType, ...parser },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "off" },
    rules: { [rule]: "error" },
  });
  return messages.filter((it) => it.ruleId === rule || it.fatal === true);
}

/** Our findings after exploring, and the files whose process failed. */
async function check(files) {
  const all = { findings: [], explorations: [], gaps: [], failures: [] };
  for (let at = 0; at < files.length; at += together) {
    const some = files.slice(at, at + together);
    const args = [cli, "check", "--format", "json", "--executions", "200", "--time"];
    const { output, errors } = await run([...args, values.millis, ...some]);
    try {
      const { findings, explorations, gaps } = JSON.parse(output);
      all.findings.push(...findings);
      all.explorations.push(...explorations);
      all.gaps.push(...gaps);
    } catch {
      const why = errors.trim().split("\n")[0];
      all.failures.push(...some.map((it) => `${path.basename(it)}: ${why}`));
    }
  }
  return all;
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (errors += data));
    child.on("close", () => resolve({ output, errors }));
  });
}
