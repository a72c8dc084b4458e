import type {
  DidChangeTextDocumentParams,
  DidOpenTextDocumentParams,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { editBetween, type Edit } from "./shift.js";

export type Language = "go" | "ts";

const languages: Readonly<Record<string, Language>> = {
  go: "go",
  typescript: "ts",
  typescriptreact: "ts",
  javascript: "ts",
  javascriptreact: "ts",
};

export interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly language: Language;
  readonly text: TextDocument;
  /** Line of the last edit; null until the first one. */
  readonly editedLine: number | null;
}

/** The open buffers, and what each change did to them. */
export class Documents {
  readonly #open = new Map<string, OpenDocument>();

  get(uri: string): OpenDocument | undefined {
    return this.#open.get(uri);
  }

  all(): readonly OpenDocument[] {
    return [...this.#open.values()];
  }

  /** The text of a line; "" where there is none. */
  lineOf(uri: string, line: number): string {
    const text = this.#open.get(uri)?.text;
    const start = { line, character: 0 };
    return text?.getText({ start, end: { line: line + 1, character: 0 } }) ?? "";
  }

  /** Null for a language we do not read. */
  open({ textDocument: it }: DidOpenTextDocumentParams): OpenDocument | null {
    const language = languages[it.languageId];
    if (language === undefined) return null;
    const text = TextDocument.create(it.uri, it.languageId, it.version, it.text);
    const document = { uri: it.uri, languageId: it.languageId, language, text, editedLine: null };
    this.#open.set(it.uri, document);
    return document;
  }

  /** The replacements in the order they were made; empty when nothing changed or it is not open. */
  change(params: DidChangeTextDocumentParams): readonly Edit[] {
    const document = this.#open.get(params.textDocument.uri);
    if (document === undefined) return [];
    const edits: Edit[] = [];
    let text = document.text;
    for (const change of params.contentChanges) {
      const old = text.getText();
      const from = text;
      const edit: Edit =
        "range" in change
          ? { start: change.range.start, end: change.range.end, text: change.text }
          : editBetween(old, change.text, (offset) => from.positionAt(offset));
      text = TextDocument.update(text, [change], params.textDocument.version);
      if (text.getText() !== old) edits.push(edit);
    }
    const last = edits[edits.length - 1];
    const editedLine = last === undefined ? document.editedLine : last.start.line;
    this.#open.set(document.uri, { ...document, text, editedLine });
    return edits;
  }

  close(uri: string): void {
    this.#open.delete(uri);
  }
}
