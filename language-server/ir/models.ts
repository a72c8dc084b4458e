import type { Func } from "./ir.js";

/** Where the sources are kept that stand in for what others wrote. */
export const modelFolder = "/happens-before-models/";

/** A function that nobody in the user's program wrote: what it does is told at the call that leads into it. */
export function isModel({ pkg }: Pick<Func, "pkg">): boolean {
  return pkg.startsWith(`file://${modelFolder}`);
}
