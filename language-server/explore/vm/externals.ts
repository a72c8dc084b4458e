// Functions without bodies that the VM knows: what the library leaves to assembly, the linker or the run-time.

import type { Native } from "./image.js";
import { byteNatives } from "./externals-bytes.js";
import { printNatives } from "./externals-print.js";
import { mathNatives } from "./externals-math.js";
import { reflectNatives } from "./externals-reflect.js";
import { runtimeNatives } from "./externals-runtime.js";

export const goNatives: ReadonlyMap<string, Native> = new Map<string, Native>([
  ...byteNatives,
  ...printNatives,
  ...mathNatives,
  ...reflectNatives,
  ...runtimeNatives,
]);
