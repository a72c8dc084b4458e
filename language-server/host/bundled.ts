// What the product brings along besides its code. A package has it compressed, as a third of what it would weigh otherwise;
// where it was built it lies there as it is.

import { existsSync, readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";

/** A file that is brought along, whichever way. @throws when it is not there */
export function readBundled(file: string): Buffer {
  return existsSync(file) ? readFileSync(file) : brotliDecompressSync(readFileSync(`${file}.br`));
}
