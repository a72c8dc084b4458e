/** Whether what stands before a comment on its line leaves a string open, so that it is none. */
export function isQuoted(before: string): boolean {
  return ['"', "'", "`"].some((quote) => before.split(quote).length % 2 === 0);
}

/** The next line with more than a comment on it. */
export function nextCode(lines: readonly string[], after: number): number {
  const found = lines.findIndex((it, at) => at > after && !/^\s*(\/\/.*)?$/.test(it));
  return found < 0 ? after : found;
}
