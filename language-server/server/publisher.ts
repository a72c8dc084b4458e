import type { Diagnostic } from "vscode-languageserver/node";

/**
 * Joins what units say about a file and sends it on when it differs from what was sent last:
 * the client redraws on every message, and a redraw without a change is a flicker.
 */
export class Publisher {
  readonly #send: (uri: string, diagnostics: Diagnostic[]) => void;
  /** Per file, what each unit says. */
  readonly #said = new Map<string, Map<string, readonly Diagnostic[]>>();
  readonly #sent = new Map<string, string>();

  constructor(send: (uri: string, diagnostics: Diagnostic[]) => void) {
    this.#send = send;
  }

  /** Everything the unit has to say; files it said something about before and no longer names are cleared. */
  publish(unit: string, byUri: ReadonlyMap<string, readonly Diagnostic[]>): void {
    const touched = new Set(byUri.keys());
    for (const [uri, units] of this.#said) {
      if (units.delete(unit)) touched.add(uri);
    }
    for (const [uri, diagnostics] of byUri) {
      let units = this.#said.get(uri);
      if (units === undefined)
        this.#said.set(uri, (units = new Map<string, readonly Diagnostic[]>()));
      units.set(unit, diagnostics);
    }
    for (const uri of touched) this.#flush(uri);
  }

  #flush(uri: string): void {
    const units = this.#said.get(uri) ?? new Map<string, readonly Diagnostic[]>();
    const distinct = new Map<string, Diagnostic>();
    for (const unit of [...units.keys()].sort()) {
      for (const it of units.get(unit) ?? []) distinct.set(JSON.stringify(it), it);
    }
    const joined = [...distinct.values()];
    const text = JSON.stringify(joined);
    if (text === (this.#sent.get(uri) ?? "[]")) return;
    if (joined.length === 0) {
      this.#sent.delete(uri);
      this.#said.delete(uri);
    } else {
      this.#sent.set(uri, text);
    }
    this.#send(uri, joined);
  }
}
