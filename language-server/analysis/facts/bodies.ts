import type { Func } from "../../ir/ir.js";

/** Library packages whose bodies are followed: they order or start goroutines. */
const followed = /^(sync|sync\/atomic|internal\/sync|testing|golang\.org\/x\/sync(\/.*)?)$/;

/** Whether calls to it are followed into its body. */
export function hasBody(func: Func): boolean {
  return func.blocks.length > 0 && (!func.library || followed.test(func.pkg));
}
