import { describe, expect, it } from "vitest";
import { distinctName } from "../../../wording/place.js";

describe("a file among others", () => {
  const store = "file:///app/store/main.go";
  const cmd = "file:///app/cmd/main.go";
  const other = "file:///app/cmd/run%20it.go";

  it.each([
    [store, [store, other], "main.go"],
    [store, [store, cmd, other], "store/main.go"],
    [other, [store, other], "run it.go"],
    ["file:///store/main.go", ["file:///store/main.go", store], "/store/main.go"],
    ["main.go", ["main.go"], "main.go"],
  ])("%s among %j is %s", (uri, among, name) => {
    expect(distinctName(uri, among)).toBe(name);
  });
});
