import * as vscode from "vscode";
import { Analyzer } from "./client.js";
import { registerExport } from "./commands/export-trace.js";
import { registerPanelCommands } from "./commands/panel-commands.js";
import { registerExplorationCommands } from "./commands/exploration-commands.js";
import { registerShowInterleavings } from "./commands/show-interleavings.js";
import { StatusItem } from "./status-item.js";
import { Timeline } from "./timeline/timeline.js";

/** Registers everything and returns; the analyzer starts by itself when there is something to analyze. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Happens Before", { log: true });
  const analyzer = new Analyzer(context.asAbsolutePath("dist/server.cjs"), output);
  const timeline = new Timeline(context.extensionUri, analyzer, output);
  context.subscriptions.push(
    output,
    analyzer,
    timeline,
    new StatusItem(analyzer),
    registerShowInterleavings(timeline),
    registerPanelCommands(timeline),
    registerExplorationCommands(analyzer),
    registerExport({ timeline, analyzer, output, dist: context.asAbsolutePath("dist") }),
    vscode.commands.registerCommand("happensBefore.showOutput", () => {
      output.show();
    }),
    vscode.commands.registerCommand("happensBefore.restart", async () => analyzer.restart()),
  );
  analyzer.startWhenNeeded();
}
