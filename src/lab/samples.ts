import { cp, readFile, rm } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { FormName } from "../../protocol/crawl.js";
import { type ExploreParams, schedulerCommand, showCommand } from "../../protocol/lsp.js";
import { entryLine, type Sample, sampleOf, sourceOf } from "./sample-list.js";

/** The samples that come with the extension, and the copies of them that the user may edit. */
export class SampleFolder {
  readonly #shipped: string;
  readonly #copies: string;

  /** @param storage a folder of ours that outlives the session */
  constructor(extension: vscode.Uri, storage: vscode.Uri, version: string) {
    this.#shipped = extension.fsPath;
    this.#copies = path.join(storage.fsPath, `samples-${version}`);
  }

  /** The copy of a sample, as the user left it. */
  async copyOf(file: string): Promise<string> {
    // The TypeScript samples import the library beside them.
    for (const folder of ["samples", "library"]) {
      const [from, to] = [path.join(this.#shipped, folder), path.join(this.#copies, folder)];
      await cp(from, to, { recursive: true, force: false });
    }
    return path.join(this.#copies, "samples", file);
  }

  /** A sample as it comes with the extension. */
  original(file: string): string {
    return path.join(this.#shipped, "samples", file);
  }

  async isEdited(file: string): Promise<boolean> {
    const [shipped, copy] = await Promise.all(
      [this.original(file), path.join(this.#copies, "samples", file)].map(async (it) =>
        readFile(it, "utf8").catch(() => null),
      ),
    );
    return copy !== null && copy !== shipped;
  }

  /** The next copy is the original again. */
  async startOver(file: string): Promise<void> {
    await rm(path.join(this.#copies, "samples", file), { force: true });
  }
}

/** Opens the sample of a form, in the language of the lab. */
export async function openSample(samples: SampleFolder, form: FormName): Promise<void> {
  await open(samples, sourceOf(form));
}

/** Opens the sample of a form and searches its orders. */
export async function exploreSample(samples: SampleFolder, form: FormName): Promise<void> {
  await explore(samples, sampleOf(form), false);
}

/** Opens a sample and shows beside it how it can go, or lets the user pick who runs next. */
export async function explore(
  samples: SampleFolder,
  { file, end }: Sample,
  asScheduler: boolean,
): Promise<void> {
  const { document, selection } = await open(samples, file);
  const { line, character } = selection.active;
  const params: ExploreParams = {
    uri: document.uri.toString(),
    position: { line, character },
    ...(end === undefined ? {} : { first: end }),
  };
  await vscode.commands.executeCommand(asScheduler ? schedulerCommand : showCommand, params);
}

async function open(samples: SampleFolder, file: string): Promise<vscode.TextEditor> {
  return showCopy(samples, file, entryLine);
}

/** Shows the copy of a sample, with the cursor on a line of its text that is counted from 0. */
export async function showCopy(
  samples: SampleFolder,
  file: string,
  lineIn: (text: string) => number,
): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(await samples.copyOf(file));
  const line = lineIn(document.getText());
  const entry = new vscode.Range(line, 0, line, 0);
  return vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
    selection: entry,
  });
}
