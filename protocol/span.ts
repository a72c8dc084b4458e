/** A position as LSP has it: zero-based line, zero-based UTF-16 column. */
export interface Position {
  /** @minimum 0 */
  readonly line: number;
  /** @minimum 0 */
  readonly character: number;
}

/** A half-open range in one file. `uri` is a `file:` URI, never a path. */
export interface Span {
  readonly uri: string;
  readonly start: Position;
  readonly end: Position;
}
