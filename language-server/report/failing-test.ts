import type { Witness } from "../../protocol/witness.js";
import { digest } from "../base/digest.js";
import type { ExportedTest, ExportProblem } from "./exported-test.js";
import { goTest } from "./go-test/go-test.js";
import { tsTest } from "./ts-test/ts-test.js";

/** The first file of a witness that is not what it was when the schedule was found; null: none. `textOf`: null where there is no such file. */
export function editedSince(
  { sources }: Pick<Witness, "sources">,
  textOf: (uri: string) => string | null,
): string | null {
  const edited = sources.find(({ uri, digest: known }) => {
    const text = textOf(uri);
    return text === null || digest(text) !== known;
  });
  return edited?.uri ?? null;
}

/** A failing schedule as a test of its language. `textOf`: its files, which nobody has edited since. */
export function failingTest(
  witness: Witness,
  textOf: (uri: string) => string | null,
): ExportedTest | ExportProblem {
  if (isSnippet(witness)) {
    return {
      problem: "a schedule of goroutines that are written in TypeScript has no test of its own",
    };
  }
  return (witness.language === "go" ? goTest : tsTest)(witness, textOf);
}

/** TypeScript that runs by Go's rules: real tasks switch only where they await. */
function isSnippet({ language, sources }: Witness): boolean {
  return language === "go" && sources.some(({ uri }) => /\.[cm]?[jt]sx?$/.test(uri));
}
