import * as vscode from "vscode";
import { playRequest } from "../../protocol/lsp.js";
import type { PlayAnswer, PlayParams } from "../../protocol/play.js";
import type { FromWebview, ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import type { Analyzer } from "../client.js";

type Ask = Extract<FromWebview, { type: "ask" }>;

/**
 * The questions of somebody who is the scheduler: a later one about the same makes an earlier one void. What has
 * happened by then is handed out, so that the editor can show it.
 */
export class Play implements vscode.Disposable {
  readonly #analyzer: Analyzer;
  readonly #output: vscode.LogOutputChannel;
  readonly #send: (message: ToWebview) => void;
  readonly #played: (witness: Witness) => void;
  readonly #running = new Map<string, vscode.CancellationTokenSource>();

  constructor(
    analyzer: Analyzer,
    output: vscode.LogOutputChannel,
    send: (message: ToWebview) => void,
    played: (witness: Witness) => void,
  ) {
    this.#analyzer = analyzer;
    this.#output = output;
    this.#send = send;
    this.#played = played;
  }

  /** `uri`: a document of the unit that the choices are about. */
  async ask(uri: string, { id, about, schedule, ask }: Ask): Promise<void> {
    this.#running.get(about)?.cancel();
    const cancel = new vscode.CancellationTokenSource();
    this.#running.set(about, cancel);
    const answer = await this.#answer({ uri, schedule, ask }, cancel.token);
    if (cancel.token.isCancellationRequested) return;
    this.#running.delete(about);
    this.#send({ type: "played", id, answer });
    if (answer.kind === "state") this.#played(answer.state.witness);
  }

  dispose(): void {
    this.stop();
  }

  /** Nobody is the scheduler any more. */
  stop(): void {
    for (const it of this.#running.values()) it.cancel();
    this.#running.clear();
  }

  async #answer(params: PlayParams, cancel: vscode.CancellationToken): Promise<PlayAnswer> {
    try {
      return await this.#analyzer.send(playRequest, params, cancel);
    } catch (error) {
      if (!cancel.isCancellationRequested) this.#output.error(`play: ${String(error)}`);
      return { kind: "problem", message: "The analyzer did not answer; see the output channel." };
    }
  }
}
