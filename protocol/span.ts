/** A position as LSP has it: zero-based line, zero-based UTF-16 column. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open range in one file. `uri` is a `file:` URI, never a path. */
export interface Span {
  readonly uri: string;
  readonly start: Position;
  readonly end: Position;
}
