import * as vscode from "vscode";
import { type ExploreParams, schedulerCommand, showCommand } from "../../protocol/lsp.js";
import type { Timeline } from "../timeline/timeline.js";

/** From the palette and menus, for the cursor; from a code lens, action or hover, for their place. */
export function registerShowInterleavings(timeline: Timeline): vscode.Disposable {
  return vscode.Disposable.from(
    forPlace(showCommand, async (params) => timeline.show(params)),
    forPlace(schedulerCommand, async (params) => timeline.beTheScheduler(params)),
  );
}

function forPlace(
  command: string,
  run: (params: ExploreParams) => Promise<void>,
): vscode.Disposable {
  return vscode.commands.registerCommand(command, async (argument?: unknown) => {
    const params = isExploreParams(argument) ? argument : atCursor();
    if (params === null) {
      void vscode.window.showInformationMessage(
        "Open a Go or TypeScript file and put the cursor into a function first.",
      );
      return;
    }
    await run(params);
  });
}

function atCursor(): ExploreParams | null {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor === undefined) return null;
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

/** The menu of an editor's title passes its URI, which is not what we look for. */
function isExploreParams(value: unknown): value is ExploreParams {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "uri") === "string" &&
    typeof Reflect.get(value, "position") === "object"
  );
}
