/** Of a check that proposes nothing: what the machine shows of threads is given its name by `engine/agent-codes.ts`. */
export function shownByRunning(): void {
  return undefined;
}
