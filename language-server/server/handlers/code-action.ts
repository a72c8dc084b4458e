import { type CodeAction, CodeActionKind, type Diagnostic } from "vscode-languageserver/node";
import { type ExploreParams, showCommand } from "../../../protocol/lsp.js";
import { suppressionCode } from "../../report/policy.js";
import { source } from "../to-lsp.js";

/** For each of our diagnostics the cursor is on: to see its schedule, and to say that it is accepted. */
export function codeActions(
  uri: string,
  diagnostics: readonly Diagnostic[],
  textOf: (line: number) => string,
): CodeAction[] {
  return diagnostics.flatMap((it) => {
    const fingerprint = fingerprintOf(it.data);
    if (it.source !== source || fingerprint === null) return [];
    const params: ExploreParams = { uri, position: it.range.start, fingerprint };
    const code = String(it.code);
    if (code === suppressionCode) return [];
    const title = `Show the schedule (${code})`;
    const show: CodeAction = {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [it],
      command: { title, command: showCommand, arguments: [params] },
    };
    return [show, ignore(uri, it, code, textOf(it.range.start.line))];
  });
}

/** A comment above the line, whose reason is to be written: until then it ignores nothing. */
function ignore(uri: string, diagnostic: Diagnostic, code: string, text: string): CodeAction {
  const start = { line: diagnostic.range.start.line, character: 0 };
  const indent = /^\s*/.exec(text)?.[0] ?? "";
  const newText = `${indent}//hb:ignore ${code} \n`;
  return {
    title: `Ignore ${code} here, with a reason`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: { changes: { [uri]: [{ range: { start, end: start }, newText }] } },
  };
}

function fingerprintOf(data: unknown): string | null {
  const it: unknown =
    typeof data === "object" && data !== null ? Reflect.get(data, "fingerprint") : null;
  return typeof it === "string" ? it : null;
}
