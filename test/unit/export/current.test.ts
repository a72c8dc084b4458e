import { expect, it } from "vitest";
import { currentSources } from "../../../export/current.js";
import { digest } from "../../../language-server/base/digest.js";

it("takes the files that are as they were, and no others", () => {
  const sources = ["same", "edited", "gone"].map((it) => ({
    uri: `file:///${it}.go`,
    digest: digest(`package ${it}\n`),
  }));
  const texts: Readonly<Record<string, string>> = {
    "file:///same.go": "package same\n",
    "file:///edited.go": "package edited // now\n",
  };
  expect(currentSources({ sources }, (uri) => texts[uri] ?? null)).toEqual([
    { uri: "file:///same.go", text: "package same\n" },
  ]);
});
