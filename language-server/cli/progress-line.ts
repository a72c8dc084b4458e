import type { ExplorationProgress } from "../../protocol/finding.js";
import { progressWords } from "../../wording/verdict.js";
import type { Steering } from "../engine/engine.js";

/** The terminal, as far as a line that is written over needs it. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Who hears that the user wants to stop. */
export interface Interrupts {
  once(event: "SIGINT", listener: () => void): unknown;
  removeListener(event: "SIGINT", listener: () => void): unknown;
}

/** Of a terminal that does not say how wide it is. */
const usualColumns = 80;
const eraseLine = "\r\u001b[K";

/** One line that tells how far an exploration is, and the way to stop it with what it has. */
export class ProgressLine implements Steering {
  readonly #terminal: Terminal;
  #cancelled = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  progress(progress: ExplorationProgress): void {
    if (this.#terminal.isTTY !== true) return;
    const line = `${progress.entry}: ${progressWords(progress)}`;
    const { columns = 0 } = this.#terminal;
    const room = (columns === 0 ? usualColumns : columns) - 1;
    this.#terminal.write(`${eraseLine}${line.slice(0, room)}`);
  }

  /**
   * The first interrupt ends the exploration with what it has, a second one the program. The returned function clears
   * the line and leaves interrupts as they were.
   */
  untilInterrupted(interrupts: Interrupts): () => void {
    const stop = (): void => {
      this.#cancelled = true;
    };
    interrupts.once("SIGINT", stop);
    return () => {
      interrupts.removeListener("SIGINT", stop);
      if (this.#terminal.isTTY === true) this.#terminal.write(eraseLine);
    };
  }
}
