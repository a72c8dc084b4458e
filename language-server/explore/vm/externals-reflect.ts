import type { Native } from "./image.js";

/** The bottom of package reflect. */
export const reflectNatives: readonly (readonly [string, Native])[] = [];
