import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

const dump = `fatal error: all goroutines are asleep - deadlock!

goroutine 1 [chan receive]:
main.main()
	/nowhere/main.go:9 +0x44
`;

async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const it = look();
    if (it !== undefined) return it;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${what} did not come`);
}

describe("explaining a dump", function () {
  this.timeout(60_000);

  it("opens a document that says what waits", async () => {
    const source = await vscode.workspace.openTextDocument({ content: dump });
    await vscode.window.showTextDocument(source);
    const picking = vscode.commands.executeCommand("happensBefore.explainReport");
    const shown = (): vscode.TextDocument | undefined =>
      vscode.workspace.textDocuments.find((it) => it.uri.scheme === "happens-before-explanation");
    // The list opens some time after the command began, and takes no choice before.
    const document = await eventually("the explanation", () => {
      void vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return shown();
    });
    await picking;
    assert.match(document.getText(), /1 × waits to receive from a channel/);
    assert.match(document.getText(), /flowchart LR/);
    assert.equal(document.languageId, "markdown");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });
});
