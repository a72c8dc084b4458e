import { type Hover, MarkupKind, type Position } from "vscode-languageserver/node";
import { type ExploreParams, showCommand } from "../../../protocol/lsp.js";
import type { Span } from "../../../protocol/span.js";
import { rangeOf } from "../to-lsp.js";
import type { Workspace } from "../workspace.js";

/** On a finding with a schedule: a link that opens it. The message is in the diagnostic already. */
export function hover(workspace: Workspace, uri: string, position: Position): Hover | null {
  const finding = workspace
    .findingsIn(uri)
    .find((it) => it.witness !== null && contains(it.primary.span, position));
  if (finding === undefined) return null;
  const params: ExploreParams = { uri, position, fingerprint: finding.fingerprint };
  const link = `command:${showCommand}?${encodeURIComponent(JSON.stringify([params]))}`;
  return {
    range: rangeOf(finding.primary.span),
    contents: { kind: MarkupKind.Markdown, value: `[Show the schedule that proves it](${link})` },
  };
}

function contains(span: Span, at: Position): boolean {
  const after =
    at.line > span.start.line ||
    (at.line === span.start.line && at.character >= span.start.character);
  const before =
    at.line < span.end.line || (at.line === span.end.line && at.character <= span.end.character);
  return after && before;
}
