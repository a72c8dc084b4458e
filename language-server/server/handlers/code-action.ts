import { type CodeAction, CodeActionKind, type Diagnostic } from "vscode-languageserver/node";
import { type ExploreParams, showCommand } from "../../../protocol/lsp.js";
import { source } from "../to-lsp.js";

/** "Show the schedule" on each of our diagnostics the cursor is on. */
export function codeActions(uri: string, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return diagnostics.flatMap((it) => {
    const fingerprint = fingerprintOf(it.data);
    if (it.source !== source || fingerprint === null) return [];
    const params: ExploreParams = { uri, position: it.range.start, fingerprint };
    const title = `Show the schedule (${String(it.code)})`;
    return [
      {
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [it],
        command: { title, command: showCommand, arguments: [params] },
      },
    ];
  });
}

function fingerprintOf(data: unknown): string | null {
  const it: unknown =
    typeof data === "object" && data !== null ? Reflect.get(data, "fingerprint") : null;
  return typeof it === "string" ? it : null;
}
