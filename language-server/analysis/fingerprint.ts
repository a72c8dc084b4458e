import { digest } from "../base/digest.js";

/** Stable under edits elsewhere in the file: code + function + accessed path. */
export function fingerprintOf(code: string, func: string, path: string): string {
  return digest(`${code}\n${func}\n${path}`);
}
