import * as vscode from "vscode";
import { type Status, statusNotification } from "../protocol/lsp.js";
import { type Analyzer, isAnalyzed } from "./client.js";

/** Work shorter than this shows no spinner: an item that blinks at every key is noise. */
const patience = 500;

/** The status bar item: how many problems the active file's package has, and whether work goes on. */
export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #statuses = new Map<string, Status>();
  readonly #subscriptions: vscode.Disposable[];
  #spinner: NodeJS.Timeout | undefined;

  constructor(analyzer: Analyzer) {
    this.#item = vscode.window.createStatusBarItem(
      "happensBefore.status",
      vscode.StatusBarAlignment.Right,
      90,
    );
    this.#item.name = "Happens Before";
    this.#item.command = "workbench.actions.view.problems";
    this.#subscriptions = [
      analyzer.on(statusNotification, (status) => {
        this.#statuses.set(keyOf(status.uri), status);
        this.#draw();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#draw();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.#statuses.delete(document.uri.toString());
      }),
    ];
    this.#draw();
  }

  dispose(): void {
    clearTimeout(this.#spinner);
    for (const it of this.#subscriptions) it.dispose();
    this.#item.dispose();
  }

  #draw(): void {
    clearTimeout(this.#spinner);
    const document = vscode.window.activeTextEditor?.document;
    // A panel that takes the focus is no reason to hide what belongs to the file beside it.
    if (document === undefined) return;
    const status = this.#statuses.get(document.uri.toString());
    void vscode.commands.executeCommand(
      "setContext",
      "happensBefore.fileHasConcurrency",
      status?.concurrent === true,
    );
    if (!isAnalyzed(document) || status === undefined) {
      this.#item.hide();
      return;
    }
    const words = summaryOf(status);
    if (status.busy) {
      this.#spinner = setTimeout(() => {
        this.#item.text = `$(loading~spin) ${words}`;
      }, patience);
    } else {
      this.#item.text = `$(git-merge) ${words}`;
    }
    this.#item.tooltip = status.text === "" ? "Happens Before: show problems" : status.text;
    this.#item.accessibilityInformation = { label: `Happens Before: ${words}` };
    this.#item.show();
  }
}

function keyOf(uri: string): string {
  return vscode.Uri.parse(uri).toString();
}

function summaryOf(status: Status): string {
  if (status.problems === 0) return "nothing found";
  return `${status.problems} concurrency problem${status.problems === 1 ? "" : "s"}`;
}
