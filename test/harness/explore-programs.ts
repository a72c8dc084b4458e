// The benchmark programs of the model-checking literature as the machine runs them.

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { present } from "../../language-server/base/assert.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { lowerGo } from "../../language-server/frontend/go/frontend.js";
import { GoClient } from "../../language-server/host/go-client.js";
import type { FuncId, Program } from "../../language-server/ir/ir.js";
import type { Parameters } from "../fixtures/explore/counts.js";

export interface Loaded {
  readonly program: Program;
  /** Its `main`. */
  readonly entry: FuncId;
}

/** Reads programs through one Go front end, which starts with the first of them. */
export class ExplorePrograms {
  readonly #folder: string;
  readonly #go: GoClient;

  /** `root`: the project's folder, with a build in `dist/`. */
  constructor(root: string) {
    this.#folder = path.join(root, "test", "fixtures", "explore");
    this.#go = new GoClient(path.join(root, "dist"), () => undefined);
  }

  /** `test/fixtures/explore/<name>.go` with other values for its constants; the others keep theirs. */
  async load(name: string, parameters: Parameters = {}): Promise<Loaded> {
    const file = path.join(this.#folder, `${name}.go`);
    const text = withParameters(readFileSync(file, "utf8"), parameters);
    return this.read(name, file, text);
  }

  /** The program of one file with this text; `name` says in errors which it is. */
  async read(name: string, file: string, text: string): Promise<Loaded> {
    const uri = pathToFileURL(file).href;
    const unit = { language: "go", uri, overlays: [{ uri, text }], edited: null } as const;
    const { images } = await this.#go.images(unit, neverCancelled);
    const { program, gaps } = lowerGo(images, (it) => this.#go.stdImage(it), neverCancelled);
    if (gaps.length > 0) throw new Error(`${name}: ${gaps.map((it) => it.reason).join("; ")}`);
    const main = program.entries.find((it) => it.kind === "main");
    return { program, entry: present(main, `main of ${name}`).func };
  }

  dispose(): Promise<void> {
    return this.#go.dispose();
  }
}

/** The text with `const n = 3` replaced by `const n = 5` for `{ n: 5 }`. */
export function withParameters(text: string, parameters: Parameters): string {
  return Object.entries(parameters).reduce((before, [name, value]) => {
    const line = new RegExp(`^const ${name} = .*$`, "m");
    if (!line.test(before)) throw new Error(`there is no constant ${name}`);
    return before.replace(line, `const ${name} = ${value}`);
  }, text);
}
