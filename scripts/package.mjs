// `npm run package [FILE]`: the extension as a .vsix, checked for what must and must not be in it.
// `--built` packages the bundles that are there.
import { mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { packBundled } from "./pack-bundled.mjs";
import { fail, root, run, runQuietly, setUp, step, tool, toolNode } from "./setup.mjs";

/** Every file of the package is one of these or under one of these. */
const allowed = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "THIRD_PARTY_NOTICES.md",
  "package.json",
  "media/",
  "dist/",
  "docs/checks/",
  "samples/",
  "library/",
];
const required = [
  "dist/extension.cjs",
  "dist/server.cjs",
  "dist/gossa.wasm.br",
  "dist/ts-morph.cjs.br",
  "dist/std/std.types.br",
  "dist/std/std-images.br",
  "dist/std/std-images.br.index.json",
  "dist/webview.js",
  "dist/lab.js",
  "dist/crawler.cjs",
  "samples/go.mod",
  "samples/crawler/unlocked/main.go",
  "samples/lessons/01-three-steps/main.go",
  // What the samples in TypeScript import.
  "samples/typescript/tsconfig.json",
  "library/go.ts",
];

/** Bytes that the package may have. */
const most = 8e6;

const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const file = process.argv.slice(2).find((it) => !it.startsWith("--"));
const vsix = path.resolve(file ?? path.join(root, `happens-before-${version}.vsix`));

if (!process.argv.includes("--built")) setUp();
step("package");
mkdirSync(path.dirname(vsix), { recursive: true });
run(toolNode(), ["scripts/notices.mjs", "--check"]);
packBundled();
const vsce = tool("@vscode/vsce", "vsce");
const files = (await output([vsce, "ls", "--no-dependencies"])).split("\n").filter(Boolean);
const stray = files.filter(
  (file) => !allowed.some((it) => file === it || (it.endsWith("/") && file.startsWith(it))),
);
if (stray.length > 0) fail(`The package must not contain ${stray.join(", ")}: see .vscodeignore.`);
const missing = required.filter((it) => !files.includes(it));
if (missing.length > 0)
  fail(`The package lacks ${missing.join(", ")}: run \`npm run build\` and look for its errors.`);

await output([
  vsce,
  "package",
  "--no-dependencies",
  "--no-rewrite-relative-links",
  "--allow-missing-repository",
  "--out",
  vsix,
]);
for (const file of heaviest(files)) console.log(`${megabytes(sizeOf(file))}  ${file}`);
console.log(
  `${megabytes(statSync(vsix).size)}  ${path.relative(root, vsix)} (${files.length} files)`,
);
if (statSync(vsix).size > most) fail(`The package weighs more than ${megabytes(most).trim()}.`);

async function output(args) {
  let text = "";
  const code = await runQuietly(toolNode(), args, (it) => {
    text += it;
  });
  if (code !== 0) fail(`The extension cannot be packaged:\n${text}`);
  return text;
}

function heaviest(files) {
  return files.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, 8);
}

function sizeOf(file) {
  return statSync(path.join(root, file)).size;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2).padStart(7)} MB`;
}
