import * as vscode from "vscode";
import { Analyzer } from "./client.js";
import { registerCrawler } from "./commands/crawler.js";
import { registerExplain } from "./commands/explain.js";
import { registerExport } from "./commands/export-trace.js";
import { registerLessons } from "./commands/lessons.js";
import { registerPanelCommands } from "./commands/panel-commands.js";
import { registerExplorationCommands } from "./commands/exploration-commands.js";
import { registerShowInterleavings } from "./commands/show-interleavings.js";
import { Lab } from "./lab/lab.js";
import { SampleFolder } from "./lab/samples.js";
import { Lessons } from "./lessons/lessons.js";
import { StatusItem } from "./status-item.js";
import { Timeline } from "./timeline/timeline.js";

/** Registers everything and returns; the analyzer starts by itself when there is something to analyze. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Happens Before", { log: true });
  const analyzer = new Analyzer(context.asAbsolutePath("dist/server.cjs"), output);
  const timeline = new Timeline(context.extensionUri, analyzer, output);
  const { extensionUri, globalStorageUri, extension } = context;
  const { version } = extension.packageJSON as { readonly version: string };
  const samples = new SampleFolder(extensionUri, globalStorageUri, version);
  const lab = new Lab(extensionUri, samples, output);
  context.subscriptions.push(
    output,
    analyzer,
    timeline,
    lab,
    registerCrawler(lab, samples, analyzer),
    registerLessons(new Lessons(samples, context.globalState), analyzer, output),
    new StatusItem(analyzer),
    registerShowInterleavings(timeline),
    registerPanelCommands(timeline),
    registerExplorationCommands(analyzer),
    registerExplain(analyzer, output),
    registerExport({ timeline, analyzer, output, dist: context.asAbsolutePath("dist") }),
    vscode.commands.registerCommand("happensBefore.showOutput", () => {
      output.show();
    }),
    vscode.commands.registerCommand("happensBefore.restart", async () => analyzer.restart()),
  );
  analyzer.startWhenNeeded();
}
