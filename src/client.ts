import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Notification, Request } from "../protocol/lsp.js";
import { showCommand } from "../protocol/lsp.js";

export const languages = [
  "go",
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
] as const;

/** Whether a document is one the analyzer reads. */
export function isAnalyzed(document: vscode.TextDocument): boolean {
  const { scheme } = document.uri;
  return (
    (scheme === "file" || scheme === "untitled") &&
    languages.some((it) => it === document.languageId)
  );
}

type Handler = (params: unknown) => void;

/** The language server's process, and the typed way to talk to it. */
export class Analyzer implements vscode.Disposable {
  readonly #serverPath: string;
  readonly #output: vscode.LogOutputChannel;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #subscriptions: vscode.Disposable[] = [];
  #client: Promise<LanguageClient> | null = null;

  constructor(serverPath: string, output: vscode.LogOutputChannel) {
    this.#serverPath = serverPath;
    this.#output = output;
  }

  /** Starts now if a document that we read is open, else with the first one that is opened. */
  startWhenNeeded(): void {
    const consider = (document: vscode.TextDocument): void => {
      if (isAnalyzed(document)) void this.#started();
    };
    this.#subscriptions.push(vscode.workspace.onDidOpenTextDocument(consider));
    vscode.workspace.textDocuments.forEach(consider);
  }

  /** Starts now: it will be needed soon. */
  warmUp(): void {
    void this.#started();
  }

  async send<P, R>(
    request: Request<P, R>,
    params: P,
    cancel?: vscode.CancellationToken,
  ): Promise<R> {
    const client = await this.#started();
    // An argument that is undefined would go out as a second parameter, and the server find no token where it looks.
    if (cancel === undefined) return client.sendRequest<R>(request.method, params);
    return client.sendRequest<R>(request.method, params, cancel);
  }

  on<P>(notification: Notification<P>, handler: (params: P) => void): vscode.Disposable {
    const handlers = this.#handlers.get(notification.method) ?? new Set<Handler>();
    this.#handlers.set(notification.method, handlers);
    const untyped: Handler = (params) => {
      handler(params as P);
    };
    handlers.add(untyped);
    return new vscode.Disposable(() => handlers.delete(untyped));
  }

  async restart(): Promise<void> {
    const running = this.#client;
    if (running === null) {
      await this.#started();
      return;
    }
    const client = await running;
    await client.restart();
    this.#output.info("the analyzer was restarted");
  }

  dispose(): void {
    for (const it of this.#subscriptions) it.dispose();
    const running = this.#client;
    this.#client = null;
    running
      ?.then(async (it) => it.dispose())
      .catch((error: unknown) => {
        this.#output.warn(`the analyzer did not stop: ${String(error)}`);
      });
  }

  #started(): Promise<LanguageClient> {
    if (this.#client === null) {
      this.#client = this.#start();
      this.#client.catch((error: unknown) => {
        this.#output.error(`the analyzer did not start: ${String(error)}`);
      });
    }
    return this.#client;
  }

  async #start(): Promise<LanguageClient> {
    // By far the biggest part of the bundle: run when the first document is opened, not on activation.
    const { LanguageClient, TransportKind } = await import("vscode-languageclient/node");
    const server = { module: this.#serverPath, transport: TransportKind.ipc };
    const client = new LanguageClient(
      "happensBefore",
      "Happens Before",
      { run: server, debug: { ...server, options: { execArgv: ["--nolazy", "--inspect=6011"] } } },
      {
        documentSelector: languages.flatMap((language) => [
          { language, scheme: "file" },
          { language, scheme: "untitled" },
        ]),
        outputChannel: this.#output,
        diagnosticCollectionName: "happens-before",
        markdown: { isTrusted: { enabledCommands: [showCommand] } },
        synchronize: {
          fileEvents: vscode.workspace.createFileSystemWatcher(
            "**/{*.go,go.mod,go.sum,go.work,*.ts,*.tsx,*.mts,*.js,*.jsx,*.mjs}",
          ),
        },
      },
    );
    for (const [method, handlers] of this.#handlers) {
      client.onNotification(method, (params: unknown) => {
        for (const it of handlers) it(params);
      });
    }
    await client.start();
    return client;
  }
}
