import * as vscode from "vscode";
import { explanationDocument, findingHeading, linksIn } from "../../export/explanation.js";
import type { ExplainedFinding, Explanation } from "../../protocol/explanation.js";
import {
  type ExplainAnswer,
  explainRequest,
  type ExploreParams,
  showCommand,
} from "../../protocol/lsp.js";
import type { Analyzer } from "../client.js";
import { choose } from "./ask.js";

const scheme = "happens-before-explanation";
const openCommand = "happensBefore.openExplainedSchedule";

/** What Go's run-time said, from where the user picks, as a document that cannot be edited. */
export function registerExplain(
  analyzer: Analyzer,
  output: vscode.LogOutputChannel,
): vscode.Disposable {
  const explanations = new Map<string, Explanation>();
  let count = 0;
  const show = async (text: string): Promise<void> => {
    const answer = await explained(analyzer, output, text);
    if (answer.kind === "problem") {
      void vscode.window.showWarningMessage(answer.message);
      return;
    }
    count++;
    const uri = vscode.Uri.from({ scheme, path: `/Explanation ${count}.md` });
    explanations.set(uri.toString(), answer.explanation);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, "markdown");
    await vscode.window.showTextDocument(document, { preview: false });
  };
  const of = (uri: vscode.Uri): Explanation | undefined => explanations.get(uri.toString());
  return vscode.Disposable.from(
    vscode.commands.registerCommand("happensBefore.explainReport", async () => {
      const text = await pickText();
      if (text !== null) await show(text);
    }),
    vscode.commands.registerCommand(openCommand, openSchedule),
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: (uri) => {
        const it = of(uri);
        return it === undefined
          ? "This explanation is gone: explain the report again.\n"
          : explanationDocument(it);
      },
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme },
      {
        provideCodeLenses: (document) => lensesOf(document, of(document.uri)),
      },
    ),
    vscode.languages.registerDocumentLinkProvider({ scheme }, { provideDocumentLinks: linksOf }),
    vscode.workspace.onDidCloseTextDocument((it) => {
      explanations.delete(it.uri.toString());
    }),
  );
}

async function explained(
  analyzer: Analyzer,
  output: vscode.LogOutputChannel,
  text: string,
): Promise<ExplainAnswer> {
  try {
    return await analyzer.send(explainRequest, { text });
  } catch (error) {
    output.error(`explain: ${String(error)}`);
    return { kind: "problem", message: "The analyzer did not answer; see the output channel." };
  }
}

interface TextItem extends vscode.QuickPickItem {
  readonly text: () => Promise<string | null>;
}

/** Null: the user wants nothing any more. */
async function pickText(): Promise<string | null> {
  const editor = vscode.window.activeTextEditor;
  const items: TextItem[] = [];
  if (editor !== undefined) {
    const { document, selection } = editor;
    const range = selection.isEmpty ? undefined : selection;
    items.push({
      label: range === undefined ? "$(file-text) Text of the Editor" : "$(selection) Selection",
      detail: vscode.workspace.asRelativePath(document.uri, false),
      text: async () => Promise.resolve(document.getText(range)),
    });
  }
  items.push(
    {
      label: "$(clippy) Clipboard",
      detail: "what was copied from a terminal or a page",
      text: async () => vscode.env.clipboard.readText(),
    },
    { label: "$(folder-opened) File…", detail: "a log, a dump or a profile", text: readFile },
  );
  const picked = await choose(items, {
    title: "Explain Race Report or Goroutine Dump",
    placeHolder: "Where is the text? Logs around it do not matter.",
  });
  return picked === undefined ? null : picked.text();
}

async function readFile(): Promise<string | null> {
  const [file] =
    (await vscode.window.showOpenDialog({ title: "Explain", openLabel: "Explain" })) ?? [];
  if (file === undefined) return null;
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}

/** Above each finding that has a schedule: to see it; above the whole: to see it drawn. */
function lensesOf(
  document: vscode.TextDocument,
  explanation: Explanation | undefined,
): vscode.CodeLens[] {
  const first = new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
    title: "Open preview with drawings",
    command: "markdown.showPreviewToSide",
    arguments: [document.uri],
  });
  const lines = document.getText().split("\n");
  const schedules = (explanation?.findings ?? []).flatMap((it) => {
    const line = lines.indexOf(findingHeading(it));
    const params = it.schedule ? paramsOf(it) : null;
    if (line < 0 || params === null) return [];
    const command = { title: "Show its schedule", command: openCommand, arguments: [params] };
    return [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command)];
  });
  return [first, ...schedules];
}

/** The names of places; what stands in brackets behind them the editor follows by itself. */
function linksOf(document: vscode.TextDocument): vscode.DocumentLink[] {
  return document
    .getText()
    .split("\n")
    .flatMap((text, line) =>
      linksIn(text).map(({ start, end, target }) => {
        const range = new vscode.Range(line, start, line, end);
        return new vscode.DocumentLink(range, vscode.Uri.parse(target));
      }),
    );
}

function paramsOf({ places, fingerprint }: ExplainedFinding): ExploreParams | null {
  const [place] = places;
  return place === undefined ? null : { uri: place.uri, position: place.position, fingerprint };
}

/** The analyzer answers about open documents, and the panel stands beside the source. */
async function openSchedule(params: ExploreParams): Promise<void> {
  const { line, character } = params.position;
  const start = new vscode.Position(line, character);
  await vscode.window.showTextDocument(vscode.Uri.parse(params.uri), {
    selection: new vscode.Range(start, start),
  });
  await vscode.commands.executeCommand(showCommand, params);
}
