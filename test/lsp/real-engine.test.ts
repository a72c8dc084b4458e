import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import type { ExploreAnswer } from "../../protocol/lsp.js";
import { root, testEngine } from "../harness/engine.js";
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

/** Position of the text's end. */
function lastLine(text: string): { readonly line: number; readonly character: number } {
  const lines = text.split("\n");
  return { line: lines.length - 1, character: lines[lines.length - 1]?.length ?? 0 };
}
