import type { Drawing, Painted, ToWebview } from "../../protocol/webview.js";

/** Pictures in pixels, which only a page can paint: asked for one at a time. */
export class Painter {
  readonly #send: (message: ToWebview) => void;
  #waiting: ((painted: Painted) => void) | null = null;

  constructor(send: (message: ToWebview) => void) {
    this.#send = send;
  }

  async paint({ svg, width, height }: Drawing): Promise<Painted> {
    this.answered({ problem: "Another picture was asked for." });
    return new Promise((done) => {
      this.#waiting = done;
      this.#send({ type: "paint", svg, width, height });
    });
  }

  answered(painted: Painted): void {
    this.#waiting?.(painted);
    this.#waiting = null;
  }
}
