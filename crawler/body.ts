import type { Dispatcher } from "undici";

export type Body = Dispatcher.ResponseData["body"];

/** Reads no more of it and closes its connection. */
export function discard(body: Body): void {
  // Undici calls it an error when a body is not read to its end.
  body.on("error", () => undefined);
  body.destroy();
}
