import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../../language-server/base/cancel.js";
import type { Image } from "../../../language-server/frontend/go/schema.js";
import { GoClient } from "../../../language-server/host/go-client.js";
import { goUnit, workspace } from "./go-workspace.js";

const dist = fileURLToPath(new URL("../../../dist", import.meta.url));
const client = new GoClient(dist, () => undefined);
afterAll(() => client.dispose());

async function images(
  dir: string,
  buffers: Readonly<Record<string, string>> = {},
): Promise<Image[]> {
  const answer = await client.images(goUnit(dir, buffers), neverCancelled);
  return answer.images.map((it) => JSON.parse(it) as Image);
}

const names = (image: Image | undefined): string[] => image?.funcs.map((it) => it.name) ?? [];
const reasons = (image: Image | undefined): string[] => image?.gaps.map(([, it]) => it) ?? [];

describe("GoClient", () => {
  it("gives the package last, after those of its module, and its tests apart", async () => {
    const dir = workspace({
      "go.mod": "module example.org/m\ngo 1.24\n",
      "store/store.go":
        "package store\n\nfunc Max[T int | string](a, b T) T { if a > b { return a }; return b }\n",
      "m.go":
        'package m\n\nimport "example.org/m/store"\n\nfunc Use() int { return store.Max(1, 2) }\n',
      "m_windows.go": "package m\n\nfunc Windows() {}\n",
      "inner_test.go": 'package m\n\nimport "testing"\n\nfunc TestInner(t *testing.T) { Use() }\n',
      "outer_test.go":
        'package m_test\n\nimport ("testing"; "example.org/m")\n\nfunc TestOuter(t *testing.T) { m.Use() }\n',
    });
    const all = await images(dir);
    expect(all.map((it) => it.package)).toEqual([
      "example.org/m/store",
      "example.org/m [test]",
      "example.org/m_test",
    ]);
    expect(names(all[1])).toEqual([
      "example.org/m.TestInner",
      "example.org/m.Use",
      "example.org/m.init",
      "example.org/m/store.Max[int]",
    ]);
    expect(all[1]?.roots).toEqual([["test", "example.org/m.TestInner"]]);
    expect(all[2]?.roots).toEqual([["test", "example.org/m_test.TestOuter"]]);
    expect(all.flatMap(reasons)).toEqual([]);
  });

  it("follows an edit in a package that is imported", async () => {
    const dir = workspace({
      "go.mod": "module example.org/e\ngo 1.24\n",
      "main.go": 'package main\n\nimport "example.org/e/lib"\n\nfunc main() { lib.New() }\n',
      "lib/lib.go": "package lib\n\nfunc Old() {}\n",
    });
    const before = await images(dir);
    expect(reasons(before[1])).toEqual(["does not type-check: undefined: lib.New"]);
    const after = await images(dir, { "lib/lib.go": "package lib\n\nfunc New() {}\n" });
    expect(after.flatMap(reasons)).toEqual([]);
  });

  it("says what is missing and analyses the rest", async () => {
    const dir = workspace({
      "main.go":
        'package main\n\nimport "example.org/nowhere"\n\nfunc main() { nowhere.Call(); rest() }\n\nfunc rest() {}\n',
    });
    const answer = await client.images(goUnit(dir), neverCancelled);
    expect(answer.missing).toEqual(["example.org/nowhere"]);
    const image = JSON.parse(answer.images[0] ?? "") as Image;
    expect(names(image)).toContain("main.main");
    expect(reasons(image)).toContainEqual(
      expect.stringContaining("could not import example.org/nowhere"),
    );
  });

  it("turns the death of its thread into a gap and starts another", async () => {
    const fake = workspace({
      "gossa-worker.cjs": `const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ id, request }) => {
  if (Buffer.from(request).includes("die")) process.exit(3);
  const reply = new TextEncoder().encode('{"images":[{"bytes":2}],"missing":[],"error":""}\\nok');
  parentPort.postMessage({ kind: "reply", id, reply });
});
`,
    });
    const other = new GoClient(fake, () => undefined);
    const bad = workspace({ "main.go": "package main // die\n" });
    const good = workspace({ "main.go": "package main\n" });
    const answers = await Promise.all(
      [bad, good, bad].map((it) => other.images(goUnit(it), neverCancelled)),
    );
    await other.dispose();
    const [first, second, third] = answers.map((it) => it.images[0] ?? "");
    expect(second).toBe("ok");
    for (const text of [first, third]) {
      expect(reasons(JSON.parse(text ?? "") as Image)).toEqual([
        "the Go front end stopped: exit code 3",
      ]);
    }
  });

  it("has images of the standard library that the machine executes", () => {
    const text = client.stdImage("strings");
    expect(names(JSON.parse(text ?? "") as Image)).toContain("strings.Split");
    expect(client.stdImage("net/http")).toBeNull();
  });
});
