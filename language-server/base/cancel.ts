/** Polled in every loop that can be long. */
export interface CancelToken {
  readonly cancelled: boolean;
}

export const neverCancelled: CancelToken = { cancelled: false };

/** What a long loop throws to itself when its token is cancelled; caught by whoever made the token. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
}

export function throwIfCancelled(cancel: CancelToken): void {
  if (cancel.cancelled) throw new CancelledError("cancelled");
}
