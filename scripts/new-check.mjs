// `node scripts/new-check.mjs CODE [go|ts]`: a check, its fixture and its line in the registry.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [code, language = "go"] = process.argv.slice(2);
if (code === undefined || !/^[a-z]+(-[a-z]+)*$/.test(code) || !["go", "ts"].includes(language)) {
  console.error(
    "usage: node scripts/new-check.mjs CODE [go|ts], CODE in kebab-case, named after the defect",
  );
  process.exit(2);
}
const root = path.resolve(import.meta.dirname, "..");
const analysis = path.join(root, "language-server", "analysis");
const name = code.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
const checkFile = path.join(analysis, "checks", `${code}.ts`);
const fixture = path.join(root, "test", "fixtures", language, code, `${code}.${language}`);
for (const file of [checkFile, fixture]) {
  if (!existsSync(file)) continue;
  console.error(`${path.relative(root, file)} exists`);
  process.exit(1);
}

const empty = language === "go" ? "package main\n\nfunc main() {}\n" : "export {};\n";
writeFileSync(
  checkFile,
  `import type { Check, Pass } from "../check.js";

export const ${name}: Check = {
  code: "${code}",
  language: "${language}",
  doc: {
    title: "the defect, in at most 60 characters",
    text: "What it is, why it is bad, how to fix it: one sentence per line.",
    bad: ${JSON.stringify(empty)},
    good: ${JSON.stringify(empty)},
    since: "${JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version}",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  for (const func of pass.program.funcs) {
    if (func.library) continue;
  }
}
`,
);
mkdirSync(path.dirname(fixture), { recursive: true });
writeFileSync(
  fixture,
  language === "go"
    ? "package main\n\nfunc defectBad() {}\n\nfunc defectOk() {}\n\nfunc main() {\n\tdefectBad()\n\tdefectOk()\n}\n"
    : empty,
);

const registryFile = path.join(analysis, "registry.ts");
const registry = readFileSync(registryFile, "utf8");
const imports = [...registry.matchAll(/^import .* from "\.\/checks\/.*$/gm)].map(([line]) => line);
const names = [...registry.matchAll(/^ {2}(\w+),$/gm)].map(([, it]) => it);
const sortedImports = [...imports, `import { ${name} } from "./checks/${code}.js";`].sort(byPath);
const sortedNames = [...names, name].sort();
writeFileSync(
  registryFile,
  registry
    .replace(imports.join("\n"), sortedImports.join("\n"))
    .replace(
      names.map((it) => `  ${it},`).join("\n"),
      sortedNames.map((it) => `  ${it},`).join("\n"),
    ),
);
console.log(
  `Next: ${path.relative(root, checkFile)}, ${path.relative(root, fixture)}, then node scripts/gen-docs.mjs`,
);

function byPath(left, right) {
  const of = (line) => line.slice(line.indexOf("./"));
  return of(left) < of(right) ? -1 : 1;
}
