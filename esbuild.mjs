// Every bundle of the project, in one list: as it is shipped or, with `--watch`, for working on it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { build, context } from "esbuild";

const watch = process.argv.includes("--watch");

/**
 * ts-morph brings a whole TypeScript compiler (9 MB): one copy, loaded by whoever needs it first. A package has it compressed
 * (`scripts/pack-bundled.mjs`).
 */
const shareTsMorph = {
  name: "share-ts-morph",
  setup(pass) {
    pass.onResolve({ filter: /^ts-morph$/ }, ({ path }) => ({ path, namespace: "shared" }));
    pass.onLoad({ filter: /.*/, namespace: "shared" }, () => ({ contents: loadTsMorph }));
  },
};

const loadTsMorph = `
  const { existsSync, readFileSync } = require("node:fs");
  const file = __dirname + "/ts-morph.cjs";
  if (existsSync(file)) module.exports = require(file);
  else {
    const Module = require("node:module");
    const whole = new Module(file);
    whole.filename = file;
    whole._compile(require("node:zlib").brotliDecompressSync(readFileSync(file + ".br")).toString(), file);
    module.exports = whole.exports;
  }
`;

/**
 * Of mermaid's many kinds of diagrams the panel draws one, which elk lays out: what only the others need is left out, and says
 * so if asked for.
 */
const flowchartsOnly = {
  name: "flowcharts-only",
  setup(pass) {
    const kept = /\/(?:flowDiagram|elk|dagre|sizeCapture)-\w+\.mjs$/;
    pass.onResolve({ filter: /\.mjs$|^katex$/ }, ({ kind, importer, path }) =>
      kind === "dynamic-import" && /[\\/]mermaid[\\/]dist[\\/]/.test(importer) && !kept.test(path)
        ? { path, namespace: "left-out" }
        : undefined,
    );
    pass.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not in the bundle`)});`,
    }));
  },
};

const common = {
  bundle: true,
  outdir: "dist",
  metafile: true,
  logLevel: "warning",
  logOverride: { "empty-import-meta": "error" },
  legalComments: "none",
  sourcemap: watch,
  // Names stay, so that a stack trace in a bug report can be read.
  minifySyntax: !watch,
  minifyWhitespace: !watch,
};

const node = {
  ...common,
  platform: "node",
  target: "node20",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  plugins: [shareTsMorph],
  // What exported tests bring along.
  loader: { ".go": "text", ".txt": "text" },
  // `import("ts-morph")` becomes a `require`, which sees all that a CommonJS file exports.
  supported: { "dynamic-import": false },
  // The sources are ES modules and the bundles are not.
  define: {
    "import.meta.dirname": "__dirname",
    "import.meta.filename": "__filename",
    // Of a bundled sample only what it exports is wanted.
    "import.meta.main": "false",
  },
};

const bundles = [
  { ...node, entryPoints: { extension: "src/extension.ts" }, external: ["vscode"] },
  {
    ...node,
    entryPoints: {
      server: "language-server/server/main.ts",
      worker: "language-server/host/worker.ts",
      "gossa-worker": "language-server/host/gossa-worker.ts",
      cli: "language-server/cli/main.ts",
      crawler: "crawler/main.ts",
    },
    alias: { "happens-before/go": "./library/go.ts" },
  },
  { ...node, entryPoints: { "ts-morph": "ts-morph" }, plugins: [], minify: true, sourcemap: false },
  {
    ...common,
    platform: "browser",
    target: "es2022",
    format: "esm",
    plugins: [flowchartsOnly],
    splitting: true, // mermaid becomes chunks that are fetched when a diagram is asked for
    chunkNames: "webview-chunks/[name]-[hash]",
    minify: !watch,
    entryPoints: { webview: "webview/main.tsx" },
  },
  {
    ...common,
    platform: "browser",
    target: "es2022",
    format: "esm",
    minify: !watch,
    entryPoints: { lab: "webview/lab/main.tsx" },
  },
  {
    ...common,
    platform: "browser",
    target: "es2022",
    format: "iife", // goes into the exported page as it is
    minify: !watch,
    sourcemap: false,
    entryPoints: { "trace-page": "webview/trace-page/main.ts" },
  },
  // What `import … from "happens-before/go"` is outside of the analysis; its types: scripts/build-library.mjs.
  {
    ...common,
    platform: "neutral",
    target: "es2022",
    format: "esm",
    sourcemap: false,
    entryPoints: { go: "library/go.ts" },
  },
];

rmSync("dist/webview-chunks", { recursive: true, force: true });
if (watch) {
  await Promise.all(
    bundles.map(async (it) => (await context({ ...it, logLevel: "info" })).watch()),
  );
} else {
  // esbuild has shown its errors itself.
  const results = await Promise.allSettled(bundles.map((it) => build(it)));
  if (results.some((it) => it.status === "rejected")) process.exit(1);
  writeBundledPackages(results.flatMap((it) => Object.keys(it.value.metafile.inputs)));
}

/** The packages that the bundles contain, for `scripts/notices.mjs`. */
function writeBundledPackages(inputs) {
  const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;
  const names = inputs.flatMap((it) => name.exec(it)?.[1] ?? []);
  mkdirSync(".cache", { recursive: true });
  writeFileSync(".cache/bundled-packages.json", JSON.stringify([...new Set(names)].sort()));
}
