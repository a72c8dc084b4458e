// Writes `THIRD_PARTY_NOTICES.md`: the licence of everything that the package ships and the project
// did not write. With `--check`, only says whether the file is complete.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fail, root, goModule } from "./setup.mjs";

const intro = `# Third-party notices

Happens Before is under the MIT licence; see LICENSE.
What it ships contains the following works under their own licences.
Written by \`scripts/notices.mjs\`.
`;

const target = path.join(root, "THIRD_PARTY_NOTICES.md");
const bundled = JSON.parse(
  readFileSync(path.join(root, ".cache", "bundled-packages.json"), "utf8"),
);
// TypeScript is inside the one file that ts-morph publishes of its compiler.
const npmNames = [...new Set([...bundled, "typescript"])].sort();

if (process.argv.includes("--check")) {
  const text = existsSync(target) ? readFileSync(target, "utf8") : "";
  const missing = npmNames.filter((it) => !text.includes(`\n## ${it}\n`));
  if (missing.length > 0) {
    fail(`THIRD_PARTY_NOTICES.md lacks ${missing.join(", ")}: run \`node scripts/notices.mjs\`.`);
  }
} else {
  const parts = [...goParts(), ...npmNames.map(npmPart)];
  writeFileSync(target, `${intro}\n${parts.join("\n")}`);
  console.log(`${parts.length} notices`);
}

function npmPart(name) {
  const folder = path.join(root, "node_modules", name);
  const { license, homepage } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const note = [`Licence: ${license}.`, homepage ?? ""].filter(Boolean).join(" ");
  return part(name, note, licenceIn(folder));
}

function goParts() {
  const template = "{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}";
  const lines = go(
    "list",
    "-deps",
    "-f",
    template,
    "./cmd/wasm",
    "golang.org/x/sync/errgroup",
  ).split("\n");
  const modules = [...new Set(lines)].filter((it) => it !== "").map((it) => it.split(" "));
  const note = "The Go front end is written with it.";
  return [
    part(
      "Go",
      `${note} Its standard library is what the analysis knows.`,
      licenceIn(go("env", "GOROOT")),
    ),
    ...modules.map(([name, folder]) => part(name, note, licenceIn(folder))),
  ];
}

function part(name, note, licence) {
  return `## ${name}\n\n${note}\n\n~~~text\n${licence}\n~~~\n`;
}

function licenceIn(folder) {
  const names = readdirSync(folder).filter((it) => /^(licen[cs]e|copying|notice)/i.test(it));
  if (names.length === 0) return "(The package has no licence text.)";
  const texts = names.sort().map((it) => readFileSync(path.join(folder, it), "utf8").trim());
  return texts.join("\n\n").replaceAll("\r", "");
}

function go(...args) {
  const { status, stdout, stderr } = spawnSync("go", args, {
    cwd: goModule,
    encoding: "utf8",
    env: { ...process.env, GOOS: "js", GOARCH: "wasm" },
  });
  if (status !== 0) fail(`Go cannot list the front end's modules: ${stderr.trim()}`);
  return stdout.trim();
}
