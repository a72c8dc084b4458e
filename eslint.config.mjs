// Type-aware lint. Formatting is Biome's, layering is dependency-cruiser's, dead code is knip's.
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "**/*.{js,mjs,cjs}",
    "dist",
    ".types",
    ".vscode-host",
    "samples",
    "test/fixtures/{go,kernels-ts,layers,snippets,snippets-run,ts}",
    "vitest.config.ts",
  ]),
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/strict-boolean-expressions": "error",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: "error",
      "max-lines": ["error", 600],
      "max-lines-per-function": ["error", { max: 80, skipComments: true }],
      // A switch over the cases of a union counts once: it is read one case at a time.
      complexity: ["error", { max: 20, variant: "modified" }],
    },
  },
  {
    // The machine's signals are not errors: they carry a value and need no stack, and one is thrown
    // for every panic of the program under test.
    files: ["language-server/explore/vm/**/*.ts"],
    rules: {
      // Values of the program under test are printed the way their language prints them.
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/only-throw-error": [
        "error",
        {
          allow: [{ from: "file", name: ["RuntimePanic", "ValuePanic", "Unsupported", "Abort"] }],
          allowThrowingUnknown: true,
          allowRethrowing: true,
        },
      ],
    },
  },
  {
    // Markup is long and simple.
    files: ["**/*.tsx"],
    rules: { "max-lines-per-function": ["error", { max: 120, skipComments: true }] },
  },
  {
    // A test is a list of cases: long `describe` blocks are how they read best.
    files: ["test/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
);
