import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import type { ExploreAnswer } from "../../protocol/lsp.js";
import type { CodeLens } from "vscode-languageserver/node";
import { failingPrograms, goFile } from "../harness/failing-programs.js";
import { root, testEngine, uriOf } from "../harness/engine.js";
import { present } from "../../language-server/base/assert.js";
import { Editor } from "./client.js";

// The acceptance of the editor, over streams and with the real engine: what takes VS Code a minute.

const { engine } = testEngine();
afterAll(async () => engine.dispose());

let editor: Editor;
beforeEach(async () => {
  editor = new Editor(engine);
  await editor.start({ delay: 20, explore: { timeBudgetMs: 3000, maxExecutions: 2000 } });
});
afterEach(() => {
  editor.close();
});

interface Sample {
  readonly file: string;
  readonly languageId: string;
  readonly code: string;
  readonly breakAfter: string;
  readonly broken: string;
  readonly fix: readonly (readonly [before: string, after: string])[];
}

const samples: readonly Sample[] = [
  {
    file: "samples/crawler/unlocked/main.go",
    languageId: "go",
    code: "concurrent-map",
    breakAfter: '"pages")',
    broken: "\n\tfor x := range {",
    fix: [
      [
        "\tbefore := s.fetched[url]",
        "\tmu.Lock()\n\tdefer mu.Unlock()\n\tbefore := s.fetched[url]",
      ],
      ["type state struct", "var mu sync.Mutex\n\ntype state struct"],
    ],
  },
  {
    file: "samples/typescript/bank.ts",
    languageId: "typescript",
    code: "stale-snapshot",
    breakAfter: "// 130 was expected",
    broken: "\n  for (const x of [",
    fix: [["this.balance = before + amount", "this.balance += amount"]],
  },
];

it.each(samples)(
  "$file: found, kept beside a broken line, shown, and cleared by its fix",
  async (sample) => {
    const uri = pathToFileURL(path.join(root, sample.file)).href;
    let text = readFileSync(path.join(root, sample.file), "utf8");
    const replace = async (before: string, after: string): Promise<void> => {
      const offset = text.indexOf(before);
      const start = lastLine(text.slice(0, offset));
      const end = lastLine(text.slice(0, offset + before.length));
      await editor.edit(uri, {
        line: start.line,
        from: start.character,
        toLine: end.line,
        to: end.character,
        text: after,
      });
      text = text.slice(0, offset) + after + text.slice(offset + before.length);
    };
    const finding = () => editor.diagnostics(uri).find((it) => it.code === sample.code);
    const quiet = async (statuses: number): Promise<void> =>
      editor.until("analyzed and explored", () => {
        const done = editor.statuses.slice(statuses).filter((it) => !it.busy);
        return done.length >= 2;
      });

    await editor.open(uri, text, sample.languageId);
    await editor.until("confirmed", () => finding()?.severity === 1);
    const { range, message } = finding() ?? {};
    expect(finding()?.relatedInformation?.length).toBeGreaterThan(1);

    const published = editor.published.length;
    const before = editor.statuses.length;
    await replace(sample.breakAfter, sample.breakAfter + sample.broken);
    await quiet(before);
    const since = editor.published.slice(published).filter((it) => it.uri === uri);
    for (const { diagnostics } of since) {
      const kept = diagnostics.find((it) => it.code === sample.code);
      expect([kept?.severity, kept?.range, kept?.message]).toEqual([1, range, message]);
    }
    await replace(sample.breakAfter + sample.broken, sample.breakAfter);

    const answer = await editor.request<ExploreAnswer>("happensBefore/explore", {
      uri,
      position: range?.start,
      fingerprint: (finding()?.data as { fingerprint: string }).fingerprint,
    });
    if (answer.kind === "problem") throw new Error(answer.message);
    expect(answer.witnesses[0]?.threads.length).toBeGreaterThan(1);

    for (const [old, now] of sample.fix) await replace(old, now);
    await editor.until("cleared", () => editor.diagnostics(uri).length === 0);
  },
);

it("an edit elsewhere leaves the schedule failing, and a repair is said to be one", async () => {
  const uri = uriOf("test/lsp/none/main.go");
  const program = present(
    failingPrograms.find((it) => it.name === "a lost update"),
    "program",
  );
  await editor.open(uri, goFile(program), "go");
  const title = async (): Promise<string> => {
    const params = { textDocument: { uri } };
    const lenses = await editor.request<CodeLens[]>("textDocument/codeLens", params);
    return lenses.map((it) => it.command?.title).join();
  };
  /** Looks again with every message of the server. */
  const titled = async (wanted: RegExp): Promise<void> => {
    for (let seen = editor.statuses.length; !wanted.test(await title()); ) {
      await editor.until(String(wanted), () => editor.statuses.length > seen);
      seen = editor.statuses.length;
    }
  };
  await editor.until("confirmed", () => editor.diagnostics(uri)[0]?.severity === 1);
  const lines = goFile(program).split("\n");
  const line = lines.findIndex((it) => it.includes("x++"));
  await editor.edit(uri, { line: 1, from: 0, to: 0, text: "// One.\n" });
  await titled(/ fails? · still fails · Show$/);
  const lock = { line: line + 1, from: 0, to: 0, text: "\t\tmu.Lock()\n\t\tdefer mu.Unlock()\n" };
  const declared = { line: 7 + 1, from: 0, to: 0, text: "\tvar mu sync.Mutex\n" };
  await editor.edit(uri, lock, declared);
  await titled(/^⇄ Fixed: 0 of \d+ orders fail · Show$/);
  expect(editor.diagnostics(uri)).toEqual([]);
});

/** Position of the text's end. */
function lastLine(text: string): { readonly line: number; readonly character: number } {
  const lines = text.split("\n");
  return { line: lines.length - 1, character: lines[lines.length - 1]?.length ?? 0 };
}
