import * as vscode from "vscode";
import { type PanelCommand, panelCommands } from "../../protocol/panel-commands.js";
import type { Timeline } from "../timeline/timeline.js";

/** What keys do in the panel, as commands, so that it is in the palette and can be bound to other keys. */
export function registerPanelCommands(timeline: Timeline): vscode.Disposable {
  const commands = Object.keys(panelCommands) as PanelCommand[];
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(`happensBefore.${command}`, () => {
        timeline.send({ type: "command", command });
      }),
    ),
  );
}
