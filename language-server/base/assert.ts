/** A broken invariant of ours, never a user's mistake. */
export class BugError extends Error {
  override readonly name = "BugError";
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** The `default` of a `switch` that covers every tag; fails to compile when one is missing. */
export function unreachable(value: never): never {
  throw new BugError(`unreachable: ${JSON.stringify(value)}`);
}

/** `value`, which the surrounding invariant says is present. */
export function present<T>(value: T | undefined | null, what: string): T {
  return value ?? missing(what);
}

/** As `present` for what is asked for so often that making its name each time would show. */
export function missing(what: string): never {
  throw new BugError(`missing ${what}`);
}
