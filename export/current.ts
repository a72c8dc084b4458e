import { digest } from "../language-server/base/digest.js";
import type { Witness } from "../protocol/witness.js";
import type { SourceText } from "./format.js";

/** The files of a witness that still are what they were when it was found. `textOf`: null where there is no such file. */
export function currentSources(
  { sources }: Pick<Witness, "sources">,
  textOf: (uri: string) => string | null,
): readonly SourceText[] {
  return sources.flatMap(({ uri, digest: found }) => {
    const text = textOf(uri);
    return text !== null && digest(text) === found ? [{ uri, text }] : [];
  });
}
