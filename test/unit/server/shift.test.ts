import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  editBetween,
  shiftPosition,
  shiftSpan,
  touchesLines,
} from "../../../language-server/server/shift.js";
import { TextDocument } from "vscode-languageserver-textdocument";

const uri = "file:///a.go";
const span = (line: number, from: number, to: number) => ({
  uri,
  start: { line, character: from },
  end: { line, character: to },
});
const edit = (line: number, from: number, to: number, text: string) => ({
  start: { line, character: from },
  end: { line, character: to },
  text,
});

describe("shifting places through edits", () => {
  it("moves what comes after the edit and leaves what comes before", () => {
    const place = { line: 2, character: 4 };
    expect(shiftPosition(place, edit(2, 0, 0, "ab"), true)).toEqual({ line: 2, character: 6 });
    expect(shiftPosition(place, edit(2, 1, 3, ""), true)).toEqual({ line: 2, character: 2 });
    expect(shiftPosition(place, edit(1, 0, 0, "x\ny\n"), true)).toEqual({ line: 4, character: 4 });
    expect(shiftPosition(place, edit(2, 2, 2, "\n  "), true)).toEqual({ line: 3, character: 4 });
    expect(shiftPosition(place, edit(2, 5, 9, "zzz"), true)).toEqual(place);
    expect(shiftPosition(place, edit(3, 0, 0, "\n"), true)).toEqual(place);
  });

  it("does not stretch a span over text typed at its ends", () => {
    expect(shiftSpan(span(1, 4, 7), uri, edit(1, 7, 7, "xx"))).toEqual(span(1, 4, 7));
    expect(shiftSpan(span(1, 4, 7), uri, edit(1, 4, 4, "xx"))).toEqual(span(1, 6, 9));
    expect(shiftSpan(span(1, 4, 7), uri, edit(1, 5, 5, "xx"))).toEqual(span(1, 4, 9));
  });

  it("collapses a span whose text is gone", () => {
    expect(shiftSpan(span(1, 4, 7), uri, edit(1, 2, 9, ""))).toEqual(span(1, 2, 2));
  });

  it("leaves other files alone", () => {
    expect(shiftSpan(span(1, 4, 7), "file:///b.go", edit(0, 0, 0, "\n"))).toEqual(span(1, 4, 7));
    expect(touchesLines(span(1, 4, 7), "file:///b.go", edit(1, 0, 0, "x"))).toBe(false);
  });

  it("a marked word is found again wherever it stands after an edit outside it", () => {
    const text = fc.stringMatching(/^[ab\n]{0,30}$/);
    fc.assert(
      fc.property(text, text, fc.nat(), fc.nat(), text, (before, after, a, b, typed) => {
        const doc = TextDocument.create(uri, "go", 1, `${before}MARK${after}`);
        const length = before.length + 4 + after.length;
        let [from, to] = [a % (length + 1), b % (length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        if (from < before.length + 4 && to > before.length) {
          [from, to] = a % 2 === 0 ? [0, before.length] : [before.length + 4, length];
        }
        const made = { start: doc.positionAt(from), end: doc.positionAt(to), text: typed };
        const mark = {
          uri,
          start: doc.positionAt(before.length),
          end: doc.positionAt(before.length + 4),
        };
        const moved = shiftSpan(mark, uri, made);
        const next = TextDocument.update(doc, [{ range: made, text: typed }], 2);
        expect(next.getText({ start: moved.start, end: moved.end })).toBe("MARK");
      }),
    );
  });

  it("finds the one replacement between two texts", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ab\n]{0,20}$/),
        fc.stringMatching(/^[ab\n]{0,20}$/),
        (a, b) => {
          const doc = TextDocument.create(uri, "go", 1, a);
          const made = editBetween(a, b, (it) => doc.positionAt(it));
          expect(TextDocument.update(doc, [{ range: made, text: made.text }], 2).getText()).toBe(b);
        },
      ),
    );
  });
});
