import { PassThrough } from "node:stream";
import {
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import type { PlayAnswer } from "../../protocol/play.js";
import type { Span } from "../../protocol/span.js";
import { type Status, statusNotification } from "../../protocol/lsp.js";
import type {
  CheckOptions,
  Engine,
  ExploreOptions,
  ExploreResult,
  Replayed,
  Steering,
  Unit,
} from "../../language-server/engine/engine.js";
import type { CancelToken } from "../../language-server/base/cancel.js";
import { serve } from "../../language-server/server/session.js";

// A scripted editor: whole sessions with the server over streams, without VS Code.

/** One run of the engine, held until the test lets it go. */
export interface Run {
  readonly unit: Unit;
  readonly options: CheckOptions;
  readonly cancel: CancelToken;
  text(suffix: string): string;
}

export type Answer = (run: Run) => CheckResult | Promise<CheckResult>;

export const nothing: CheckResult = { findings: [], explorations: [], gaps: [] };

/** An engine that answers as the test says and remembers what it was asked. */
export class FakeEngine implements Engine {
  readonly codes = new Set(["lost-update"]);
  readonly runs: Run[] = [];
  answer: Answer = () => nothing;
  explored: ExploreResult | { problem: string; entries: string[] } = {
    problem: "nothing here",
    entries: [],
  };

  async check(unit: Unit, options: CheckOptions, cancel: CancelToken): Promise<CheckResult> {
    const text = (suffix: string): string =>
      unit.overlays.find((it) => it.uri.endsWith(suffix))?.text ?? "";
    const run = { unit, options, cancel, text };
    this.runs.push(run);
    return this.answer(run);
  }

  /** What is done before `explore` answers, by whoever wants to watch. */
  exploring: (steering: Steering) => Promise<void> = async () => undefined;
  replayed: Replayed | { problem: string; entries: string[] } = {
    problem: "not in this test",
    entries: [],
  };

  /** How `explore` was asked to look, by call. */
  readonly asked: ExploreOptions[] = [];

  async explore(
    ...[, , options, steering]: Parameters<Engine["explore"]>
  ): Promise<ExploreResult | { problem: string; entries: string[] }> {
    this.asked.push(options);
    await this.exploring(steering);
    return this.explored;
  }

  async replay(): Promise<Replayed | { problem: string; entries: string[] }> {
    return this.replayed;
  }

  played: PlayAnswer = { kind: "problem", message: "Not in this test." };

  async play(): Promise<PlayAnswer> {
    return this.played;
  }

  async ir(): Promise<string> {
    return "";
  }

  async dispose(): Promise<void> {
    return Promise.resolve();
  }
}

export interface Edit {
  readonly line: number;
  /** Where it ends, if not on the same line. */
  readonly toLine?: number;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export class Editor {
  readonly engine = new FakeEngine();
  readonly published: PublishDiagnosticsParams[] = [];
  readonly statuses: Status[] = [];
  readonly logs: string[] = [];
  readonly toServer = new PassThrough();
  readonly connection: ProtocolConnection;
  readonly #versions = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  /** With the real engine, if one is given, instead of the scripted one. */
  constructor(real?: Engine) {
    const toClient = new PassThrough();
    const server = createConnection(
      new StreamMessageReader(this.toServer),
      new StreamMessageWriter(toClient),
    );
    serve(server, real ?? this.engine, {
      docsUrl: "https://example.org/docs/checks",
      version: "0",
    });
    this.connection = createProtocolConnection(
      new StreamMessageReader(toClient),
      new StreamMessageWriter(this.toServer),
    );
    this.connection.onNotification(
      "textDocument/publishDiagnostics",
      (it: PublishDiagnosticsParams) => {
        this.published.push(it);
        this.#wake();
      },
    );
    this.connection.onNotification(statusNotification.method, (it: Status) => {
      this.statuses.push(it);
      this.#wake();
    });
    this.connection.onNotification("window/logMessage", (it: { message: string }) => {
      this.logs.push(it.message);
      this.#wake();
    });
    this.connection.listen();
  }

  async start(
    settings: object = { delay: 10 },
    capabilities: object = {},
    folder: string | null = null,
  ): Promise<void> {
    await this.connection.sendRequest("initialize", {
      processId: null,
      rootUri: folder,
      ...(folder === null ? {} : { workspaceFolders: [{ uri: folder, name: "folder" }] }),
      capabilities,
      initializationOptions: settings,
    });
    await this.connection.sendNotification("initialized", {});
  }

  async open(uri: string, text: string, languageId = "go"): Promise<void> {
    this.#versions.set(uri, 1);
    await this.notify("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  async edit(uri: string, ...edits: readonly Edit[]): Promise<void> {
    const version = (this.#versions.get(uri) ?? 1) + 1;
    this.#versions.set(uri, version);
    await this.notify("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: edits.map((it) => ({
        range: {
          start: { line: it.line, character: it.from },
          end: { line: it.toLine ?? it.line, character: it.to },
        },
        text: it.text,
      })),
    });
  }

  async notify(method: string, params: unknown): Promise<void> {
    await this.connection.sendNotification(method, params);
  }

  async request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest<R>(method, params);
  }

  /** What the user sees of a file. */
  diagnostics(uri: string): readonly Diagnostic[] {
    return this.published.filter((it) => it.uri === uri).pop()?.diagnostics ?? [];
  }

  /** Waits until the condition holds; every message of the server is a reason to look again. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + 20_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`never: ${what}`);
      await new Promise<void>((wake) => {
        const timer = setTimeout(wake, 20);
        this.#waiting.add(() => {
          clearTimeout(timer);
          wake();
        });
      });
    }
  }

  /** Until the text has been explored and everything said about it has arrived. */
  async settled(): Promise<void> {
    await this.until("explored", () => {
      const last = this.engine.runs[this.engine.runs.length - 1];
      return last?.options.explore === true;
    });
    // Messages keep their order, so what was published before is here when the answers are.
    for (let trip = 0; trip < 2; trip++) {
      await this.request("textDocument/hover", {
        textDocument: { uri: "file:///none.go" },
        position: { line: 0, character: 0 },
      });
    }
  }

  close(): void {
    this.connection.dispose();
  }

  #wake(): void {
    for (const it of this.#waiting) it();
    this.#waiting.clear();
  }
}

export function spanAt(uri: string, line: number, from: number, to: number): Span {
  return { uri, start: { line, character: from }, end: { line, character: to } };
}

/** A finding wherever `needle` stands in the text, as analysis or exploring would report it. */
export function findingAt(
  uri: string,
  text: string,
  needle: string,
  confirmed: boolean,
  related?: string,
): Finding[] {
  const at = (word: string): Span | null => {
    const lines = text.split("\n");
    const line = lines.findIndex((it) => it.includes(word));
    const from = lines[line]?.indexOf(word) ?? -1;
    return line < 0 ? null : spanAt(uri, line, from, from + word.length);
  };
  const primary = at(needle);
  const other = related === undefined ? null : at(related);
  if (primary === null) return [];
  return [
    {
      code: "data-race",
      severity: confirmed ? "error" : "information",
      confidence: confirmed ? "confirmed" : "possible",
      message: confirmed ? `3 of 8 schedules race on \`${needle}\`` : `\`${needle}\` may race`,
      primary: { span: primary, message: "written here" },
      related: other === null ? [] : [{ span: other, message: "and here" }],
      fingerprint: `race:${needle}`,
      witness: null,
    },
  ];
}
