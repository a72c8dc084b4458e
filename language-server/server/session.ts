import {
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import {
  type ExplainAnswer,
  explainRequest,
  type ExploreAnswer,
  type ExploreParams,
  exploreRequest,
  type FailingTestAnswer,
  failingTestRequest,
  type GradeAnswer,
  type GradeParams,
  gradeRequest,
  playRequest,
  type ReplayAnswer,
  type ReplayParams,
  replayRequest,
  statusNotification,
  type SteerParams,
  steerRequest,
  viewIrRequest,
} from "../../protocol/lsp.js";
import type { PlayAnswer, PlayParams } from "../../protocol/play.js";
import type { Witness } from "../../protocol/witness.js";
import type { Engine } from "../engine/engine.js";
import { Explorations, type OpenProgress } from "./explorations.js";
import { describeError, guard, guardNotification, type Log } from "./guard.js";
import { codeActions } from "./handlers/code-action.js";
import { codeLenses } from "./handlers/code-lens.js";
import { explainText } from "./handlers/explain.js";
import { explore, play, replay, type Tools } from "./handlers/explore.js";
import { failingTestOf } from "./handlers/failing-test.js";
import { gradeOf } from "./handlers/grade.js";
import { hover } from "./handlers/hover.js";
import { readSettings } from "./settings.js";
import { Workspace } from "./workspace.js";

export interface SessionOptions {
  /** Folder of the checks' pages on the web; null: diagnostics carry no link. */
  readonly docsUrl: string | null;
  readonly version: string;
}

/** What the client said it can do. */
interface Abilities {
  configuration: boolean;
  settingsEvents: boolean;
  refreshLenses: boolean;
  progress: boolean;
}

/** Serves one client over the connection. The engine stays the caller's. */
export function serve(connection: Connection, engine: Engine, options: SessionOptions): void {
  const log: Log = (message) => {
    connection.console.error(message);
  };
  const can: Abilities = {
    configuration: false,
    settingsEvents: false,
    refreshLenses: false,
    progress: false,
  };
  const quietly = (sending: Promise<unknown>): void => {
    sending.catch((error: unknown) => {
      log(`the client refused a message: ${describeError(error)}`);
    });
  };
  const workspace = new Workspace(engine, {
    publish: (uri, diagnostics) => {
      quietly(connection.sendDiagnostics({ uri, diagnostics }));
    },
    status: (status) => {
      quietly(connection.sendNotification(statusNotification.method, status));
    },
    lensesChanged: () => {
      if (can.refreshLenses) quietly(connection.sendRequest(CodeLensRefreshRequest.type));
    },
    log,
  });
  workspace.useDocs(options.docsUrl);
  const readConfiguration = async (pushed: unknown): Promise<void> => {
    const section: unknown = can.configuration
      ? await connection.workspace.getConfiguration("happensBefore")
      : sectionOf(pushed);
    workspace.configure(readSettings(section));
  };

  connection.onInitialize((params) => initialize(params, can, workspace, options));
  connection.onInitialized(() => {
    if (can.settingsEvents) {
      quietly(connection.client.register(DidChangeConfigurationNotification.type));
    }
    if (can.configuration) quietly(readConfiguration(null));
  });
  connection.onDidChangeConfiguration((it) => {
    quietly(readConfiguration(it.settings));
  });
  connection.onShutdown(() => {
    workspace.dispose();
  });
  listenToDocuments(connection, workspace, log);
  const explorations = new Explorations((title) =>
    can.progress ? openProgress(connection, title) : Promise.resolve(null),
  );
  answerRequests(connection, workspace, log);
  answerExplorations(connection, { engine, workspace, explorations }, log);
  connection.listen();
}

function initialize(
  params: InitializeParams,
  can: Abilities,
  workspace: Workspace,
  options: SessionOptions,
): InitializeResult {
  const it = params.capabilities.workspace;
  can.configuration = it?.configuration === true;
  can.settingsEvents = it?.didChangeConfiguration?.dynamicRegistration === true;
  can.refreshLenses = it?.codeLens?.refreshSupport === true;
  can.progress = params.capabilities.window?.workDoneProgress === true;
  workspace.baselines.setFolder(params.workspaceFolders?.[0]?.uri ?? "");
  workspace.folders = (params.workspaceFolders ?? [])
    .map((it) => it.uri)
    .filter((it) => it.startsWith("file:"));
  if (!can.configuration)
    workspace.configure(readSettings(sectionOf(params.initializationOptions)));
  return {
    serverInfo: { name: "happens-before", version: options.version },
    capabilities: {
      positionEncoding: "utf-16",
      textDocumentSync: {
        openClose: true,
        change: TextDocumentSyncKind.Incremental,
        save: { includeText: false },
      },
      codeLensProvider: { resolveProvider: false },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      hoverProvider: true,
    },
  };
}

/** Our section of settings pushed by a client, which may send it bare or under its name. */
function sectionOf(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null) return settings;
  const named: unknown = Reflect.get(settings, "happensBefore");
  return named ?? settings;
}

function listenToDocuments(connection: Connection, workspace: Workspace, log: Log): void {
  connection.onDidOpenTextDocument(
    guardNotification("didOpen", log, (params) => {
      const document = workspace.documents.open(params);
      if (document !== null) workspace.opened(document);
    }),
  );
  connection.onDidChangeTextDocument(
    guardNotification("didChange", log, (params) => {
      workspace.edited(params.textDocument.uri, workspace.documents.change(params));
    }),
  );
  connection.onDidSaveTextDocument(
    guardNotification("didSave", log, (params) => {
      workspace.saved(params.textDocument.uri);
    }),
  );
  connection.onDidCloseTextDocument(
    guardNotification("didClose", log, (params) => {
      workspace.closed(params.textDocument.uri);
    }),
  );
  connection.onDidChangeWatchedFiles(
    guardNotification("didChangeWatchedFiles", log, (params) => {
      const open = (uri: string): boolean => workspace.documents.get(uri) !== undefined;
      if (params.changes.some((it) => !open(it.uri))) workspace.changedOnDisk();
    }),
  );
}

function answerRequests(connection: Connection, workspace: Workspace, log: Log): void {
  connection.onCodeLens(
    guard<{ textDocument: { uri: string } }, CodeLens[]>("codeLens", [], log, (params) =>
      codeLenses(workspace, params.textDocument.uri),
    ),
  );
  connection.onCodeAction(
    guard("codeAction", [] as CodeAction[], log, (params) =>
      codeActions(params.textDocument.uri, params.context.diagnostics, (line) =>
        workspace.documents.lineOf(params.textDocument.uri, line),
      ),
    ),
  );
  connection.onHover(
    guard("hover", null as Hover | null, log, (params) =>
      hover(workspace, params.textDocument.uri, params.position),
    ),
  );
}

function answerExplorations(connection: Connection, tools: Tools, log: Log): void {
  const { engine, workspace, explorations } = tools;
  const failed: ExploreAnswer = {
    kind: "problem",
    message: "the exploration failed: this is a bug; the output channel has the details",
  };
  connection.onRequest(
    exploreRequest.method,
    guard<ExploreParams, ExploreAnswer>("explore", failed, log, (params, cancel) =>
      explore(tools, params, cancel),
    ),
  );
  const notReplayed: ReplayAnswer = {
    kind: "problem",
    message: "the schedule could not be run: this is a bug; the output channel has the details",
  };
  connection.onRequest(
    replayRequest.method,
    guard<ReplayParams, ReplayAnswer>("replay", notReplayed, log, (params, cancel) =>
      replay(tools, params, cancel),
    ),
  );
  const notPlayed: PlayAnswer = {
    kind: "problem",
    message: "The choices could not be run: this is a bug; the output channel has the details.",
  };
  connection.onRequest(
    playRequest.method,
    guard<PlayParams, PlayAnswer>("play", notPlayed, log, (params, cancel) =>
      play(tools, params, cancel),
    ),
  );
  const notWritten: FailingTestAnswer = {
    kind: "problem",
    message: "The test could not be made: this is a bug; the output channel has the details.",
  };
  connection.onRequest(
    failingTestRequest.method,
    guard<{ witness: Witness }, FailingTestAnswer>("failingTest", notWritten, log, ({ witness }) =>
      failingTestOf(witness, (uri) => workspace.documents.get(uri)?.text.getText() ?? null),
    ),
  );
  const notExplained: ExplainAnswer = {
    kind: "problem",
    message: "The text could not be explained: this is a bug; the output channel has the details.",
  };
  connection.onRequest(
    explainRequest.method,
    guard<{ text: string }, ExplainAnswer>("explain", notExplained, log, ({ text }, cancel) =>
      explainText(tools, text, cancel),
    ),
  );
  const notGraded: GradeAnswer = {
    kind: "problem",
    message: "The answer could not be checked: this is a bug; the output channel has the details.",
  };
  connection.onRequest(
    gradeRequest.method,
    guard<GradeParams, GradeAnswer>("grade", notGraded, log, (params, cancel) =>
      gradeOf(tools, params, cancel),
    ),
  );
  connection.onRequest(
    steerRequest.method,
    guard<SteerParams, number>("steer", 0, log, ({ action }) => explorations.steer(action)),
  );
  connection.onRequest(
    viewIrRequest.method,
    guard<{ uri: string }, string>("viewIr", "", log, async (params, cancel) => {
      const at = workspace.unitAt(params.uri);
      return at === null ? "" : engine.ir(at.unit, cancel);
    }),
  );
}

/** Work-done progress, which the client shows where it shows such things, with a way to cancel. */
async function openProgress(connection: Connection, title: string): ReturnType<OpenProgress> {
  const progress = await connection.window.createWorkDoneProgress();
  progress.begin(title, undefined, undefined, true);
  return {
    get cancelled(): boolean {
      return progress.token.isCancellationRequested;
    },
    report: (message) => {
      progress.report(message);
    },
    done: () => {
      progress.done();
    },
  };
}
