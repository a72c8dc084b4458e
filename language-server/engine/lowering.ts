import type { CancelToken } from "../base/cancel.js";
import { lowerGo } from "../frontend/go/frontend.js";
import type { Lowered } from "../frontend/frontend.js";
import { lowerTs } from "../frontend/ts/frontend.js";
import type { Host, Unit } from "./engine.js";

/** How many units' programs are kept. */
const kept = 8;

/** Unit → IR, kept while nothing it was made from changes. */
export class Lowering {
  readonly #host: Host;
  /** By the text the front end worked on; in the order of last use. */
  readonly #programs = new Map<string, Lowered>();

  constructor(host: Host) {
    this.#host = host;
  }

  lower(unit: Unit, cancel: CancelToken): Promise<Lowered> {
    return unit.language === "go" ? this.#lowerGo(unit, cancel) : this.#lowerTs(unit, cancel);
  }

  async #lowerGo(unit: Unit, cancel: CancelToken): Promise<Lowered> {
    const { images, missing, timers } = await this.#host.goImages(unit, cancel);
    const key = [unit.uri, timers, ...missing, ...images].join("\0");
    return this.#keep(key, () => {
      const lowered = lowerGo(images, (path) => this.#host.stdImage(path), cancel, timers);
      const gaps = missing.map((it) => ({
        span: { uri: unit.uri, start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        reason: `package ${it} is not there`,
      }));
      return { ...lowered, gaps: [...lowered.gaps, ...gaps] };
    });
  }

  async #lowerTs(unit: Unit, cancel: CancelToken): Promise<Lowered> {
    const compiler = await this.#host.typescript();
    const readFile = (uri: string): string | null =>
      unit.overlays.find((it) => it.uri === uri)?.text ?? this.#host.readFile(uri);
    return lowerTs({ uri: unit.uri, readFile }, compiler, cancel);
  }

  #keep(key: string, make: () => Lowered): Lowered {
    const lowered = this.#programs.get(key) ?? make();
    this.#programs.delete(key);
    this.#programs.set(key, lowered);
    for (const oldest of this.#programs.keys()) {
      if (this.#programs.size <= kept) break;
      this.#programs.delete(oldest);
    }
    return lowered;
  }
}
