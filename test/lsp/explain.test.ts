import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { explanationDocument, linksIn } from "../../export/explanation.js";
import type { Explanation } from "../../protocol/explanation.js";
import type { ExplainAnswer } from "../../protocol/lsp.js";
import { testEngine } from "../harness/engine.js";
import { Editor } from "./client.js";

// What Go's run-time said, from the editor's side, joined with our own findings at the same lines.

const { engine } = testEngine();
afterAll(async () => engine.dispose());
const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "happens-before-")));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

let editor: Editor;
beforeEach(async () => {
  editor = new Editor(engine);
  await editor.start({ delay: 20, explore: { timeBudgetMs: 3000, maxExecutions: 2000 } });
});
afterEach(() => {
  editor.close();
});

const lost = `package main

func main() {
	n := 0
	done := make(chan bool)
	go func() {
		n++
		done <- true
	}()
	n++
	<-done
	println(n)
}
`;

const bank = `package main

import "sync"

var a, b sync.Mutex

func one() {
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
}

func main() {
	go one()
	b.Lock()
	a.Lock()
	a.Unlock()
	b.Unlock()
}
`;

function onDisk(name: string, text: string): string {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "go.mod"), `module ${name}\n\ngo 1.24\n`);
  const file = path.join(folder, "main.go");
  writeFileSync(file, text);
  return file;
}

async function explained(text: string): Promise<Explanation> {
  const answer = await editor.request<ExplainAnswer>("happensBefore/explain", { text });
  if (answer.kind === "problem") throw new Error(answer.message);
  return answer.explanation;
}

const access = (verb: string, goroutine: string, func: string, at: string): string =>
  `${verb} at 0x00c000012028 by ${goroutine}:\n  ${func}()\n      ${at} +0x44\n\n`;

describe("what Go's run-time said", () => {
  it("of a race is joined with our finding, which has a schedule", async () => {
    const file = onDisk("lost", lost);
    const uri = pathToFileURL(file).href;
    const report = [
      "==================\nWARNING: DATA RACE\n",
      access("Write", "goroutine 7", "main.main.func1", `${file}:7`),
      access("Previous write", "main goroutine", "main.main", `${file}:10`),
      "==================\n",
    ].join("");
    const explanation = await explained(`ok\n${report}${report}`);
    expect(explanation.sections.map((it) => it.kind)).toEqual(["race", "race"]);
    const [finding] = explanation.findings;
    expect(explanation.findings).toHaveLength(1);
    expect(finding).toMatchObject({ code: "lost-update", schedule: true, sections: [0, 1] });
    const document = explanationDocument(explanation);
    expect(document).toContain(`main goroutine writes in \`main.main\` ([main.go:10](${uri}#L10))`);
    expect(document).toMatch(/^### .*`.+` .*\(lost-update, confirmed\)$/m);
    expect(document).not.toContain("\\`");
    const places = document
      .split("\n")
      .flatMap((line) =>
        linksIn(line).map(({ start, end, target }) => [line.slice(start, end), target]),
      );
    expect(places).toContainEqual(["main.go:10", `${uri}#L10`]);
  });

  it("of a deadlock is joined with our finding, which knows who holds what", async () => {
    const file = onDisk("bank", bank);
    const dump = `fatal error: all goroutines are asleep - deadlock!

goroutine 1 [sync.Mutex.Lock]:
sync.(*Mutex).Lock(0x614228)
	/usr/local/go/src/sync/mutex.go:46
main.main()
	${file}:17 +0x44

goroutine 7 [sync.Mutex.Lock]:
sync.(*Mutex).Lock(0x614220)
	/usr/local/go/src/sync/mutex.go:46
main.one()
	${file}:9 +0x44
created by main.main in goroutine 1
	${file}:15 +0x1a
`;
    const explanation = await explained(dump);
    const [finding] = explanation.findings;
    expect(explanation.findings).toHaveLength(1);
    expect(finding).toMatchObject({ code: "lock-order-cycle", schedule: true, sections: [0] });
    expect(finding?.waits).toEqual([
      "in its schedule main waits for lock a, held by one",
      "in its schedule one waits for lock b, held by main",
    ]);
    const document = explanationDocument(explanation);
    expect(document).toContain("```mermaid\nflowchart LR\n");
    expect(document).toContain('o0(["0x614228: owner unknown"])');
  });

  it("on another machine is mapped to the folder that is open by the ends of its paths", async () => {
    onDisk("ci", lost);
    const report = [
      "WARNING: DATA RACE\n",
      access("Write", "goroutine 7", "main.main.func1", `/home/ci/build/ci/main.go:7`),
      access("Previous write", "main goroutine", "main.main", `/home/ci/build/ci/main.go:10`),
    ].join("");
    expect((await explained(report)).remarks).toEqual([
      "The sources are not here: the lines cannot be checked.",
    ]);
    editor.close();
    editor = new Editor(engine);
    await editor.start({ delay: 20 }, {}, pathToFileURL(scratch).href);
    expect((await explained(report)).findings.map((it) => it.code)).toEqual(["lost-update"]);
  });

  it("may be nothing of the kind", async () => {
    const answer = await editor.request<ExplainAnswer>("happensBefore/explain", { text: "ok\n" });
    expect(answer).toEqual({
      kind: "problem",
      message: "There is no race report and no dump of goroutines in the text.",
    });
  });
});
