// `happens-before explain`: what Go's run-time said of a program, in words, and what we find at the same lines.

import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { explainedDiagrams } from "../../export/wait-for.js";
import type { Explanation } from "../../protocol/explanation.js";
import { neverCancelled } from "../base/cancel.js";
import type { CheckOptions, Engine } from "../engine/engine.js";
import { explain } from "../explain/explain.js";
import { explainedText, type NameOf } from "../explain/text.js";
import { sourceUri } from "../host/sources.js";
import type { Options } from "./args.js";

/** The answer, or in `problem` why there is none. `file`: `-` is standard input. */
export async function explainFile(
  engine: Engine,
  file: string,
  format: Options["format"],
  options: CheckOptions,
  pathOf: (uri: string) => string,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (file !== "-" && !existsSync(file)) return { problem: `${file}: no such file` };
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  const explanation = await explain(text, {
    uriOf: (it) => sourceUri(it, [process.cwd()]),
    check: async (uri) => {
      const unit = { language: "go", uri, overlays: [], edited: null } as const;
      return engine.check(unit, options, neverCancelled);
    },
  });
  if (explanation === null) {
    return { problem: `${file}: no race report and no goroutine dump in it` };
  }
  return { text: written(explanation, format, pathOf) };
}

function written(
  explanation: Explanation,
  format: Options["format"],
  pathOf: (uri: string) => string,
): string {
  const absolute = /^(?:\/|[A-Za-z]:[\\/])/;
  const nameOf: NameOf = ({ uri, file }) =>
    uri === null && absolute.test(file) ? pathOf(pathToFileURL(file).href) : pathOf(uri ?? file);
  switch (format) {
    case "text":
      return explainedText(explanation, nameOf);
    case "json":
      return `${JSON.stringify(explanation, null, 2)}\n`;
    case "mermaid":
      return explainedDiagrams(explanation);
  }
}
