import type { Blocked } from "../protocol/witness.js";

/** What somebody does in a livelock: most go round, but others may only wait beside them. */
export function doesInLivelock({ reason }: Blocked): string {
  return reason.endsWith("asking again and again") ? "goes round" : "waits";
}
