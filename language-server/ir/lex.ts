/** A token of the IR's text form: a word, a number, a quoted string or one punctuation mark. */
export interface Token {
  readonly kind: "word" | "number" | "string" | "mark" | "end";
  readonly text: string;
  readonly line: number;
}

/** The text is not IR. Its message names the line. */
export class IrSyntaxError extends Error {
  override readonly name = "IrSyntaxError";
}

const token =
  /\s+|#[^\n]*|("(?:[^"\\]|\\.)*")|(?!NaN\b)([A-Za-z_$][\w$./-]*)|(-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Infinity)|NaN)|(.)/gsy;

/** Splits text into tokens and reads them one by one. Comments run from `#` to the end of the line. */
export class Lexer {
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string | Lexer) {
    if (typeof text !== "string") {
      this.#tokens = text.#tokens;
      this.#at = text.#at;
      return;
    }
    this.#tokens = [];
    let line = 1;
    for (const match of text.matchAll(token)) {
      const [all, quoted, name, digits, mark] = match;
      if (quoted !== undefined) this.#push("string", JSON.parse(quoted) as string, line);
      else if (name !== undefined) this.#push("word", name, line);
      else if (digits !== undefined) this.#push("number", digits, line);
      else if (mark !== undefined) this.#push("mark", mark, line);
      line += all.split("\n").length - 1;
    }
    this.#push("end", "", line);
  }

  #push(kind: Token["kind"], text: string, line: number): void {
    this.#tokens.push({ kind, text, line });
  }

  peek(ahead = 0): Token {
    const index = Math.min(this.#at + ahead, this.#tokens.length - 1);
    return this.#tokens[index] ?? { kind: "end", text: "", line: 0 };
  }

  /** A second reader from here on, which leaves this one where it is. */
  fork(): Lexer {
    return new Lexer(this);
  }

  /** Whether the next token is the first of its line. */
  startsLine(): boolean {
    const before = this.#tokens[this.#at - 1];
    return before === undefined || before.line < this.peek().line;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Whether the next token is this mark or bare word; takes it if so. */
  take(text: string): boolean {
    const { kind, text: found } = this.peek();
    if ((kind !== "mark" && kind !== "word") || found !== text) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${text}`);
  }

  /** A bare word or a quoted string. */
  name(): string {
    const { kind, text } = this.next();
    if (kind !== "word" && kind !== "string") this.fail("expected a name");
    return text;
  }

  number(): number {
    const { kind, text } = this.next();
    if (kind !== "number") this.fail("expected a number");
    return Number(text);
  }

  fail(message: string): never {
    const { line, text } = this.peek();
    throw new IrSyntaxError(`line ${line}: ${message}, near "${text}"`);
  }
}
