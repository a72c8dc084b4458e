import { digest } from "../base/digest.js";

/** Stable under edits elsewhere in the file: code, function and accessed path, hashed. */
export function fingerprintOf(code: string, func: string, path: string): string {
  return digest([code, func, path].join("\n"));
}
