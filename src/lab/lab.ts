import * as vscode from "vscode";
import type { LabNews } from "../../protocol/crawl.js";
import {
  firstChoice,
  type FromLab,
  type LabChoice,
  labProtocol,
  type LabWork,
  type ToLab,
} from "../../protocol/lab.js";
import { pageHtml, pageRoot, setUpPanel } from "../timeline/page.js";
import { KeptNews } from "./kept.js";
import { ordersOf, problemOf } from "./orders.js";
import { exploreSample, openSample, type SampleFolder } from "./samples.js";
import { CrawlerThread } from "./thread.js";

const viewType = "happensBefore.lab";

/** The one panel of the crawler lab, and the thread that crawls for it. */
export class Lab implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #output: vscode.LogOutputChannel;
  readonly #samples: SampleFolder;
  readonly #thread: CrawlerThread;
  readonly #kept = new KeptNews();
  readonly #serializer: vscode.Disposable;
  #panel: vscode.WebviewPanel | null = null;
  #ready = false;
  #choice: LabChoice = firstChoice;
  #work: LabWork | null = null;
  /** Ends the progress in the status bar. */
  #progressOver: () => void = () => undefined;

  constructor(extension: vscode.Uri, samples: SampleFolder, output: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#samples = samples;
    this.#output = output;
    this.#thread = new CrawlerThread(
      vscode.Uri.joinPath(pageRoot(extension), "crawler.cjs").fsPath,
      {
        heard: (news) => {
          this.#heard(news);
        },
        over: (stopped) => {
          this.#over(stopped);
        },
      },
    );
    this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        this.#choice = choiceIn(state) ?? firstChoice;
        this.#adopt(panel);
      },
    });
  }

  /** Opens the panel and runs what was chosen. */
  async run(choice: LabChoice): Promise<void> {
    this.#open();
    await this.#do("run", choice);
  }

  stop(): void {
    this.#thread.stop();
  }

  dispose(): void {
    this.#panel?.dispose();
    void this.#thread.end();
    this.#serializer.dispose();
  }

  async #do(work: LabWork, choice: LabChoice): Promise<void> {
    const problem = problemOf(work, choice);
    if (problem !== null) {
      this.#send({ type: "news", news: [{ kind: "problem", text: problem }] });
      return;
    }
    await this.#thread.end();
    this.#choice = choice;
    this.#work = work;
    this.#kept.clear();
    this.#send({ type: "began", work, choice });
    setCrawling(true);
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: "Crawling" },
      async () =>
        new Promise<void>((resolve) => {
          this.#progressOver = resolve;
        }),
    );
    await this.#thread.run(ordersOf(work, choice));
  }

  #heard(news: LabNews): void {
    this.#kept.add(news);
    this.#send({ type: "news", news: [news] });
  }

  #over(stopped: boolean): void {
    this.#work = null;
    this.#progressOver();
    setCrawling(false);
    this.#send({ type: "over", stopped });
  }

  #send(message: ToLab): void {
    if (this.#panel !== null && this.#ready) void this.#panel.webview.postMessage(message);
  }

  #open(): void {
    if (this.#panel !== null) {
      this.#panel.reveal(undefined, false);
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(viewType, "Crawler Lab", vscode.ViewColumn.Active, {
        enableScripts: true,
        localResourceRoots: [pageRoot(this.#extension)],
      }),
    );
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    setUpPanel(panel, this.#extension);
    panel.webview.onDidReceiveMessage((message: FromLab) => {
      this.#received(message);
    });
    panel.onDidChangeViewState(() => {
      // A hidden page is gone; it says so when it is there again.
      if (!panel.visible) this.#ready = false;
    });
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#ready = false;
      void this.#thread.end();
    });
    panel.webview.html = pageHtml(panel.webview, this.#extension, "lab", "Crawler lab");
  }

  #received(message: FromLab): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.#resend();
        return;
      case "do":
        void this.#do(message.work, message.choice);
        return;
      case "stop":
        this.stop();
        return;
      case "sample": {
        const open = message.explore ? exploreSample : openSample;
        open(this.#samples, message.form).catch((error: unknown) => {
          this.#output.error(`the sample could not be opened: ${String(error)}`);
        });
        return;
      }
      case "failed":
        this.#output.error(`lab: ${message.message}`);
        return;
    }
  }

  /** The page is new and knows nothing. */
  #resend(): void {
    this.#send({ type: "choice", choice: this.#choice });
    if (this.#kept.all.length === 0 && this.#work === null) return;
    this.#send({ type: "began", work: this.#work ?? "run", choice: this.#choice });
    this.#send({ type: "news", news: this.#kept.all });
    if (this.#kept.dropped > 0) this.#send({ type: "gap", events: this.#kept.dropped });
    if (this.#work === null) this.#send({ type: "over", stopped: false });
  }
}

function setCrawling(value: boolean): void {
  void vscode.commands.executeCommand("setContext", "happensBefore.crawling", value);
}

/** What the page kept over a reload; null: nothing that this version understands. */
function choiceIn(state: unknown): LabChoice | null {
  if (typeof state !== "object" || state === null) return null;
  if (Reflect.get(state, "protocol") !== labProtocol) return null;
  return { ...firstChoice, ...(Reflect.get(state, "choice") as Partial<LabChoice>) };
}
