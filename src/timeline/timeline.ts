import { existsSync, readFileSync } from "node:fs";
import * as vscode from "vscode";
import {
  type ExploreAnswer,
  type ExploreParams,
  exploreRequest,
  type ReplayAnswer,
  replayRequest,
} from "../../protocol/lsp.js";
import { currentSources } from "../../export/current.js";
import type { Material } from "../../export/format.js";
import type { ExplorationSummary } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import type {
  CodeLine,
  Drawing,
  FromWebview,
  Painted,
  PanelContent,
  PanelState,
  ToWebview,
} from "../../protocol/webview.js";
import { webviewProtocol } from "../../protocol/webview.js";
import type { Schedule, Witness } from "../../protocol/witness.js";
import type { Analyzer } from "../client.js";
import { codeLines } from "./code-lines.js";
import { sameFile, StepDecorations } from "./decorations.js";
import { pack } from "./pack.js";
import { pageHtml, pageRoot, setUpPanel } from "./page.js";
import { Painter } from "./painter.js";
import { Play } from "./play.js";
import { comeBack, type Standing } from "./standing.js";

const viewType = "happensBefore.timeline";

/** The argument of a command that a button of the panel runs. */
export const byButton = "button";

/** A schedule, and what an export can say beside it. */
export type ShownTrace = Pick<Material, "witness" | "exploration" | "sources">;

/** What a panel was showing before the window was reloaded. */
interface Resume {
  readonly witness: number;
  readonly step: number;
}

/** The one panel of interleavings: what it shows, and the traffic between it and the editors. */
export class Timeline implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #analyzer: Analyzer;
  readonly #output: vscode.LogOutputChannel;
  readonly #decorations = new StepDecorations();
  readonly #play: Play;
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #panel: vscode.WebviewPanel | null = null;
  #ready = false;
  /** To be sent after all else once the page says it is ready. */
  #whenReady: ToWebview | null = null;
  #asked: ExploreParams | null = null;
  /** What the page shows or would show: sent again whenever it says it is ready. */
  #shown: ToWebview | null = null;
  #content: PanelContent | null = null;
  /** What somebody who is the scheduler has made happen, while the page shows that. */
  #played: Witness | null = null;
  /** Where the page says it stands; null until it says so. */
  #selected: Resume | null = null;
  /** Where the page stood when it was closed or the place was explored again. */
  #standing: Standing | null = null;
  /** Esc: no marks in the editors until the page takes another step. */
  #left = false;
  /** The texts that the content is about, by URI of the document. */
  #texts = new Map<string, string>();
  #stale = false;
  #sourceColumn: vscode.ViewColumn | undefined;
  readonly #painter = new Painter((message) => {
    this.send(message);
  });
  #cancel: vscode.CancellationTokenSource | null = null;

  constructor(extension: vscode.Uri, analyzer: Analyzer, output: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#analyzer = analyzer;
    this.#output = output;
    this.#play = new Play(
      analyzer,
      output,
      (message) => {
        this.send(message);
      },
      (witness) => {
        this.#played = witness;
        this.#left = false;
        this.#decorate();
      },
    );
    this.#subscriptions = [
      this.#decorations,
      this.#play,
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => this.#restore(panel, state),
      }),
      vscode.window.onDidChangeTextEditorSelection((it) => {
        this.#cursorMoved(it.textEditor);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.#decorate();
      }),
      vscode.workspace.onDidChangeTextDocument((it) => {
        this.#edited(it.document);
      }),
      vscode.workspace.onDidChangeConfiguration((it) => {
        if (it.affectsConfiguration("happensBefore.panel")) this.send(settingsMessage());
      }),
    ];
  }

  /** Explores the place on the text as it is and shows what that gives, in the panel beside the editor. */
  async show(params: ExploreParams, resume?: Resume): Promise<void> {
    const source = vscode.window.visibleTextEditors.find((it) =>
      sameFile(params.uri, it.document.uri.toString()),
    );
    this.#sourceColumn = source?.viewColumn ?? this.#sourceColumn;
    this.#open();
    this.#stand();
    this.#asked = params;
    this.#cancel?.cancel();
    const cancel = new vscode.CancellationTokenSource();
    this.#cancel = cancel;
    const title = nameOf(params);
    this.#shown = this.#content === null ? { type: "busy", title } : this.#shown;
    this.send({ type: "busy", title });
    const texts = openTexts();
    setContext("exploring", true);
    const answer = await this.#explore(params, cancel.token);
    if (this.#cancel === cancel) setContext("exploring", false);
    if (cancel.token.isCancellationRequested) return;
    if (answer === null) this.#unanswered(title);
    else this.#answered(params, answer, texts, resume);
  }

  /** The same, for somebody who wants to pick who runs next. */
  async beTheScheduler(params: ExploreParams): Promise<void> {
    await this.show(params);
    if (this.#content === null) return;
    const command: ToWebview = { type: "command", command: "beTheScheduler" };
    if (this.#ready) this.send(command);
    else this.#whenReady = command;
    setContext("wasScheduler", true);
  }

  send(message: ToWebview): void {
    if (this.#panel !== null && this.#ready) void this.#panel.webview.postMessage(pack(message));
  }

  /** The schedule that is selected, with what is known of it; null: none is shown. */
  selected(): ShownTrace | null {
    const witness = this.#witness();
    if (witness === null) return null;
    const summary = this.#content?.summary ?? [];
    const own = summary.find((it) => it.entry === witness.schedule.entry);
    const sources = currentSources(witness, (uri) => this.#textOf(vscode.Uri.parse(uri)));
    return { witness, exploration: own ?? summary[0] ?? null, sources };
  }

  /** As it was explored where an editor has it, else as it is on disk. */
  #textOf(uri: vscode.Uri): string | null {
    const open = this.#texts.get(uri.toString());
    if (open !== undefined || uri.scheme !== "file") return open ?? null;
    return existsSync(uri.fsPath) ? readFileSync(uri.fsPath, "utf8") : null;
  }

  #codeOf(witnesses: readonly Witness[]): readonly CodeLine[] {
    return codeLines(witnesses, (uri) => this.#textOf(vscode.Uri.parse(uri)));
  }

  async paint(drawing: Drawing): Promise<Painted> {
    if (this.#panel === null || !this.#ready) return { problem: "The panel is not open." };
    if (!this.#panel.visible) this.#panel.reveal(undefined, true);
    return this.#painter.paint(drawing);
  }

  dispose(): void {
    this.#cancel?.cancel();
    this.#panel?.dispose();
    for (const it of this.#subscriptions) it.dispose();
  }

  /** Null: the analyzer did not answer. */
  async #explore(
    params: ExploreParams,
    cancel: vscode.CancellationToken,
  ): Promise<ExploreAnswer | null> {
    try {
      return await this.#analyzer.send(exploreRequest, params, cancel);
    } catch (error) {
      this.#output.error(`explore: ${String(error)}`);
      return null;
    }
  }

  /** What the panel shows does not need the analyzer, so it stays. */
  #unanswered(title: string): void {
    const message = "The analyzer did not answer; see the output channel.";
    if (this.#content === null) {
      this.#display({ type: "problem", title, message });
      return;
    }
    void vscode.window.showWarningMessage(message);
    this.#resend();
  }

  #stand(): void {
    const schedule = this.#chosen()?.schedule;
    if (schedule === undefined || this.#selected === null) return;
    const { step } = this.#selected;
    const fingerprint = this.#asked?.fingerprint;
    this.#standing = { fingerprint, texts: this.#texts, schedule, step };
  }

  /** The witness and the step to show first, if there is a reason for any. */
  #first(
    { fingerprint }: ExploreParams,
    witnesses: readonly Witness[],
    texts: ReadonlyMap<string, string>,
    resume: Resume | undefined,
  ): Resume | null {
    if (resume !== undefined) return resume.witness < witnesses.length ? resume : null;
    return this.#standing === null ? null : comeBack(this.#standing, fingerprint, witnesses, texts);
  }

  #answered(
    params: ExploreParams,
    answer: ExploreAnswer,
    texts: Map<string, string>,
    resume: Resume | undefined,
  ): void {
    const title = nameOf(params);
    if (answer.kind === "problem" || answer.witnesses.length === 0) {
      const message =
        answer.kind === "problem"
          ? sentence(answer.message)
          : "No schedule could be run here; the Problems view says what could not be modelled.";
      this.#content = null;
      this.#decorations.clear();
      this.#display({ type: "problem", title, message });
      return;
    }
    if (answer.summary.some(neverFails)) setContext("sawPassing", true);
    const kept = this.#first(params, answer.witnesses, texts, resume);
    const like = answer.witnesses.findIndex((it) => it.outcome.kind === params.first);
    const selected = kept?.witness ?? Math.max(0, like);
    const origin = {
      uri: params.uri,
      line: params.position.line,
      fingerprint: params.fingerprint ?? null,
    };
    this.#texts = textsOf(answer.witnesses, texts);
    this.#content = {
      origin,
      title: answer.witnesses[selected]?.schedule.entry ?? title,
      summary: answer.summary,
      witnesses: answer.witnesses,
      code: this.#codeOf(answer.witnesses),
      selected,
      ...(kept === null ? {} : { step: kept.step }),
    };
    this.#stale = false;
    this.#selected = null;
    if (this.#panel !== null) this.#panel.title = `Interleavings: ${this.#content.title}`;
    this.#display({ type: "show", ...this.#content });
    this.#sendCursor();
  }

  /** Shows the execution of a schedule beside the witnesses that are there, or compares what is shown with it. */
  async #replay(schedule: Schedule, compare: boolean): Promise<void> {
    const content = this.#content;
    if (content === null) return;
    const answer = await this.#replayed(content.origin.uri, schedule);
    if (this.#content !== content) return;
    if (answer.kind === "problem") {
      void vscode.window.showWarningMessage(sentence(answer.message));
      return;
    }
    const witnesses = [...content.witnesses, answer.witness];
    const added = content.witnesses.length;
    const shown = { selected: this.#selected?.witness ?? content.selected, compare: added };
    const code = this.#codeOf(witnesses);
    this.#content = { ...content, witnesses, code, selected: compare ? shown.selected : added };
    this.#selected = null;
    this.#shown = { type: "show", ...this.#content };
    this.send(compare ? { ...this.#shown, ...shown } : this.#shown);
    if (this.#stale) this.send({ type: "stale", stale: true });
  }

  async #replayed(uri: string, schedule: Schedule): Promise<ReplayAnswer> {
    try {
      return await this.#analyzer.send(replayRequest, { uri, schedule });
    } catch (error) {
      this.#output.error(`replay: ${String(error)}`);
      return { kind: "problem", message: "The analyzer did not answer; see the output channel." };
    }
  }

  #display(message: ToWebview): void {
    this.#shown = message;
    this.send(message);
  }

  #open(): void {
    if (this.#panel !== null) {
      this.#panel.reveal(undefined, false);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      viewType,
      "Interleavings",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
      { enableScripts: true, localResourceRoots: [pageRoot(this.#extension)] },
    );
    this.#adopt(panel);
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    setUpPanel(panel, this.#extension);
    panel.webview.onDidReceiveMessage((message: FromWebview) => {
      this.#received(message);
    });
    panel.onDidDispose(() => {
      this.#closed(panel);
    });
    panel.webview.html = pageHtml(panel.webview, this.#extension, "webview", "Interleavings");
    setContext("traceOpen", true);
  }

  #closed(panel: vscode.WebviewPanel): void {
    if (this.#panel !== panel) return;
    this.#stand();
    this.#cancel?.cancel();
    this.#panel = null;
    this.#ready = false;
    this.#painter.answered({ problem: "The panel was closed." });
    this.#shown = null;
    this.#content = null;
    this.#selected = null;
    this.#played = null;
    this.#play.stop();
    this.#decorations.clear();
    setContext("traceOpen", false);
  }

  async #restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    if (!isPanelState(state)) {
      panel.dispose();
      return;
    }
    this.#adopt(panel);
    const uri = vscode.Uri.parse(state.uri);
    try {
      await vscode.workspace.openTextDocument(uri); // the analyzer answers about open documents
    } catch {
      this.#display({
        type: "problem",
        title: "",
        message: `${uri.fsPath} cannot be opened any more.`,
      });
      return;
    }
    await this.show(
      {
        uri: state.uri,
        position: { line: state.line, character: 0 },
        ...(state.fingerprint === null ? {} : { fingerprint: state.fingerprint }),
      },
      state,
    );
  }

  #received(message: FromWebview): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.send(settingsMessage());
        this.#resend();
        if (this.#whenReady !== null) this.send(this.#whenReady);
        this.#whenReady = null;
        return;
      case "reveal":
        this.#reveal(message.span, message.focus).catch((error: unknown) => {
          this.#output.warn(`the place could not be shown: ${String(error)}`);
        });
        return;
      case "selected":
        this.#selected = { witness: message.witness, step: message.step };
        this.#left = false;
        this.#played = null;
        this.#play.stop();
        this.#decorate();
        return;
      case "leave":
        this.#left = true;
        this.#decorations.clear();
        return;
      case "replay":
        void this.#replay(message.schedule, message.compare === true);
        return;
      case "ask":
        if (this.#content !== null) void this.#play.ask(this.#content.origin.uri, message);
        return;
      case "refresh":
        if (this.#asked !== null) void this.show(this.#asked);
        return;
      case "export":
        void vscode.commands.executeCommand("happensBefore.exportTrace", byButton);
        return;
      case "painted":
        this.#painter.answered(message.painted);
        return;
      case "failed":
        this.#output.error(`timeline: ${message.message}`);
        return;
    }
  }

  /** The page is new, or was hidden and built again: it knows nothing. */
  #resend(): void {
    if (this.#shown === null) return;
    const { witness: selected, step } = this.#selected ?? {};
    if (this.#shown.type === "show" && selected !== undefined && step !== undefined) {
      this.send({ ...this.#shown, selected, step });
    } else {
      this.send(this.#shown);
    }
    if (this.#stale) this.send({ type: "stale", stale: true });
    this.#sendCursor();
  }

  /** Uses the group in which the source already is, so that the panel stays where it is. */
  async #reveal(span: Span, focus: boolean): Promise<void> {
    const range = new vscode.Range(
      span.start.line,
      span.start.character,
      span.end.line,
      span.end.character,
    );
    const open = vscode.window.visibleTextEditors.find((it) =>
      sameFile(span.uri, it.document.uri.toString()),
    );
    const viewColumn = open?.viewColumn ?? this.#sourceColumn ?? vscode.ViewColumn.One;
    const editor = await vscode.window.showTextDocument(vscode.Uri.parse(span.uri), {
      viewColumn,
      preserveFocus: !focus,
      selection: range,
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  #witness(): Witness | null {
    return this.#played ?? this.#chosen();
  }

  /** The one of the content that the page shows, or would if nobody were the scheduler. */
  #chosen(): Witness | null {
    return this.#content?.witnesses[this.#selected?.witness ?? 0] ?? null;
  }

  #decorate(): void {
    const witness = this.#witness();
    if (witness === null || this.#panel === null || this.#selected === null) return;
    if (this.#stale || this.#left) {
      this.#decorations.clear();
      return;
    }
    const step = this.#played === null ? this.#selected.step : witness.steps.length - 1;
    this.#decorations.show(witness, step);
    const span = witness.steps[step]?.span;
    if (span === undefined) return;
    for (const editor of vscode.window.visibleTextEditors) {
      if (!sameFile(span.uri, editor.document.uri.toString())) continue;
      editor.revealRange(
        new vscode.Range(span.start.line, 0, span.end.line, 0),
        vscode.TextEditorRevealType.InCenterIfOutsideViewport,
      );
    }
  }

  /** Where the cursor is already, it does not move. */
  #sendCursor(): void {
    for (const it of vscode.window.visibleTextEditors) this.#cursorMoved(it);
  }

  #cursorMoved(editor: vscode.TextEditor): void {
    const uri = editor.document.uri.toString();
    const source = this.#witness()?.steps.find((it) => sameFile(it.span.uri, uri));
    if (source === undefined) return;
    this.send({ type: "cursor", uri: source.span.uri, line: editor.selection.active.line });
  }

  #edited(document: vscode.TextDocument): void {
    if (this.#panel === null || this.#content === null) return;
    if (!this.#texts.has(document.uri.toString())) return;
    const texts = openTexts();
    const stale = [...this.#texts].some(([uri, text]) => (texts.get(uri) ?? text) !== text);
    if (stale === this.#stale) return;
    this.#stale = stale;
    this.send({ type: "stale", stale });
    this.#decorate();
  }
}

function settingsMessage(): ToWebview {
  const panel = vscode.workspace.getConfiguration("happensBefore.panel");
  return {
    type: "settings",
    settings: { singleLetterKeys: panel.get<boolean>("singleLetterKeys", true) },
  };
}

function openTexts(): Map<string, string> {
  return new Map(vscode.workspace.textDocuments.map((it) => [it.uri.toString(), it.getText()]));
}

/** Of these texts, those the witnesses are about. */
function textsOf(
  witnesses: readonly Witness[],
  texts: ReadonlyMap<string, string>,
): Map<string, string> {
  const uris = new Set(
    witnesses
      .flatMap((it) => [...it.sources.map((s) => s.uri), ...it.steps.map((s) => s.span.uri)])
      .map((it) => vscode.Uri.parse(it).toString()),
  );
  return new Map([...texts].filter(([uri]) => uris.has(uri)));
}

function setContext(
  key: "traceOpen" | "exploring" | "sawPassing" | "wasScheduler",
  value: boolean,
): void {
  void vscode.commands.executeCommand("setContext", `happensBefore.${key}`, value);
}

function nameOf(params: ExploreParams): string {
  const path = vscode.Uri.parse(params.uri).path;
  return `${path.slice(path.lastIndexOf("/") + 1)}:${params.position.line + 1}`;
}

/** All orders were run and none fails. */
function neverFails({ complete, outcomes }: ExplorationSummary): boolean {
  return complete && outcomes.every((it) => it.kind === "ok");
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function isPanelState(value: unknown): value is PanelState {
  return (
    typeof value === "object" &&
    value !== null &&
    Reflect.get(value, "protocol") === webviewProtocol &&
    typeof Reflect.get(value, "uri") === "string" &&
    typeof Reflect.get(value, "line") === "number" &&
    typeof Reflect.get(value, "witness") === "number" &&
    typeof Reflect.get(value, "step") === "number"
  );
}
