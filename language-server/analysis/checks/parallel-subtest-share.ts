import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const parallelSubtestShare: Check = {
  code: "parallel-subtest-share",
  language: "go",
  doc: {
    title: "parallel subtests share a variable",
    text: `A subtest that calls \`t.Parallel\` stops there, and goes on beside its siblings when the function around it has ended.
Variables of that function, package variables and fixtures are then used by several tests at once.
Give each subtest a copy of its own, or leave out \`t.Parallel\`.`,
    bad: `package store

import "testing"

func TestNames(t *testing.T) {
	var longest string
	for _, name := range []string{"a", "bb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			longest = name
		})
	}
}
`,
    good: `package store

import "testing"

func TestNames(t *testing.T) {
	for _, name := range []string{"a", "bb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			longest := name
			_ = longest
		})
	}
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "parallel-subtest-share");
  },
};
