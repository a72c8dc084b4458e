// The explorations that users asked for: what they can be told, and what they tell.

import type { ExplorationProgress } from "../../protocol/finding.js";
import type { SteerParams } from "../../protocol/lsp.js";
import { progressWords } from "../../wording/verdict.js";
import type { CancelToken } from "../base/cancel.js";
import type { Steering } from "../engine/engine.js";

/** Progress as the client shows it; it may want to cancel. */
export interface ProgressView extends CancelToken {
  report(message: string): void;
  done(): void;
}

/** Opens a view of progress; null when the client cannot show one. */
export type OpenProgress = (title: string) => Promise<ProgressView | null>;

/** What is over sooner shows no progress: a notice that blinks is noise. */
const patience = 500;

class Exploration implements Steering {
  readonly title: string;
  paused = false;
  readonly #asked: CancelToken;
  #stopped = false;
  #view: ProgressView | null = null;
  #over = false;
  #last = "";

  constructor(title: string, asked: CancelToken) {
    this.title = title;
    this.#asked = asked;
  }

  get cancelled(): boolean {
    return this.#stopped || this.#asked.cancelled || this.#view?.cancelled === true;
  }

  progress(progress: ExplorationProgress): void {
    this.#last = progressWords(progress);
    this.#tell();
  }

  steer(action: SteerParams["action"]): void {
    if (action === "cancel") this.#stopped = true;
    else this.paused = action === "pause";
    this.#tell();
  }

  async show(open: OpenProgress): Promise<void> {
    const view = await open(this.title);
    if (this.#over) view?.done();
    else this.#view = view;
    this.#tell();
  }

  end(): void {
    this.#over = true;
    this.#view?.done();
    this.#view = null;
  }

  #tell(): void {
    const words = this.paused ? ["paused", this.#last] : [this.#last];
    this.#view?.report(words.filter((it) => it !== "").join(": "));
  }
}

export class Explorations {
  readonly #open: OpenProgress;
  readonly #running = new Set<Exploration>();

  constructor(open: OpenProgress) {
    this.#open = open;
  }

  /** Runs an exploration that can be watched, paused and cancelled. */
  async run<R>(
    title: string,
    cancel: CancelToken,
    exploring: (steering: Steering) => Promise<R>,
  ): Promise<R> {
    const exploration = new Exploration(title, cancel);
    this.#running.add(exploration);
    const timer = setTimeout(() => {
      exploration.show(this.#open).catch(() => undefined); // The client refused: there is nowhere to show it.
    }, patience);
    try {
      return await exploring(exploration);
    } finally {
      clearTimeout(timer);
      exploration.end();
      this.#running.delete(exploration);
    }
  }

  /** How many explorations heard it. */
  steer(action: SteerParams["action"]): number {
    for (const it of this.#running) it.steer(action);
    return this.#running.size;
  }
}
