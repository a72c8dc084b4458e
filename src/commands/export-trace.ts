import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { Format, Material } from "../../export/format.js";
import { fileNameOf, formats } from "../../export/formats.js";
import { svgFormat, svgPicture } from "../../export/svg.js";
import { transcriptFormat } from "../../export/transcript.js";
import type { Analyzer } from "../client.js";
import { byButton, type ShownTrace, type Timeline } from "../timeline/timeline.js";
import { choose } from "./ask.js";
import { exportFailingTest, failingTestLabel } from "./failing-test.js";

/** What the ways to write a schedule down take. */
export interface ExportTools {
  readonly timeline: Timeline;
  readonly analyzer: Analyzer;
  readonly output: vscode.LogOutputChannel;
  /** Where the bundles stand. */
  readonly dist: string;
}

/** Writes the selected schedule down, in the way and to the place that the user picks. */
export function registerExport(tools: ExportTools): vscode.Disposable {
  const { timeline, dist } = tools;
  type Run = (trace: ShownTrace, by: unknown) => Promise<void>;
  const withTrace =
    (run: Run) =>
    async (by?: unknown): Promise<void> => {
      const trace = timeline.selected();
      if (trace === null) {
        void vscode.window.showInformationMessage(
          "No schedule is open: show the interleavings first.",
        );
        return;
      }
      await run(trace, by);
    };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(
      "happensBefore.exportTrace",
      withTrace(async (trace, by) => exportTrace(tools, trace, by === byButton)),
    ),
    vscode.commands.registerCommand(
      "happensBefore.openTraceAsText",
      withTrace(async (trace) => write(trace, transcriptFormat, "editor", dist)),
    ),
  );
}

interface FormatItem extends vscode.QuickPickItem {
  readonly write: () => Promise<void>;
}

async function exportTrace(tools: ExportTools, trace: ShownTrace, button: boolean): Promise<void> {
  const ways = waysOf(tools, trace);
  const options = {
    title: "Export Schedule",
    placeHolder: "What should it become?",
    matchOnDetail: true,
  };
  const picked = await (button
    ? vscode.window.showQuickPick(ways, options)
    : choose(ways, options));
  await picked?.write();
}

function waysOf(
  { timeline, analyzer, output, dist }: ExportTools,
  trace: ShownTrace,
): readonly FormatItem[] {
  const documents = formats
    .filter((it) => it.fits?.(trace.witness) !== false)
    .map((format): FormatItem => {
      const writeIt = async (): Promise<void> => {
        const target = format.pasted ? await pickTarget(format) : "file";
        if (target !== null) await write(trace, format, target, dist);
      };
      return { label: format.label, detail: format.detail, write: writeIt };
    });
  const png: FormatItem = {
    label: "PNG picture",
    detail: "pixels, in the colours of the theme, for a chat or an issue",
    write: async () => savePng(timeline, trace),
  };
  const test: FormatItem = {
    label: failingTestLabel(trace.witness),
    detail: "fails while the program does, and passes once that is fixed",
    write: async () => exportFailingTest(analyzer, output, trace.witness),
  };
  const afterSvg = documents.findIndex((it) => it.label === svgFormat.label) + 1;
  const fails = trace.witness.outcome.kind !== "ok";
  return [...(fails ? [test] : []), ...documents.toSpliced(afterSvg, 0, png)];
}

type Target = "file" | "clipboard" | "editor";

async function pickTarget(format: Format): Promise<Target | null> {
  const items: readonly (vscode.QuickPickItem & { readonly target: Target })[] = [
    { label: "$(save) Save to File…", target: "file" },
    { label: "$(copy) Copy to Clipboard", target: "clipboard" },
    { label: "$(go-to-file) Open in Editor", target: "editor" },
  ];
  const picked = await choose(items, {
    title: `Export Schedule: ${format.label}`,
    placeHolder: "Where should it go?",
  });
  return picked?.target ?? null;
}

async function write(
  trace: ShownTrace,
  format: Format,
  target: Target,
  dist: string,
): Promise<void> {
  const material: Material = { ...trace, page: pageParts(dist) };
  const written = format.write(material);
  if (written.kind === "problem") {
    void vscode.window.showWarningMessage(written.message);
    return;
  }
  switch (target) {
    case "clipboard":
      await vscode.env.clipboard.writeText(written.text);
      vscode.window.setStatusBarMessage(`${format.label} copied`, 4000);
      return;
    case "editor": {
      const language = { md: "markdown", json: "json", svg: "xml" }[format.extension];
      const document = await vscode.workspace.openTextDocument({
        content: written.text,
        language: language ?? "plaintext",
      });
      await vscode.window.showTextDocument(document);
      return;
    }
    case "file":
      await save(trace, format.label, format.extension, new TextEncoder().encode(written.text));
  }
}

async function savePng(
  timeline: Timeline,
  { witness, exploration, sources }: ShownTrace,
): Promise<void> {
  const { kind } = vscode.window.activeColorTheme;
  const isLight =
    kind === vscode.ColorThemeKind.Light || kind === vscode.ColorThemeKind.HighContrastLight;
  const painted = await timeline.paint(
    svgPicture(witness, exploration, isLight ? "light" : "dark"),
  );
  if ("problem" in painted) {
    void vscode.window.showWarningMessage(painted.problem);
    return;
  }
  await save({ witness, exploration, sources }, "PNG picture", "png", painted.png);
}

/** Asks where, beside the source to begin with, and writes it there. */
async function save(
  { witness }: ShownTrace,
  label: string,
  extension: string,
  bytes: Uint8Array,
): Promise<void> {
  const uri = await vscode.window.showSaveDialog({
    title: `Export Schedule: ${label}`,
    defaultUri: vscode.Uri.joinPath(startFolder(witness), fileNameOf(witness, extension)),
    filters: { [label]: [extension] },
  });
  if (uri === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(uri, bytes);
  } catch (error) {
    void vscode.window.showErrorMessage(`The file could not be written: ${String(error)}`);
    return;
  }
  const name = path.posix.basename(uri.path);
  const open = await vscode.window.showInformationMessage(`${name} is saved.`, "Open");
  if (open === undefined) return;
  if (extension === "html") await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand("vscode.open", uri);
}

function startFolder({ sources }: ShownTrace["witness"]): vscode.Uri {
  const [source] = sources;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (folder !== undefined) return folder;
  return source === undefined
    ? vscode.Uri.file(".")
    : vscode.Uri.joinPath(vscode.Uri.parse(source.uri), "..");
}

function pageParts(dist: string): Material["page"] {
  const read = (name: string): string => readFileSync(path.join(dist, name), "utf8");
  return {
    script: read("trace-page.js"),
    style: read("trace-page.css"),
    sha256: (text) => createHash("sha256").update(text).digest("base64"),
  };
}
