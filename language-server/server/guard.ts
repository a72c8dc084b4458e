import type { CancelToken } from "../base/cancel.js";
import { CancelledError } from "../base/cancel.js";

export type Log = (message: string) => void;

/** What a bug report needs of an error: its stack if there is one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What the LSP library hands to a handler. */
interface LspToken {
  readonly isCancellationRequested: boolean;
}

/** Our token, backed by the client's. */
export function cancelOf(token: LspToken): CancelToken {
  return {
    get cancelled(): boolean {
      return token.isCancellationRequested;
    },
  };
}

/**
 * Wraps a request handler. A bug in one request, or parameters that are not what the protocol says,
 * are logged and answered with `fallback`; they never take down the process.
 */
export function guard<P, R>(
  name: string,
  fallback: R,
  log: Log,
  handler: (params: P, cancel: CancelToken) => R | Promise<R>,
): (params: P, token: LspToken) => Promise<R> {
  return async (params, token) => {
    try {
      return await handler(params, cancelOf(token));
    } catch (error) {
      if (!(error instanceof CancelledError)) log(`${name}: ${describeError(error)}`);
      return fallback;
    }
  };
}

/** The same for a notification, which has no answer. */
export function guardNotification<P>(
  name: string,
  log: Log,
  handler: (params: P) => void,
): (params: P) => void {
  return (params) => {
    try {
      handler(params);
    } catch (error) {
      log(`${name}: ${describeError(error)}`);
    }
  };
}
