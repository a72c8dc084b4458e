import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

/** The part of `package.json` that this test reads. */
interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("the extension", () => {
  it("activates when a Go file is opened, and registers its commands", async () => {
    const [file] = await vscode.workspace.findFiles("crawler/unlocked/*.go");
    assert.ok(file !== undefined, "the workspace has the crawler");
    await vscode.window.showTextDocument(file);

    const extension = vscode.extensions.getExtension("happens-before.happens-before");
    assert.ok(extension !== undefined, "the extension is installed");
    await extension.activate();

    const registered = await vscode.commands.getCommands(true);
    const { contributes } = extension.packageJSON as Manifest;
    for (const { command } of contributes.commands)
      assert.ok(registered.includes(command), command);
  });
});
