import path from "node:path";
import * as vscode from "vscode";
import { type FailingTestAnswer, failingTestRequest } from "../../protocol/lsp.js";
import type { Witness } from "../../protocol/witness.js";
import type { Analyzer } from "../client.js";
import { choose } from "./ask.js";

type FailingTest = Extract<FailingTestAnswer, { kind: "test" }>;

export function failingTestLabel({ language }: Witness): string {
  return language === "go" ? "Failing Go test" : "Failing TypeScript test";
}

/** Writes the schedule as a test into the folder of what it tests, shows the test and says what runs it. */
export async function exportFailingTest(
  analyzer: Analyzer,
  output: vscode.LogOutputChannel,
  witness: Witness,
): Promise<void> {
  const answer = await testOf(analyzer, output, witness);
  if (answer.kind === "problem") {
    void vscode.window.showWarningMessage(answer.message);
    return;
  }
  const target = await pickTarget(answer, failingTestLabel(witness));
  if (target === "folder") await write(answer);
  if (target === "editor") await look(answer, witness);
}

async function testOf(
  analyzer: Analyzer,
  output: vscode.LogOutputChannel,
  witness: Witness,
): Promise<FailingTestAnswer> {
  try {
    return await analyzer.send(failingTestRequest, { witness });
  } catch (error) {
    output.error(`failing test: ${String(error)}`);
    return { kind: "problem", message: "The analyzer did not answer; see the output channel." };
  }
}

type Target = "folder" | "editor";

/** A test of a package stands in its folder and nowhere else, so no other folder is asked for. */
async function pickTarget(test: FailingTest, label: string): Promise<Target | null> {
  const items: readonly (vscode.QuickPickItem & { readonly target: Target })[] = [
    {
      label: `$(new-file) Write into ${folderName(test)}`,
      detail: `${test.files.map((it) => it.name).join(", ")}: your files stay as they are`,
      target: "folder",
    },
    {
      label: "$(go-to-file) Look at It First",
      detail: "the schedule as a document that is not saved",
      target: "editor",
    },
  ];
  const picked = await choose(items, {
    title: `Export Schedule: ${label}`,
    placeHolder: "Where should it go?",
  });
  return picked?.target ?? null;
}

async function look({ files }: FailingTest, { language }: Witness): Promise<void> {
  const document = await vscode.workspace.openTextDocument({
    content: files[0]?.text ?? "",
    language: language === "go" ? "go" : "javascript",
  });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}

async function write(test: FailingTest): Promise<void> {
  const folder = vscode.Uri.parse(test.folder);
  const [name] = test.files.map((it) => it.name);
  if (name === undefined) return;
  try {
    for (const { name: file, text } of test.files) {
      await vscode.workspace.fs.writeFile(
        vscode.Uri.joinPath(folder, file),
        new TextEncoder().encode(text),
      );
    }
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, name), {
      viewColumn: vscode.ViewColumn.One,
    });
  } catch (error) {
    void vscode.window.showErrorMessage(`The test could not be written: ${String(error)}`);
    return;
  }
  await sayHowToRun(test, folder, name);
}

/** Nothing is run: the command stands in the terminal, and Enter is the user's. */
async function sayHowToRun(test: FailingTest, cwd: vscode.Uri, name: string): Promise<void> {
  const openTerminal = "Open Terminal";
  const copy = "Copy Command";
  const picked = await vscode.window.showInformationMessage(
    `${name} is written. Run it in ${folderName(test)}: ${test.command}`,
    openTerminal,
    copy,
  );
  if (picked === copy) await vscode.env.clipboard.writeText(test.command);
  if (picked !== openTerminal) return;
  const terminal = vscode.window.createTerminal({ name: "Failing test", cwd });
  terminal.show();
  terminal.sendText(test.command, false);
}

function folderName({ folder }: FailingTest): string {
  const uri = vscode.Uri.parse(folder);
  const name = vscode.workspace.asRelativePath(uri, false);
  return name === uri.fsPath || name === "" ? path.posix.basename(uri.path) : name;
}
