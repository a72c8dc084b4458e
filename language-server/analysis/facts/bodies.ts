import type { Func } from "../../ir/ir.js";

/** Library packages whose bodies are followed: they order or start goroutines. */
const followed = /^(sync|sync\/atomic|internal\/sync|testing|golang\.org\/x\/sync(\/.*)?)$/;

/** Whether calls to it are followed into its body. */
export function hasBody(func: Func): boolean {
  return func.blocks.length > 0 && (!func.library || followed.test(func.pkg));
}

const runsTests =
  /^testing\.run|\.(Run|run|end|RunParallel|runCleanups?|Logf?|Errorf?|Fail|log|fail)(\$\d+)?$/;

/**
 * Whether what goroutines know can change in it. Of package testing that is what runs tests; the rest, called from
 * everywhere, guards what it shares itself.
 */
export function ordersTests(func: Func): boolean {
  return func.pkg !== "testing" || runsTests.test(func.name);
}
