import * as vscode from "vscode";
import type { Witness } from "../../protocol/witness.js";

/** A line with more steps than this names the first ones only. */
const namedSteps = 8;
/** More decorated lines than this help nobody. */
const mostLines = 200;

/** Marks in the editors while a schedule is open: the step at the cursor, and which steps a line has. */
export class StepDecorations implements vscode.Disposable {
  readonly #current = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.stackFrameHighlightBackground"),
    overviewRulerColor: new vscode.ThemeColor("happensBefore.currentStep"),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    borderColor: new vscode.ThemeColor("happensBefore.currentStep"),
    borderStyle: "solid",
    borderWidth: "0 0 0 3px",
  });
  readonly #numbers = vscode.window.createTextEditorDecorationType({
    after: {
      color: new vscode.ThemeColor("editorCodeLens.foreground"),
      fontStyle: "italic",
      margin: "0 0 0 3em",
    },
  });

  /** `step` counts from 0. */
  show(witness: Witness, step: number): void {
    const enabled = vscode.workspace
      .getConfiguration("happensBefore")
      .get<boolean>("editorDecorations", true);
    if (!enabled) {
      this.clear();
      return;
    }
    for (const editor of vscode.window.visibleTextEditors) {
      editor.setDecorations(this.#current, currentLine(witness, step, editor.document));
      editor.setDecorations(this.#numbers, numberedLines(witness, editor.document));
    }
  }

  clear(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      editor.setDecorations(this.#current, []);
      editor.setDecorations(this.#numbers, []);
    }
  }

  dispose(): void {
    this.#current.dispose();
    this.#numbers.dispose();
  }
}

/** VS Code and Node escape URIs differently. */
export function sameFile(uri: string, editorUri: string): boolean {
  return uri === editorUri || vscode.Uri.parse(uri).toString() === editorUri;
}

/** The shapes of the lanes in the panel, as characters; every lane of the first eight has its own. */
const shapes = ["●", "■", "◆", "▲", "⬣", "▼", "⬟", "⯃"];

/** The step's line, with who is there, in the shape and the colour of its lane. */
function currentLine(
  witness: Witness,
  index: number,
  document: vscode.TextDocument,
): vscode.DecorationOptions[] {
  const step = witness.steps[index];
  if (step === undefined || !sameFile(step.span.uri, document.uri.toString())) return [];
  const { line } = step.span.start;
  if (line >= document.lineCount) return [];
  const lane = step.thread % shapes.length;
  const name = witness.threads[step.thread]?.name ?? "";
  const { end } = document.lineAt(line).range;
  return [
    {
      range: new vscode.Range(end, end),
      renderOptions: {
        after: {
          contentText: `${shapes[lane] ?? ""} ${name}`,
          color: new vscode.ThemeColor(`happensBefore.lane${lane + 1}`),
          margin: "0 0 0 3em",
        },
      },
    },
  ];
}

function numberedLines(
  witness: Witness,
  document: vscode.TextDocument,
): vscode.DecorationOptions[] {
  const byLine = new Map<number, number[]>();
  const uri = document.uri.toString();
  const same = new Map<string, boolean>();
  witness.steps.forEach(({ span }, index) => {
    const here = same.get(span.uri) ?? sameFile(span.uri, uri);
    same.set(span.uri, here);
    if (!here || span.start.line >= document.lineCount) return;
    const steps = byLine.get(span.start.line) ?? [];
    byLine.set(span.start.line, [...steps, index + 1]);
  });
  return [...byLine].slice(0, mostLines).map(([line, steps]) => {
    const named = steps.slice(0, namedSteps).join(", ");
    const more = steps.length > namedSteps ? ", …" : "";
    const end = document.lineAt(line).range.end;
    return {
      range: new vscode.Range(end, end),
      renderOptions: {
        after: { contentText: `step${steps.length === 1 ? "" : "s"} ${named}${more}` },
      },
    };
  });
}
