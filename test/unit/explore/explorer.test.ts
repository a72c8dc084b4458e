import { describe, expect, it } from "vitest";
import { explored, kinds, lostUpdate, outcomes } from "./programs.js";

describe("exploring", () => {
  it("finds the lost update", () => {
    const result = explored(lostUpdate);
    console.log(JSON.stringify(result, null, 1));
    expect(kinds(result)).toEqual(["race"]);
    expect(outcomes(result)).toBe("");
  });
});
