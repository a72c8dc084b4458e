import * as vscode from "vscode";
import type { PanelCommand } from "../../protocol/webview.js";
import type { Timeline } from "../timeline/timeline.js";

const commands: readonly PanelCommand[] = [
  "nextStep",
  "previousStep",
  "compareSchedules",
  "nextFailing",
  "previousFailing",
];

/** Movements in the panel that are also commands, so that they can be bound to keys. */
export function registerPanelCommands(timeline: Timeline): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(`happensBefore.${command}`, () => {
        timeline.send({ type: "command", command });
      }),
    ),
  );
}
