import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { htmlPage } from "../../../export/html.js";
import { dark, light, type Palette } from "../../../export/palette.js";
import { codeOf } from "../../../export/source.js";
import { root } from "../../harness/fixtures.js";
import { race } from "../webview/witnesses.js";
import { materialOf } from "./traces.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
const uri = race.steps[0]?.span.uri ?? "";

describe("the page", () => {
  const page = { script: "let a = 1;", style: "p{margin:0}", sha256 };
  const html = htmlPage(materialOf(race, { page, sources: [{ uri, text: "a\nb <b>&amp;\nc" }] }));

  it("allows its own style and script and nothing else", () => {
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    expect(style).toContain(page.style);
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; style-src 'sha256-${sha256(style)}'; script-src 'sha256-${sha256(page.script)}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it("names no address but that of SVG, and has no handlers and no styles in markup", () => {
    const markup = html.replace(/<script type="application\/json".*?<\/script>/s, "");
    expect(markup.match(/\bhttps?:[^"' ]*/g) ?? []).toEqual([]);
    expect(markup).not.toMatch(/<[^>]* (on\w+|style|src)=/);
  });

  it("has the code as text, with the steps of its lines", () => {
    expect(html).toContain("<code>b &lt;b&gt;&amp;amp;</code>");
  });

  it("says of which file there is no code", () => {
    expect(htmlPage(materialOf(race))).toContain("when this page was made: main.go.");
    expect(html).not.toContain("Not at hand");
  });
});

describe("the code of a schedule", () => {
  const on = (line: number): (typeof race.steps)[number] => {
    const [step] = race.steps;
    if (step === undefined) throw new Error("no steps");
    return { ...step, span: { uri, start: { line, character: 0 }, end: { line, character: 1 } } };
  };
  const text = (lines: number): string =>
    Array.from({ length: lines }, (_, index) => `line ${index + 1}\r\n`).join("");

  it("is the whole of a short file", () => {
    const [file] = codeOf(race, [{ uri, text: text(60) }]);
    expect(file?.stretches.map((it) => it.length)).toEqual([60]);
    expect(file?.stretches[0]?.[21]).toEqual({ line: 21, text: "line 22", steps: [5, 6] });
  });

  it("is what is around the steps of a long one, and says which lines", () => {
    const steps = [on(10), on(14), on(900)];
    const [file] = codeOf({ ...race, steps }, [{ uri, text: text(905) }]);
    const ranges = file?.stretches.map((it) => [it[0]?.line, it.at(-1)?.line]);
    expect(ranges).toEqual([
      [2, 22],
      [892, 904],
    ]);
    expect(file?.lines).toBe(905);
  });

  it("leaves out steps on lines that are not there, and files that are not known", () => {
    expect(codeOf({ ...race, steps: [on(70)] }, [{ uri, text: text(60) }])[0]?.lines).toBe(60);
    expect(codeOf(race, [{ uri: "file:///other.go", text: "" }])).toEqual([]);
  });
});

describe("the colours", () => {
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    contributes: { colors: { id: string; defaults: { dark: string; light: string } }[] };
  };
  it.each(["light", "dark"] as const)("of %s are those of the panel", (theme) => {
    const palette: Palette = theme === "light" ? light : dark;
    for (const { id, defaults } of manifest.contributes.colors) {
      const name = id.replace("happensBefore.", "").replace("currentStep", "here");
      const [, lane] = /^lane(\d)$/.exec(name) ?? [];
      const own: unknown =
        lane === undefined ? Reflect.get(palette, name) : palette.lanes[Number(lane) - 1];
      expect(own, id).toBe(defaults[theme]);
    }
    expect(palette.lanes).toHaveLength(8);
  });

  it.each([light, dark])("of text can be read", (palette) => {
    const { ink, dim, race: bad, good, lanes } = palette;
    for (const color of [ink, dim, bad, good, ...lanes]) {
      for (const ground of [
        palette.paper,
        ...(color === ink || color === dim ? [palette.raised] : []),
      ])
        expect(contrast(color, ground), color).toBeGreaterThanOrEqual(4.5);
    }
  });
});

/** Of two `#rrggbb` colours (WCAG 2). */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
