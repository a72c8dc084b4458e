import type { Finding, Site } from "../../protocol/finding.js";
import type { Position, Span } from "../../protocol/span.js";

// The last good result stays on the screen while the next one is computed, so its places have to
// follow the edits. These functions move them; they know text, not programs.

/** One replacement in one document: `start`..`end` of the old text became `text`. */
export interface Edit {
  readonly start: Position;
  readonly end: Position;
  readonly text: string;
}

const before = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

/** Where the replaced text ends in the new document. */
export function endOfEdit(edit: Edit): Position {
  const lines = edit.text.split("\n");
  const last = lines[lines.length - 1] ?? "";
  return lines.length === 1
    ? { line: edit.start.line, character: edit.start.character + last.length }
    : { line: edit.start.line + lines.length - 1, character: last.length };
}

/** A position inside the replaced text moves to its start; `sticky` ends stay before text inserted at them. */
export function shiftPosition(position: Position, edit: Edit, sticky: boolean): Position {
  if (before(position, edit.start)) return position;
  const atStart = !before(edit.start, position);
  const insertion = !before(edit.start, edit.end);
  if (atStart && (sticky || !insertion)) return position;
  if (before(position, edit.end)) return edit.start;
  const end = endOfEdit(edit);
  return {
    line: position.line - edit.end.line + end.line,
    character:
      position.line === edit.end.line
        ? position.character - edit.end.character + end.character
        : position.character,
  };
}

export function shiftSpan(span: Span, uri: string, edit: Edit): Span {
  if (span.uri !== uri) return span;
  const start = shiftPosition(span.start, edit, false);
  const end = shiftPosition(span.end, edit, true);
  return { uri, start, end: before(end, start) ? start : end };
}

/** Whether the edit changes a line of the span. */
export function touchesLines(span: Span, uri: string, edit: Edit): boolean {
  return span.uri === uri && edit.start.line <= span.end.line && edit.end.line >= span.start.line;
}

const shiftSite = (site: Site, uri: string, edit: Edit): Site => ({
  ...site,
  span: shiftSpan(site.span, uri, edit),
});

export function shiftFinding(finding: Finding, uri: string, edit: Edit): Finding {
  return {
    ...finding,
    primary: shiftSite(finding.primary, uri, edit),
    related: finding.related.map((it) => shiftSite(it, uri, edit)),
  };
}

/** The one replacement that turns `before` into `after`: for clients that send whole documents. */
export function editBetween(
  before: string,
  after: string,
  positionAt: (offset: number) => Position,
): Edit {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < shortest - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  return {
    start: positionAt(head),
    end: positionAt(before.length - tail),
    text: after.slice(head, after.length - tail),
  };
}
