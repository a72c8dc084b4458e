import type { CodeLens } from "vscode-languageserver/node";
import { failingOf } from "../../../wording/verdict.js";
import type { Language } from "../documents.js";
import { lensOf, lensTitle } from "../to-lsp.js";
import type { Workspace } from "../workspace.js";

/** A lens per explored entry and per function that starts threads of its own. */
export function codeLenses(workspace: Workspace, uri: string): CodeLens[] {
  const document = workspace.documents.get(uri);
  if (document === undefined || !workspace.settings.codeLens || !workspace.settings.enable) {
    return [];
  }
  const byLine = new Map<number, string>();
  for (const line of spawningFunctions(document.text.getText(), document.language)) {
    byLine.set(line, "⇄ Show interleavings");
  }
  // Where several stand on one line, the one that fails is told.
  const explored = [...workspace.explorationsIn(uri)];
  explored.sort((a, b) => Number(failingOf(a) > 0) - Number(failingOf(b) > 0));
  for (const it of explored) byLine.set(it.span.start.line, lensTitle(it));
  return [...byLine].sort(([a], [b]) => a - b).map(([line, title]) => lensOf(uri, line, title));
}

const headings: Readonly<Record<Language, RegExp>> = {
  go: /^func\b.*\{/,
  ts: /^(export\s+)?(default\s+)?(async\s+)?function\b|^(export\s+)?const\s+\w+\s*=\s*(async\s*)?\(/,
};

const spawns: Readonly<Record<Language, RegExp>> = {
  go: /^\s*go\s+[\w(]|\.Go\(\s*func/,
  ts: /\bPromise\.(all|allSettled|race|any)\(/,
};

/**
 * Lines of the functions that visibly start threads. By text alone, so that the lens is there before
 * the first exploration and while the file does not compile; a wrong guess costs an unneeded lens.
 */
function spawningFunctions(text: string, language: Language): number[] {
  const found: number[] = [];
  let heading = -1;
  text.split("\n").forEach((line, index) => {
    if (headings[language].test(line)) heading = index;
    const spawning = heading >= 0 && spawns[language].test(line);
    if (spawning && found[found.length - 1] !== heading) found.push(heading);
    if (line.startsWith("}")) heading = -1;
  });
  return found;
}
