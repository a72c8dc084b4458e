import type { CheckResult } from "../../protocol/finding.js";
import type { CancelToken } from "../base/cancel.js";
import { CancelledError } from "../base/cancel.js";
import { describeError, type Log } from "./guard.js";

// When to look at a unit: analysis after a pause in typing, exploring when the user rests longer.
// One run at a time per unit; an edit cancels it, and the next one starts when it has let go.

export interface RunnerHooks {
  check(explore: boolean, cancel: CancelToken): Promise<CheckResult>;
  done(explore: boolean, result: CheckResult): void;
  /** The run gave nothing though nobody cancelled it. */
  failed(): void;
  busy(busy: boolean): void;
  readonly log: Log;
}

/** How long after analysis an edited unit rests before it is explored, in milliseconds. */
const restBeforeExploring = 700;

type Phase = "analysis" | "exploring";

export class Runner {
  readonly #hooks: RunnerHooks;
  #timer: NodeJS.Timeout | undefined;
  #running: { cancelled: boolean } | null = null;
  /** What to do when the run under way has let go. */
  #next: { readonly phase: Phase; readonly rest: number } | null = null;
  #disposed = false;

  constructor(hooks: RunnerHooks) {
    this.#hooks = hooks;
  }

  /** Look again: `delay` ms from here, and explore `rest` ms after that. */
  request(delay: number, rest = restBeforeExploring): void {
    this.cancel();
    if (this.#disposed) return;
    this.#timer = setTimeout(() => {
      this.#start("analysis", rest);
    }, delay);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#next = null;
    if (this.#running !== null) this.#running.cancelled = true;
  }

  dispose(): void {
    this.#disposed = true;
    this.cancel();
  }

  #start(phase: Phase, rest: number): void {
    if (this.#running !== null) {
      this.#next = { phase, rest };
      return;
    }
    const token = { cancelled: false };
    this.#running = token;
    void this.#run(phase, token).then((ok) => {
      this.#running = null;
      if (this.#disposed) return;
      const next = this.#next;
      this.#next = null;
      if (next !== null) {
        this.#start(next.phase, next.rest);
      } else if (ok && phase === "analysis") {
        this.#timer = setTimeout(() => {
          this.#start("exploring", 0);
        }, rest);
      }
    });
  }

  /** Whether the run gave a result that is still wanted. */
  async #run(phase: Phase, token: CancelToken): Promise<boolean> {
    const explore = phase === "exploring";
    this.#hooks.busy(true);
    try {
      const result = await this.#hooks.check(explore, token);
      if (token.cancelled) return false;
      this.#hooks.done(explore, result);
      return true;
    } catch (error) {
      if (!(error instanceof CancelledError) && !token.cancelled) {
        this.#hooks.log(`check failed, the last result stays: ${describeError(error)}`);
        this.#hooks.failed();
      }
      return false;
    } finally {
      this.#hooks.busy(false);
    }
  }
}
