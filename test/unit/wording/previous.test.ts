import { describe, expect, it } from "vitest";
import { previousText } from "../../../wording/previous.js";

const none = { outcomes: [{ kind: "ok", executions: 64 }] } as const;
const other = { outcomes: [...none.outcomes, { kind: "leak", executions: 1 }] } as const;

describe("what became of a schedule", () => {
  it("claims no more than was looked at", () => {
    const fixed = { kind: "fixed", executions: 64, complete: true } as const;
    expect(previousText(fixed, none)).toBe("fixed: 0 of 64 orders fail");
    expect(previousText(fixed, other)).toBe("fixed: 0 of 64 orders fail like this");
    expect(previousText({ ...fixed, executions: 1 }, none)).toBe("fixed: 0 of 1 order fails");
    expect(previousText({ kind: "fixed", executions: 1234, complete: false }, none)).toBe(
      "fixed in the 1,234 orders looked at",
    );
  });

  it("says where it ended", () => {
    expect(previousText({ kind: "still fails", message: "x races" }, other)).toBe(
      "still fails: x races",
    );
    const problem = "`worker` no longer reaches its 2nd lock of `mu` at line 14";
    expect(previousText({ kind: "no longer applies", problem }, none)).toBe(
      `no longer applies: ${problem}`,
    );
  });
});
