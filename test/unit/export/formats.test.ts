import path from "node:path";
import { describe, expect, it } from "vitest";
import { fileNameOf, formatOf, formats } from "../../../export/formats.js";
import { sequenceDiagrams } from "../../../export/mermaid.js";
import { svgPicture } from "../../../export/svg.js";
import { compareGolden } from "../../harness/golden.js";
import { xmlErrors } from "../../harness/xml.js";
import { deadlock, large, race } from "../webview/witnesses.js";
import { hostileNames, materialOf, renamed, tellingTraces } from "./traces.js";

const traces = tellingTraces();

function textIn(id: string, material: ReturnType<typeof materialOf>): string {
  const written = formatOf(id)?.write(material);
  if (written?.kind !== "written") throw new Error(`not written: ${id}`);
  return written.text;
}

describe.each(traces)("$name", ({ name, witness, exploration }) => {
  it.each(["mermaid", "svg", "transcript"])("as %s", (id) => {
    const text = textIn(id, materialOf(witness, { exploration }));
    const { extension } = formatOf(id) ?? { extension: "" };
    const golden = path.join(import.meta.dirname, "golden", `${name}.${extension}`);
    expect(compareGolden(golden, text)).toBe("");
  });

  it("is the same twice, in every format", () => {
    for (const format of formats) {
      const material = materialOf(witness, { exploration });
      expect(format.write(material)).toEqual(format.write(copyOf(material)));
    }
  });
});

/** A copy with equal content and other identities. */
function copyOf(material: ReturnType<typeof materialOf>): typeof material {
  const { page, ...data } = material;
  return { ...(JSON.parse(JSON.stringify(data)) as Omit<typeof material, "page">), page };
}

describe("a name of the program", () => {
  it.each(hostileNames)("%j is text in every format", (name) => {
    for (const witness of [renamed(race, name), renamed(deadlock, name)]) {
      expect(xmlErrors(svgPicture(witness, null).svg)).toBe("");
      for (const { id, write } of formats) {
        const sources = [{ uri: witness.steps[0]?.span.uri ?? "", text: `${name}\n${name}` }];
        const written = write(materialOf(witness, { sources }));
        expect(written.kind, id).toBe("written");
      }
      const html = textIn("html", materialOf(witness));
      expect(html.match(/<\/script/g)).toHaveLength(2);
      expect(html).not.toContain("<img");
      const markdown = textIn("mermaid", materialOf(witness));
      expect(markdown.match(/^```/gm)).toHaveLength(2);
      expect(markdown).not.toContain("<img");
      // One line stays one line: each of a diagram begins as mermaid wants it.
      for (const { text } of sequenceDiagrams(witness)) {
        for (const line of text.split("\n")) {
          expect(line).toMatch(
            /^(sequenceDiagram|  (acc(Title|Descr):|participant t\d|Note over t\d|t\d|activate|deactivate|rect rgba|end$).*)/,
          );
        }
      }
    }
  });

  it("gives a file a name that every system takes", () => {
    for (const name of hostileNames) {
      expect(fileNameOf(renamed(race, name), "svg")).toMatch(
        /^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,70}\.svg$/u,
      );
    }
    expect(fileNameOf(race, "svg")).toBe("main.main-race.svg");
  });
});

describe("a long schedule", () => {
  const long = large(8, 2600);

  it("becomes several diagrams, each small enough, which together hold every step", () => {
    const parts = sequenceDiagrams(long);
    expect(parts.length).toBeGreaterThan(5);
    let next = 0;
    for (const { text, from, to } of parts) {
      expect(from).toBe(next);
      next = to;
      expect(text.length).toBeLessThanOrEqual(50_000);
      expect(text.match(/^ {2}(Note|t\d+-)/gm)?.length).toBeLessThanOrEqual(500);
    }
    expect(next).toBe(long.steps.length);
    const all = parts.map((it) => it.text).join("\n");
    for (let step = 1; step <= long.steps.length; step++) expect(all).toContain(`: ${step}. `);
  });

  it("says how many, and which steps each has", () => {
    const text = textIn("mermaid", materialOf(long));
    const [, parts] = /too long for one diagram: (\d+) parts\./.exec(text) ?? [];
    expect(text.match(/^```mermaid$/gm)).toHaveLength(Number(parts));
    expect(text).toContain(`Part 1 of ${parts}: steps 1 to `);
    expect(text).toContain(`to ${long.steps.length}\n`);
  });

  it("of long texts becomes more diagrams than one of short texts", () => {
    const wordy = { ...long, steps: long.steps.map((it) => ({ ...it, text: "~".repeat(200) })) };
    for (const { text } of sequenceDiagrams(wordy)) expect(text.length).toBeLessThanOrEqual(50_000);
    expect(sequenceDiagrams(wordy).length).toBeGreaterThan(sequenceDiagrams(long).length);
  });
});

it("no two formats have one id, and each says what it is for", () => {
  expect(new Set(formats.map((it) => it.id)).size).toBe(formats.length);
  for (const { label, detail, extension } of formats) {
    expect(label).toMatch(/^[A-Z]/);
    expect(detail).toMatch(/^[a-z].*[^.]$/);
    expect(extension).toMatch(/^[a-z.]+$/);
  }
});
