import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

const patience = 60_000;

/** Waits until `look` gives something, looking again whenever diagnostics change. */
async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise<void>((wake) => {
      const timer = setTimeout(done, 200);
      const listening = vscode.languages.onDidChangeDiagnostics(done);
      function done(): void {
        clearTimeout(timer);
        listening.dispose();
        wake();
      }
    });
  }
}

async function open(pattern: string): Promise<vscode.TextEditor> {
  const [file] = await vscode.workspace.findFiles(pattern);
  assert.ok(file !== undefined, `the workspace has ${pattern}`);
  return vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One });
}

function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((it) => it.source === "happens-before");
}

const errorsIn = (uri: vscode.Uri) => (): vscode.Diagnostic[] | undefined => {
  const errors = ours(uri).filter((it) => it.severity === vscode.DiagnosticSeverity.Error);
  return errors.length > 0 ? errors : undefined;
};

describe("diagnostics", function () {
  this.timeout(2 * patience);

  it("confirm the race of the crawler, with related places and a code", async () => {
    const { document } = await open("crawler/unlocked/main.go");
    const errors = await eventually("an error", errorsIn(document.uri));
    const race = errors.find((it) => (it.relatedInformation ?? []).length > 1);
    assert.ok(race !== undefined, "a race with related places");
    assert.ok(typeof race.code === "object", "the code links to its page");
    assert.equal(race.code.value, "concurrent-map");
    const page = await vscode.workspace.openTextDocument(race.code.target);
    assert.match(page.getText(), /^# concurrent-map/m);
  });

  it("offer the schedule as a code action and a code lens", async () => {
    const { document } = await open("crawler/unlocked/main.go");
    const [error] = await eventually("an error", errorsIn(document.uri));
    assert.ok(error !== undefined);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      error.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const commands = actions.map((it) => it.command?.command);
    assert.ok(commands.includes("happensBefore.showInterleavings"), commands.join());
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    assert.ok(lenses.some((it) => /orders? .*Show/.test(it.command?.title ?? "")));
  });

  it("say nothing about the crawler with its lock", async () => {
    const { document } = await open("crawler/mutex/main.go");
    await new Promise((done) => setTimeout(done, 5000)); // nothing would announce "nothing"
    assert.deepEqual(ours(document.uri), []);
  });

  it("work on a buffer that was never saved", async () => {
    const content = [
      "package main",
      "func main() {",
      "\tn := 0",
      "\tgo func() { n++ }()",
      "\tn++",
      "\tprintln(n)",
      "}",
    ].join("\n");
    const document = await vscode.workspace.openTextDocument({ language: "go", content });
    await vscode.window.showTextDocument(document);
    await eventually("a finding", () => (ours(document.uri).length > 0 ? true : undefined));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});

describe("the panel", function () {
  this.timeout(2 * patience);

  it("opens beside the source, once, and closes", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const editor = await open("crawler/unlocked/main.go");
    await eventually("an error", errorsIn(editor.document.uri));
    const panels = (): vscode.Tab[] =>
      vscode.window.tabGroups.all
        .flatMap((it) => it.tabs)
        .filter(
          (it) =>
            it.input instanceof vscode.TabInputWebview &&
            it.input.viewType.includes("happensBefore.timeline"),
        );
    await vscode.commands.executeCommand("happensBefore.showInterleavings");
    await vscode.commands.executeCommand("happensBefore.showInterleavings");
    const [panel] = await eventually("the panel", () =>
      panels().some((it) => it.label.startsWith("Interleavings: ")) ? panels() : undefined,
    );
    assert.ok(panel !== undefined);
    assert.equal(panels().length, 1);
    assert.notEqual(panel.group.viewColumn, vscode.ViewColumn.One);
    await vscode.window.tabGroups.close(panel);
    await eventually("closed", () => (panels().length === 0 ? true : undefined));
  });

  it("the analyzer restarts and finds the same again", async () => {
    const { document } = await open("crawler/unlocked/main.go");
    const before = await eventually("an error", errorsIn(document.uri));
    await vscode.commands.executeCommand("happensBefore.restart");
    const after = await eventually("an error", errorsIn(document.uri));
    assert.deepEqual(
      after.map((it) => it.range.start.line).sort(),
      before.map((it) => it.range.start.line).sort(),
    );
  });
});
