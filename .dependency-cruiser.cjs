// The dependency diagram of ARCHITECTURE.md, in executable form: what each layer may import.
// `test/unit/layers.test.ts` shows that each rule bites.

const stages = ["protocol", "language-server/base", "language-server/ir"];
const drivers = [
  "protocol",
  "wording",
  "export",
  "language-server/(base|engine|explain|report|host|lessons)",
];

const layers = {
  protocol: [],
  wording: ["protocol"],
  "webview/model": ["protocol", "wording"],
  "webview/lab/model": ["protocol"],
  export: ["protocol", "wording", "webview/model", "language-server/base"],
  "language-server/base": [],
  "language-server/ir": ["protocol", "language-server/base"],
  "language-server/frontend": stages,
  "language-server/analysis": stages,
  "language-server/explore": stages,
  "language-server/explain": ["protocol"],
  "language-server/report": [...stages, "wording"],
  "language-server/engine": [...stages, "language-server/(frontend|analysis|explore|report)"],
  "language-server/lessons": ["protocol", "wording", "language-server/(base|engine)"],
  "language-server/host": [...stages, "language-server/(engine|explore|frontend)"],
  "language-server/server": drivers,
  "language-server/cli": drivers,
  library: [],
  // Its forms are the samples' own code, which stands on the library.
  crawler: ["protocol", "library", "samples"],
  samples: ["library"],
  src: ["protocol", "export"],
  webview: ["protocol", "wording"],
  test: [".*"],
  bench: [".*"],
};

const packages = {
  src: ["vscode", "vscode-languageclient"],
  crawler: ["undici", "htmlparser2", "robots-parser"],
  webview: ["preact", "mermaid"],
  "language-server/server": [
    "vscode-languageserver",
    "vscode-languageserver-textdocument",
    "vscode-uri",
  ],
  "language-server/frontend/ts": ["ts-morph"],
  // It loads the compiler when the first TypeScript file arrives.
  "language-server/host": ["ts-morph"],
  bench: ["playwright-core"],
  test: [
    "vitest",
    "fast-check",
    "vscode",
    "mocha",
    "playwright-core",
    "axe-core",
    "ajv",
    "eslint",
    "typescript",
    "mermaid",
    "ts-morph",
    "preact",
    "@vscode/test-electron",
    "vscode-languageserver",
  ],
};

const mayUseNode = [
  "crawler",
  "src",
  "language-server/host",
  "language-server/server",
  "language-server/cli",
  "test",
  "bench",
];

// The fixtures of the layer test stand in for files of the layers they are named after.
const fixtures = "(?:test/fixtures/layers/)?";
const under = (layer) => `^${fixtures}${layer}/`;
// What the panel knows is a layer inside the panel: the page may use it, it may not use the page.
const inner = { webview: "webview/(?:lab/)?model" };
const from = (layer) => {
  if (layer === "test") return { path: "^test/(?!fixtures/)" };
  const path = under(layer);
  return layer in inner ? { path, pathNot: under(inner[layer]) } : { path };
};

const modules = (names) =>
  names.flatMap((name) => [`^node_modules/${name}/`, `^node_modules/@types/${name}/`]);

module.exports = {
  allowed: [
    ...Object.keys(layers).map((it) => ({ from: from(it), to: { path: under(it) } })),
    ...Object.entries(layers).flatMap(([it, tos]) =>
      tos.map((to) => ({ from: from(it), to: { path: to === ".*" ? to : under(to) } })),
    ),
    ...Object.entries(packages).map(([it, names]) => ({
      from: from(it),
      to: { path: modules(names) },
    })),
    ...mayUseNode.map((it) => ({ from: from(it), to: { dependencyTypes: ["core"] } })),
  ],
  allowedSeverity: "error",
  forbidden: [
    {
      // Types may name each other; code that runs may not wait for each other to be loaded.
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "a-check-knows-no-other-check",
      severity: "error",
      from: { path: "analysis/checks/([^/]+)\\.ts$" },
      to: { path: "analysis/checks/", pathNot: "analysis/checks/$1\\.ts$" },
    },
    {
      name: "search-knows-the-machine-only-by-its-interface",
      severity: "error",
      from: { path: "^(?!bench/|test/(?!fixtures/)).*explore/(?!vm/)" },
      to: { path: "explore/vm/(?!machine|touch)" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "require", "types", "default"],
    },
  },
};
