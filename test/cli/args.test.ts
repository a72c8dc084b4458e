import { describe, expect, it } from "vitest";
import { formatOf, formats } from "../../export/formats.js";
import { defaults, parseArgs } from "../../language-server/cli/args.js";

describe("the command line", () => {
  it("reads commands and options in any order", () => {
    expect(parseArgs(["check", "a", "--format=json", "b/...", "--executions", "7"])).toEqual({
      kind: "check",
      paths: ["a", "b/..."],
      options: { ...defaults, format: "json", executions: 7 },
    });
    expect(parseArgs(["explore", "--entry", "main", "p", "--time", "50", "--depth=9"])).toEqual({
      kind: "explore",
      path: "p",
      entry: "main",
      options: { ...defaults, millis: 50, depth: 9 },
    });
    expect(parseArgs(["--no-explore", "check", "."])).toEqual({
      kind: "check",
      paths: ["."],
      options: { ...defaults, explore: false },
    });
    expect(parseArgs(["check", ".", "--previous", "r.json"])).toMatchObject({
      options: { previous: "r.json" },
    });
    expect(parseArgs(["replay", "w.json"])).toEqual({
      kind: "replay",
      file: "w.json",
      options: defaults,
    });
    expect(
      parseArgs(["export", "a.go:7", "--format", "svg", "-o", "a.svg", "--schedule=2"]),
    ).toEqual({
      kind: "export",
      target: "a.go:7",
      entry: undefined,
      format: formatOf("svg"),
      out: "a.svg",
      schedule: 2,
      options: defaults,
    });
    expect(parseArgs(["export", "p", "--entry", "main", "--time", "9"])).toMatchObject({
      entry: "main",
      format: { id: "text" },
      out: null,
      schedule: 1,
      options: { millis: 9 },
    });
    expect(parseArgs(["show", "t.json"])).toEqual({ kind: "show", file: "t.json" });
    expect(parseArgs(["demo", "-h"])).toEqual({ kind: "help" });
    expect(parseArgs(["--version"])).toEqual({ kind: "version" });
  });

  const mistakes: readonly (readonly [readonly string[], string])[] = [
    [[], "a command is missing"],
    [["look"], "no command is called look"],
    [["check"], "check wants at least one PATH"],
    [["check", ".", "--fast"], "no option is called --fast"],
    [["check", ".", "--format", "xml"], "--format is text, json or mermaid"],
    [["check", ".", "--executions", "0"], "--executions wants a whole number above 0"],
    [["check", ".", "--time"], "--time wants a whole number above 0"],
    [["check", ".", "--entry", "main"], "--entry goes with explore and export"],
    [["check", ".", "-o", "x"], "--out goes with export"],
    [["explore", ".", "--entry", "main", "--schedule", "1"], "--schedule goes with export"],
    [["export"], "export wants one FILE:LINE, PATH or TRACE.json"],
    [["export", "a.go:1", "b.go:2"], "export wants one FILE:LINE, PATH or TRACE.json"],
    [["export", "a.go:1", "-o"], "-o wants a file"],
    [["export", "a.go:1", "--format"], "--format wants a name"],
    [["export", "a.go:1", "--schedule", "0"], "--schedule wants a whole number above 0"],
    [["export", "a.go:1", "--previous", "r.json"], "--previous goes with check"],
    [
      ["export", "a.go:1", "--format", "png"],
      `--format of export is one of ${formats.map((it) => it.id).join(", ")}`,
    ],
    [["show"], "show wants one TRACE.json"],
    [["check", ".", "--previous"], "--previous wants a JSON report"],
    [["replay", "w.json", "--previous", "r.json"], "--previous goes with check"],
    [
      ["check", ".", "--previous=r.json", "--no-explore"],
      "--previous and --no-explore do not go together",
    ],
    [["explore", ".", "--entry", "main", "--rule", "panic=off"], "--rule goes with check"],
    [["replay", "w.json", "--baseline", "b.json"], "--baseline goes with check"],
    [["replay", "w.json", "--write-baseline", "b.json"], "--write-baseline goes with check"],
    [["check", ".", "--rule"], "--rule wants CODE=LEVEL"],
    [["check", ".", "--baseline"], "--baseline wants a file"],
    [["check", ".", "--write-baseline"], "--write-baseline wants a file"],
    [["explain"], "explain wants one FILE, or - for standard input"],
    [["explore", "."], "explore wants --entry NAME"],
    [["explore", ".", "--entry"], "--entry wants a name"],
    [["replay"], "replay wants one WITNESS.json"],
    [["reproduce"], "reproduce wants one REPORT.json"],
    [["reproduce", "a.json", "b.json"], "reproduce wants one REPORT.json"],
  ];
  for (const [args, problem] of mistakes) {
    it(`says what is wrong with "${args.join(" ")}"`, () => {
      expect(parseArgs(args)).toEqual({ kind: "usage", problem });
    });
  }
});
