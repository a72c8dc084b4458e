// The links of a page, read while its bytes arrive: nothing of the page is kept but the links.

import { Parser } from "htmlparser2";
import { normalise } from "./urls.js";

const linking: Readonly<Record<string, string>> = {
  a: "href",
  area: "href",
  iframe: "src",
  frame: "src",
};

export class LinkReader {
  readonly #links = new Set<string>();
  readonly #decoder = new TextDecoder();
  readonly #parser: Parser;
  readonly #most: number;
  #base: string;

  /** @param most links to keep; what comes after is left out */
  constructor(page: string, most: number) {
    this.#base = page;
    this.#most = most;
    this.#parser = new Parser({
      onopentag: (name, attributes) => {
        this.#open(name, attributes);
      },
    });
  }

  /** Bytes that are no UTF-8 become replacement characters; the page goes on. */
  read(bytes: Uint8Array): void {
    this.#parser.write(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Whether there are as many links as are kept, so that reading on would bring no more. */
  get isFull(): boolean {
    return this.#links.size >= this.#most;
  }

  end(): readonly string[] {
    this.#parser.end(this.#decoder.decode());
    return [...this.#links];
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    const attribute = name === "base" ? "href" : linking[name];
    const href = attribute === undefined ? undefined : attributes[attribute];
    if (href === undefined) return;
    const url = normalise(href, this.#base);
    if (url === null) return;
    if (name === "base") this.#base = url;
    else if (!this.isFull) this.#links.add(url);
  }
}
