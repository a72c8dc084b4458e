import * as vscode from "vscode";
import { type SteerParams, steerRequest } from "../../protocol/lsp.js";
import type { Analyzer } from "../client.js";

const commands: Readonly<Record<string, SteerParams["action"]>> = {
  pauseExploration: "pause",
  resumeExploration: "resume",
  cancelExploration: "cancel",
};

/** What can be done with an exploration while it runs. */
export function registerExplorationCommands(analyzer: Analyzer): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([command, action]) =>
      vscode.commands.registerCommand(`happensBefore.${command}`, async () => {
        const heard = await analyzer.send(steerRequest, { action });
        if (heard === 0) void vscode.window.showInformationMessage("No exploration is running.");
      }),
    ),
  );
}
