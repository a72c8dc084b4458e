import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CodeAction, CodeLens } from "vscode-languageserver/node";
import type { ExploreAnswer } from "../../protocol/lsp.js";
import type { CheckResult, ExplorationSummary } from "../../protocol/finding.js";
import type { PortableSchedule, PreviousVerdict } from "../../protocol/witness.js";
import { race } from "../unit/webview/witnesses.js";
import { type Edit, Editor, findingAt, nothing, type Run, spanAt } from "./client.js";

const file = "file:///w/pkg/main.go";
const source = ["package main", "func a() {", "  n++", "}", "func b() {", "  x()", "}"].join("\n");

const portable: PortableSchedule = {
  entry: "main.a",
  shows: { kind: "race", sites: [], about: "n" },
  visible: [],
  turns: [],
  threads: [{ name: "main", parent: null, site: null, before: 0 }],
  sites: [],
};

let editor: Editor;
beforeEach(() => {
  editor = new Editor();
});
afterEach(() => {
  editor.close();
});

/** As the real engine: `n++` races; a line with `@@` does not parse, and its function becomes a gap. */
function racy(run: Run): CheckResult {
  const text = run.text("main.go");
  const broken = text.split("\n").findIndex((it) => it.includes("@@"));
  const guarded = text.includes("mu.Lock()");
  const confirmed = run.options.explore;
  // With part of the file unread nothing starts a second thread, so the race is not seen either.
  const findings = broken >= 0 || guarded ? [] : findingAt(file, text, "n++", confirmed, "x()");
  return {
    findings,
    explorations: [],
    gaps:
      broken >= 0
        ? [{ span: spanAt(file, broken, 0, 2), reason: "syntax error: does not parse" }]
        : [],
  };
}

describe("a session", () => {
  it("publishes what analysis says at once, and what exploring confirms after it", async () => {
    editor.engine.answer = racy;
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    const of = editor.published.filter((it) => it.uri === file);
    expect(of.map((it) => it.diagnostics[0]?.severity)).toEqual([3, 1]);
    expect(editor.diagnostics(file)).toEqual([
      {
        range: { start: { line: 2, character: 2 }, end: { line: 2, character: 5 } },
        severity: 1,
        source: "happens-before",
        code: "data-race",
        codeDescription: { href: "https://example.org/docs/checks/data-race.md" },
        message: "3 of 8 schedules race on `n++`",
        relatedInformation: [
          {
            location: {
              uri: file,
              range: { start: { line: 5, character: 2 }, end: { line: 5, character: 5 } },
            },
            message: "and here",
          },
        ],
        data: { fingerprint: "race:n++" },
      },
    ]);
  });

  it("passes the unsaved text, and the line being edited, as one unit per Go folder", async () => {
    await editor.start();
    await editor.open(file, source);
    await editor.open("file:///w/pkg/other.go", "package main\n");
    await editor.open("file:///w/else/else.go", "package else\n");
    await editor.edit(file, { line: 2, from: 2, to: 5, text: "n--" });
    const onEdit = (it: Run): boolean =>
      it.unit.uri === "file:///w/pkg" && it.text("main.go").includes("n--");
    await editor.until("run on the edit", () => editor.engine.runs.some(onEdit));
    const run = editor.engine.runs.find(onEdit);
    expect(run?.unit.edited).toEqual({ uri: file, line: 2 });
    expect(run?.unit.overlays.map((it) => it.uri)).toContain("file:///w/pkg/other.go");
  });

  it("does not flicker: typing elsewhere republishes nothing but moved lines", async () => {
    editor.engine.answer = racy;
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    const before = editor.published.length;
    for (const text of ["// ", "h", "i"]) {
      await editor.edit(file, { line: 5, from: 5, to: 5, text });
    }
    const runs = editor.engine.runs.length;
    await editor.until("two more runs", () => editor.engine.runs.length >= runs + 2);
    await editor.settled();
    expect(editor.published.length).toBe(before);

    await editor.edit(file, { line: 0, from: 0, to: 0, text: "// moved down\n" });
    const again = editor.engine.runs.length;
    await editor.until("two more runs", () => editor.engine.runs.length >= again + 2);
    await editor.settled();
    const since = editor.published.slice(before).map((it) => it.diagnostics);
    expect(since.map((it) => [it.length, it[0]?.severity, it[0]?.range.start.line])).toEqual([
      [1, 1, 3],
    ]);
  });

  it("a broken line in another function neither clears nor disturbs a finding", async () => {
    editor.engine.answer = racy;
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    const before = editor.diagnostics(file);
    const count = editor.published.length;
    await editor.edit(file, { line: 4, from: 10, to: 10, text: " @@ " });
    const runs = editor.engine.runs.length;
    await editor.until("a run on it", () => editor.engine.runs.length >= runs + 2);
    await editor.settled();
    expect(editor.diagnostics(file)).toEqual(before);
    expect(editor.published.length).toBe(count);

    await editor.edit(file, { line: 4, from: 10, to: 14, text: "" });
    const fixed = editor.engine.runs.length;
    await editor.until("a run on it", () => editor.engine.runs.length >= fixed + 2);
    await editor.settled();
    expect(editor.published.length).toBe(count);
  });

  it("adding the lock clears the finding with the first analysis", async () => {
    editor.engine.answer = racy;
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    await editor.edit(file, { line: 1, from: 10, to: 10, text: "\n  mu.Lock()" });
    await editor.until("cleared", () => editor.diagnostics(file).length === 0);
    const last = editor.engine.runs[editor.engine.runs.length - 1];
    expect(last?.options.explore).toBe(false);
  });

  it("what exploring refuted does not come back with the next key", async () => {
    editor.engine.answer = (run) => (run.options.explore ? nothing : racy(run));
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    await editor.until("refuted", () => editor.diagnostics(file).length === 0);
    const count = editor.published.length;
    await editor.edit(file, { line: 6, from: 1, to: 1, text: " " });
    const runs = editor.engine.runs.length;
    await editor.until("two more runs", () => editor.engine.runs.length >= runs + 2);
    await editor.settled();
    expect(editor.published.length).toBe(count);
  });

  it("an edit cancels the run under way, and its late result is not shown", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    editor.engine.answer = async (run) => {
      if (run.text("main.go").includes("late")) return nothing;
      await held;
      return racy(run);
    };
    await editor.start();
    await editor.open(file, source);
    await editor.until("the first run", () => editor.engine.runs.length === 1);
    await editor.edit(file, { line: 2, from: 2, to: 5, text: "late" });
    await editor.until("cancelled", () => editor.engine.runs[0]?.cancel.cancelled === true);
    release();
    await editor.settled();
    expect(editor.published).toEqual([]);
  });

  it("the last result stays when a run fails, and the next one works", async () => {
    editor.engine.answer = racy;
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    const before = editor.diagnostics(file);
    editor.engine.answer = () => {
      throw new Error("a bug of ours");
    };
    await editor.edit(file, { line: 5, from: 5, to: 5, text: " " });
    await editor.until("logged", () => editor.logs.some((it) => it.includes("a bug of ours")));
    expect(editor.diagnostics(file)).toEqual(before);
    editor.engine.answer = () => nothing;
    await editor.edit(file, { line: 2, from: 2, to: 5, text: "ok()" });
    await editor.until("cleared", () => editor.diagnostics(file).length === 0);
  });

  it("clears a file's findings when it is closed", async () => {
    editor.engine.answer = racy;
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    await editor.notify("textDocument/didClose", { textDocument: { uri: file } });
    await editor.until("cleared", () => editor.diagnostics(file).length === 0);
  });

  it("opening and closing fast leaves nothing behind", async () => {
    editor.engine.answer = racy;
    await editor.start();
    for (let round = 0; round < 20; round++) {
      await editor.open(file, source);
      await editor.edit(file, { line: 2, from: 2, to: 2, text: "x" });
      await editor.notify("textDocument/didClose", { textDocument: { uri: file } });
    }
    await editor.open(file, source);
    await editor.settled();
    expect(editor.diagnostics(file)).toHaveLength(1);
  });

  it("checks a buffer that was never saved, under its own name", async () => {
    const untitled = "untitled:Untitled-1";
    editor.engine.answer = (run) => {
      const overlay = run.unit.overlays[0];
      return overlay === undefined
        ? nothing
        : { ...nothing, findings: findingAt(overlay.uri, overlay.text, "n++", true) };
    };
    await editor.start();
    await editor.open(untitled, source);
    await editor.settled();
    expect(editor.diagnostics(untitled)).toHaveLength(1);
  });

  it("reads nothing of schemes and languages it does not know", async () => {
    await editor.start();
    await editor.open("git:/w/main.go", source);
    await editor.open("file:///w/readme.md", "# n++", "markdown");
    await editor.open(file, source);
    await editor.settled();
    const uris = editor.engine.runs.flatMap((it) => it.unit.overlays.map((o) => o.uri));
    expect(new Set(uris)).toEqual(new Set([file]));
  });

  it("finds positions by UTF-16 units", async () => {
    const text = 'package main\nfunc a() { s := "😀"; n++; _ = s }\nx()';
    editor.engine.answer = racy;
    await editor.start();
    await editor.open(file, text);
    await editor.settled();
    await editor.edit(file, { line: 1, from: 19, to: 19, text: "é" });
    await editor.until("moved", () => editor.diagnostics(file)[0]?.range.start.character === 23);
    expect(editor.engine.runs[editor.engine.runs.length - 1]?.text("main.go")).toContain("😀é");
  });
});

describe("requests", () => {
  it("offers the schedule as a code action and a lens", async () => {
    const span = spanAt(file, 1, 5, 6);
    editor.engine.answer = (run) => ({
      ...racy(run),
      explorations: run.options.explore
        ? [
            {
              entry: "main.a",
              span,
              executions: 8,
              complete: true,
              limit: null,
              estimate: null,
              sampled: 0,
              depth: 2000,
              unsupported: null,
              outcomes: [
                { kind: "race", executions: 3 },
                { kind: "ok", executions: 5 },
              ],
              ends: [],
              search: { blocked: 0, conservative: 0, states: 0 },
            },
          ]
        : [],
    });
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    const lenses = await editor.request<CodeLens[]>("textDocument/codeLens", {
      textDocument: { uri: file },
    });
    expect(lenses.map((it) => [it.range.start.line, it.command?.title])).toEqual([
      [1, "⇄ 3 of 8 orders fail · Show"],
    ]);
    const diagnostics = editor.diagnostics(file);
    const actions = await editor.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: file },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
    expect(actions[0]?.command?.arguments).toEqual([
      { uri: file, position: { line: 2, character: 2 }, fingerprint: "race:n++" },
    ]);
    const start = { line: 2, character: 0 };
    expect(actions[1]?.edit?.changes?.[file]).toEqual([
      { range: { start, end: start }, newText: "  //hb:ignore data-race \n" },
    ]);
  });

  it("tries the schedules of before the edit first, and says what became of them", async () => {
    const witness = { ...race, schedule: { ...race.schedule, portable } };
    const summary: ExplorationSummary = {
      entry: "main.a",
      span: spanAt(file, 1, 5, 6),
      executions: 64,
      complete: true,
      limit: null,
      estimate: null,
      sampled: 0,
      depth: 2000,
      unsupported: null,
      outcomes: [{ kind: "ok", executions: 64 }],
      ends: [],
      search: { blocked: 0, conservative: 0, states: 0 },
    };
    editor.engine.answer = (run) => {
      if (!run.options.explore) return { ...racy(run), explorations: [] };
      const { findings } = racy(run);
      const tried = run.options.previous ?? [];
      const previous: readonly PreviousVerdict[] = tried.map(() =>
        findings.length > 0
          ? { kind: "still fails", message: "n is written twice" }
          : { kind: "fixed", executions: 64, complete: true },
      );
      const failing = { ...summary, outcomes: [{ kind: "race", executions: 64 } as const] };
      return {
        findings: findings.map((it) => ({ ...it, witness })),
        explorations: [{ ...(findings.length > 0 ? failing : summary), previous }],
        gaps: [],
      };
    };
    const lens = async (): Promise<string | undefined> => {
      const params = { textDocument: { uri: file } };
      const [first] = await editor.request<CodeLens[]>("textDocument/codeLens", params);
      return first?.command?.title;
    };
    const explored = async (edit: Edit): Promise<readonly (PortableSchedule | undefined)[]> => {
      const { length } = editor.engine.runs;
      await editor.edit(file, edit);
      const again = (): Run | undefined =>
        editor.engine.runs.slice(length).find((it) => it.options.explore);
      await editor.until("explored again", () => again() !== undefined);
      await editor.settled();
      return again()?.options.previous ?? [];
    };
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    expect(await lens()).toBe("⇄ All 64 orders fail · Show");
    expect(await explored({ line: 0, from: 0, to: 0, text: "// One.\n" })).toEqual([portable]);
    expect(await lens()).toBe("⇄ All 64 orders fail · still fails · Show");
    const mended = { line: 2, from: 10, to: 10, text: "\n  mu.Lock()" };
    expect(await explored(mended)).toEqual([portable]);
    expect(await lens()).toBe("⇄ Fixed: 0 of 64 orders fail · Show");
    expect(await explored({ line: 0, from: 0, to: 0, text: "// Two.\n" })).toEqual([]);
    expect(await lens()).toBe("⇄ No failing order among all 64 · Show");
  });

  it("answers with the witness that is known, and explores when the text changed since", async () => {
    const witness = { ...race, finding: "race:n++" };
    editor.engine.answer = (run) => {
      const result = racy(run);
      return { ...result, findings: result.findings.map((it) => ({ ...it, witness })) };
    };
    editor.engine.explored = { check: nothing, witnesses: [race] };
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    const ask = async (): Promise<ExploreAnswer> =>
      editor.request("happensBefore/explore", {
        uri: file,
        position: { line: 2, character: 2 },
        fingerprint: "race:n++",
      });
    const known = await ask();
    expect(known.kind === "explored" && known.witnesses[0]?.finding).toBe("race:n++");
    await editor.edit(file, { line: 6, from: 1, to: 1, text: " " });
    const explored = await ask();
    expect(explored.kind === "explored" && explored.witnesses[0]?.finding).toBe("f0");
  });

  it("answers with a witness that was replayed since the edit, before all is explored again", async () => {
    const witness = { ...race, schedule: { ...race.schedule, portable } };
    const moved = { ...witness, output: "moved" };
    let explorations = 0;
    editor.engine.answer = (run) => {
      const result = racy(run);
      if (!run.options.explore)
        return { ...result, again: (run.options.previous ?? []).map(() => moved) };
      if (++explorations > 1) return new Promise(() => undefined);
      return { ...result, findings: result.findings.map((it) => ({ ...it, witness })) };
    };
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    const { length } = editor.engine.runs;
    await editor.edit(file, { line: 0, from: 0, to: 0, text: "// One.\n" });
    await editor.until("analyzed", () => editor.engine.runs.length > length + 1);
    const answer = await editor.request<ExploreAnswer>("happensBefore/explore", {
      uri: file,
      position: { line: 3, character: 2 },
      fingerprint: "race:n++",
    });
    expect(answer.kind === "explored" && answer.witnesses).toMatchObject([
      { output: "moved", finding: "race:n++" },
    ]);
  });

  it("tries what failed first when the user asks for schedules, too", async () => {
    const witness = { ...race, schedule: { ...race.schedule, portable } };
    editor.engine.answer = (run) => {
      const result = racy(run);
      return { ...result, findings: result.findings.map((it) => ({ ...it, witness })) };
    };
    editor.engine.explored = { check: nothing, witnesses: [race] };
    await editor.start();
    await editor.open(file, source);
    await editor.settled();
    await editor.request("happensBefore/explore", {
      uri: file,
      position: { line: 2, character: 2 },
    });
    expect(editor.engine.asked.map((it) => it.previous)).toEqual([[portable]]);
  });

  it("puts the schedule of what is wrong near the cursor first", async () => {
    const text = `${source}\nfunc c() { far() }`;
    const findings = [
      ...findingAt(file, text, "far()", true),
      ...findingAt(file, text, "n++", true),
    ];
    editor.engine.explored = {
      check: { ...nothing, findings },
      witnesses: ["", "race:far()", "race:n++"].map((finding) => ({ ...race, finding })),
    };
    await editor.start();
    await editor.open(file, text);
    const answer = await editor.request<ExploreAnswer>("happensBefore/explore", {
      uri: file,
      position: { line: 2, character: 2 },
    });
    const order = answer.kind === "explored" ? answer.witnesses.map((it) => it.finding) : [];
    expect(order).toEqual(["race:n++", "race:far()", ""]);
  });

  it("says why there is nothing to explore", async () => {
    editor.engine.explored = {
      problem: "no main, test or example function reaches `a`",
      entries: ["main.main"],
    };
    await editor.start();
    await editor.open(file, source);
    const answer = await editor.request<ExploreAnswer>("happensBefore/explore", {
      uri: file,
      position: { line: 2, character: 2 },
    });
    expect(answer).toEqual({
      kind: "problem",
      message: "no main, test or example function reaches `a` Entries here: main.main.",
    });
  });

  it("survives messages that are not what the protocol says", async () => {
    editor.engine.answer = racy;
    await editor.start();
    await editor.notify("textDocument/didOpen", { textDocument: null });
    await editor.notify("textDocument/didOpen", {});
    await editor.notify("textDocument/didChange", {
      textDocument: { uri: 7 },
      contentChanges: "x",
    });
    await editor.notify("textDocument/didChange", {
      textDocument: { uri: "file:///not/open.go", version: 1 },
      contentChanges: [],
    });
    await editor.notify("textDocument/didClose", { textDocument: { uri: "file:///never.go" } });
    await editor.notify("workspace/didChangeConfiguration", {
      settings: { happensBefore: { delay: "soon", explore: 4 } },
    });
    await editor.notify("happensBefore/unknown", { a: 1 });
    expect(
      await editor.request("textDocument/codeLens", { textDocument: { uri: "file:///never.go" } }),
    ).toEqual([]);
    expect(await editor.request("textDocument/hover", { textDocument: 3 })).toBeNull();
    expect(await editor.request<ExploreAnswer>("happensBefore/explore", null)).toMatchObject({
      kind: "problem",
    });
    await expect(editor.request("no/such/method", {})).rejects.toThrow(/unhandled method/i);
    await editor.open(file, source);
    await editor.edit(file, { line: 900, from: 900, to: 2, text: "x" });
    await editor.until("still answers", () => editor.diagnostics(file).length === 1);
  });
});
