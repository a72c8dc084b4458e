import { expect, it } from "vitest";
import { waitForDocument } from "../../../export/wait-for.js";

it("says so where nobody is stuck", () => {
  expect(waitForDocument([])).toBe("No schedule was found in which somebody is stuck.\n");
});
