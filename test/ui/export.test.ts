import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Material } from "../../export/format.js";
import { formatOf } from "../../export/formats.js";
import { sequenceDiagrams } from "../../export/mermaid.js";
import { svgPicture } from "../../export/svg.js";
import type { FromWebview, ToWebview } from "../../protocol/webview.js";
import type { Witness } from "../../protocol/witness.js";
import { fixtureTraces, type FixtureTrace } from "../harness/fixture-traces.js";
import { schemaErrors } from "../harness/schemas.js";
import { openBrowser } from "../harness/vscode/browser.js";
import { root } from "../harness/vscode/paths.js";
import { hostileNames, renamed } from "../unit/export/traces.js";
import { deadlock, large, race } from "../unit/webview/witnesses.js";
import { type PanelPages, servePanel } from "./panel-page/page.js";

// What is exported, as the programs read it that people open it with: mermaid itself, and a browser without network.

const packages = createRequire(import.meta.url);
const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");
const scratch = mkdtempSync(path.join(tmpdir(), "happens-before-"));
const pictures = path.join(root, ".cache", "pictures");
const crawler = readFileSync(path.join(root, "samples/crawler/unlocked/main.go"), "utf8");

const page: Material["page"] = {
  script: readFileSync(path.join(root, "dist/trace-page.js"), "utf8"),
  style: readFileSync(path.join(root, "dist/trace-page.css"), "utf8"),
  sha256: (text) => createHash("sha256").update(text).digest("base64"),
};

let browser: Browser;
beforeAll(async () => {
  ({ browser } = await openBrowser());
  mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await browser.close();
  rmSync(scratch, { recursive: true });
});

function textIn(id: string, witness: Witness, more: Partial<Material> = {}): string {
  const material: Material = { witness, exploration: null, sources: [], page, ...more };
  const written = formatOf(id)?.write(material);
  if (written?.kind !== "written") throw new Error(`not written: ${id}`);
  return written.text;
}

/** Runs inside the page: what a parser says against each of these texts. */
async function refused(
  on: Page,
  parser: "mermaid" | "svg",
  texts: readonly string[],
): Promise<string[]> {
  return on.evaluate(
    async ({ kind, list }) => {
      const answers: string[] = [];
      const mermaid = Reflect.get(window, "mermaid") as { parse(text: string): Promise<unknown> };
      for (const text of list) {
        if (kind === "svg") {
          const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
          const error = parsed.querySelector("parsererror")?.textContent;
          if (error !== undefined) answers.push(error);
          continue;
        }
        await mermaid.parse(text).catch((error: unknown) => {
          answers.push(`${String(error)}\n${text}`);
        });
      }
      return answers;
    },
    { kind: parser, list: texts },
  );
}

async function parserPage(): Promise<Page> {
  const blank = await browser.newPage();
  await blank.addScriptTag({ path: packages.resolve("mermaid/dist/mermaid.min.js") });
  return blank;
}

describe("every schedule of the fixtures", () => {
  let traces: readonly FixtureTrace[];
  beforeAll(async () => {
    traces = await fixtureTraces();
  });

  it("is what the schema says, alone and with its exploration", () => {
    const kinds = new Set(traces.map((it) => `${it.witness.language} ${it.witness.outcome.kind}`));
    expect([...kinds].sort()).toEqual([
      "go assertion",
      "go deadlock",
      "go leak",
      "go livelock",
      "go ok",
      "go panic",
      "go race",
      "ts leak",
      "ts ok",
      "ts panic",
      "ts race",
    ]);
    for (const { name, schema, witness, exploration } of traces) {
      const document = { schema, witness, exploration };
      expect(schemaErrors("trace", document), name).toBe("");
      expect(schemaErrors("witness", document.witness), name).toBe("");
      const text = textIn("json", document.witness, { exploration: document.exploration });
      expect(schemaErrors("trace", JSON.parse(text)), name).toBe("");
    }
  });

  it("is read by mermaid and, as a picture, by the browser's XML parser", async () => {
    const blank = await parserPage();
    const diagrams = traces.flatMap((it) => sequenceDiagrams(it.witness).map(({ text }) => text));
    expect(await refused(blank, "mermaid", diagrams)).toEqual([]);
    const drawings = traces.map((it) => svgPicture(it.witness, it.exploration).svg);
    expect(await refused(blank, "svg", drawings)).toEqual([]);
    // The parsers do refuse.
    expect(await refused(blank, "mermaid", ["sequenceDiagram\n  a b"])).toHaveLength(1);
    expect(await refused(blank, "svg", ["<svg><g></svg>"])).toHaveLength(1);
    await blank.close();
  });

  it("is a page that moves, with the code beside it", async () => {
    for (const { name, witness, exploration, source } of traces.filter((_, i) => i % 4 === 0)) {
      const { opened, complaints } = await openPage(witness, { exploration, sources: [source] });
      const last = witness.steps.length;
      await opened.keyboard.press("End");
      await opened.getByText(`${last} / ${last}`, { exact: true }).waitFor();
      const line = (witness.steps.at(-1)?.span.start.line ?? 0) + 1;
      if (witness.steps.at(-1)?.span.uri === source.uri) {
        expect(await opened.locator(".code-line.here .number").textContent(), name).toBe(`${line}`);
      }
      expect(complaints, name).toEqual([]);
      await opened.close();
    }
  });
});

it("a long schedule becomes diagrams that mermaid reads", async () => {
  const blank = await parserPage();
  const diagrams = sequenceDiagrams(large(8, 1500)).map(({ text }) => text);
  expect(diagrams.length).toBeGreaterThan(2);
  expect(await refused(blank, "mermaid", diagrams)).toEqual([]);
  await blank.close();
});

describe("a hostile name", () => {
  it("is text to mermaid, which draws it as it is", async () => {
    const blank = await parserPage();
    const diagrams = hostileNames.flatMap((name) =>
      [race, deadlock].flatMap((it) => sequenceDiagrams(renamed(it, name)).map(({ text }) => text)),
    );
    expect(await refused(blank, "mermaid", diagrams)).toEqual([]);
    const [name = ""] = hostileNames;
    const [diagram] = sequenceDiagrams(renamed(race, name));
    const drawn = await blank.evaluate(async (text) => {
      const mermaid = Reflect.get(window, "mermaid") as {
        render(id: string, text: string): Promise<{ svg: string }>;
      };
      const { svg } = await mermaid.render("drawn", text);
      const drawing = new DOMParser().parseFromString(svg, "text/html");
      return { text: drawing.body.textContent, images: drawing.querySelectorAll("img").length };
    }, diagram?.text ?? "");
    expect(drawn.images).toBe(0);
    expect(drawn.text).toContain(name);
    await blank.close();
  });

  it.each(hostileNames.map((name, index) => [index, name] as const))(
    "%i is text on the page",
    async (_, name) => {
      const uri = race.steps[0]?.span.uri ?? "";
      const text = `${name}\n`.repeat(60);
      const { opened, complaints } = await openPage(renamed(race, name), {
        sources: [{ uri, text }],
      });
      await opened.keyboard.press("ArrowDown");
      await opened.getByText("13 / 21", { exact: true }).waitFor();
      expect(await opened.locator("img, a[href^=javascript], b").count()).toBe(0);
      const shown = await opened.locator(".entry").first().textContent();
      expect(shown?.trim().slice(0, 4)).toBe(shownName(name).slice(0, 4));
      expect(complaints).toEqual([]);
      await opened.close();
    },
  );
});

/** As the page has it: the last part of the entry, with what no document can hold replaced. */
function shownName(name: string): string {
  const last = name.split("/").at(-1) ?? "";
  return last.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/gu, "\uFFFD").trim();
}

interface Opened {
  readonly opened: Page;
  /** Anything the console says, errors, and requests beyond the file itself. */
  readonly complaints: string[];
}

async function openPage(
  witness: Witness,
  more: Partial<Material> = {},
  looks: { readonly width: number; readonly scheme: "light" | "dark" } = {
    width: 1200,
    scheme: "light",
  },
): Promise<Opened> {
  const file = path.join(scratch, "page.html");
  writeFileSync(file, textIn("html", witness, more));
  const context = await browser.newContext({
    viewport: { width: looks.width, height: 900 },
    colorScheme: looks.scheme,
    offline: true,
  });
  const opened = await context.newPage();
  const complaints: string[] = [];
  const address = pathToFileURL(file).href;
  opened.on("console", (it) => complaints.push(it.text()));
  opened.on("pageerror", (it) => complaints.push(it.message));
  opened.on("request", (it) => {
    if (it.url() !== address) complaints.push(`asks for ${it.url()}`);
  });
  await opened.goto(address);
  opened.on("close", () => void context.close());
  return { opened, complaints };
}

async function violations(on: Page): Promise<string[]> {
  return on.evaluate(async (script) => {
    // Not a script of the page: evaluated from outside, as the test's own hand.
    (0, eval)(script);
    const run = Reflect.get(window, "axe") as {
      run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { violations: found } = await run.run();
    return found.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html}`));
  }, axe);
}

const told = { sources: [{ uri: race.steps[0]?.span.uri ?? "", text: crawler }] };

describe("the page", () => {
  it("is small", () => {
    expect(page.script.length + page.style.length).toBeLessThan(20_000);
    expect(textIn("html", race, told).length).toBeLessThan(80_000);
  });

  it.each([
    [320, "light"],
    [320, "dark"],
    [900, "light"],
    [900, "dark"],
    [1600, "light"],
    [1600, "dark"],
  ] as const)("%i pixels wide, %s: accessible, and nothing sticks out", async (width, scheme) => {
    for (const [name, witness] of Object.entries({ race, deadlock })) {
      const { opened, complaints } = await openPage(witness, told, { width, scheme });
      await opened.getByRole("toolbar", { name: "Steps" }).waitFor();
      const file = path.join(pictures, `export-${name}-${scheme}-${width}.png`);
      await opened.screenshot({ path: file, fullPage: true });
      expect(await violations(opened)).toEqual([]);
      const overflow = await opened.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await opened.close();
    }
  });

  it("is stepped, scrubbed and played with the keyboard alone", async () => {
    const { opened, complaints } = await openPage(race, told);
    const at = async (step: number): Promise<void> => {
      await opened.getByText(`${step} / 21`, { exact: true }).waitFor();
      await opened.locator(`.transcript a[aria-current=step][data-row="${step - 1}"]`).waitFor();
    };
    await at(12);
    await opened.keyboard.press("Home");
    await at(1);
    await opened.keyboard.press("ArrowDown");
    const said = await opened.locator("[aria-live=polite]").textContent();
    expect(said).toBe("2. main starts goroutine crawl /a.");
    expect(await opened.locator(".code-line.here .number").textContent()).toBe("41");
    await opened.keyboard.press("Shift+ArrowDown");
    await at(3);
    await opened.keyboard.press("End");
    await at(21);
    expect(await opened.getByRole("button", { name: "Next step (↓)" }).isDisabled()).toBe(true);
    const state = opened.getByRole("region", { name: "State" });
    // Each goroutine that sees it has a row for it.
    const rows = await state.getByRole("row", { name: /stats\.pages/ }).allTextContents();
    expect(rows.filter((it) => it.endsWith("2"))).not.toEqual([]);
    await opened.getByRole("slider", { name: "Step" }).focus();
    await opened.keyboard.press("ArrowLeft");
    await at(20);
    await opened.getByRole("button", { name: "Previous step (↑)" }).focus();
    await opened.keyboard.press("Enter");
    await at(19);
    await opened.getByRole("link", { name: /^7\. / }).focus();
    await opened.keyboard.press("Enter");
    await at(7);
    await opened.locator("#lanes").focus();
    await opened.keyboard.press("Space");
    await opened.getByRole("button", { name: "Pause (Space)" }).waitFor();
    await at(9);
    await opened.keyboard.press("Space");
    await opened.getByRole("button", { name: "Play (Space)" }).waitFor();
    expect(complaints).toEqual([]);
    await opened.close();
  });

  it("answers a click on a lane", async () => {
    const { opened } = await openPage(race, told);
    await opened.locator('.rows [data-row="4"] .hit').click();
    await opened.getByText("5 / 21", { exact: true }).waitFor();
    await opened.close();
  });

  it("says everything without its script", async () => {
    const file = path.join(scratch, "still.html");
    writeFileSync(file, textIn("html", race, told));
    const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
    const still = await context.newPage();
    await still.goto(pathToFileURL(file).href);
    expect(await still.getByRole("toolbar").count()).toBe(0);
    expect(await still.locator(".transcript li").count()).toBe(21);
    expect(await still.locator(".code-line.used").count()).toBeGreaterThan(5);
    expect(await still.getByText("NO ORDER", { exact: true }).count()).toBe(1);
    await context.close();
  });
});

describe("the picture", () => {
  it.each(["light", "dark"] as const)("follows whoever looks at it: %s", async (scheme) => {
    const context = await browser.newContext({ colorScheme: scheme });
    const blank = await context.newPage();
    for (const [name, witness] of Object.entries({ race, deadlock, many: large(14, 60) })) {
      const { svg, width, height } = svgPicture(witness, null);
      const file = path.join(scratch, `${name}.svg`);
      writeFileSync(file, svg);
      await blank.setViewportSize({ width, height });
      await blank.goto(pathToFileURL(file).href);
      const ground = await blank.evaluate(
        () => getComputedStyle(document.querySelector(":root > rect.paper") as Element).fill,
      );
      expect(ground).toBe(scheme === "light" ? "rgb(255, 255, 255)" : "rgb(28, 31, 36)");
      await blank.screenshot({ path: path.join(pictures, `export-${name}-${scheme}.svg.png`) });
    }
    await context.close();
  });

  it("has no text that sticks out of the drawing", async () => {
    const blank = await browser.newPage();
    const wordy = renamed(race, "a rather long name of something in the program, with (a call)");
    for (const witness of [
      race,
      deadlock,
      large(14, 60),
      wordy,
      renamed(deadlock, "界".repeat(90)),
    ]) {
      const { svg, width } = svgPicture(witness, null);
      const file = path.join(scratch, "bounds.svg");
      writeFileSync(file, svg);
      await blank.goto(pathToFileURL(file).href);
      const right = await blank.evaluate(() =>
        Math.max(
          ...[...document.querySelectorAll("text")].map((it) => it.getBoundingClientRect().right),
        ),
      );
      expect(right).toBeLessThanOrEqual(width);
    }
    await blank.close();
  });
});

describe("the panel", () => {
  let panels: PanelPages;
  beforeAll(async () => {
    panels = await servePanel(browser);
  });
  afterAll(async () => panels.close());

  const show: ToWebview = {
    type: "show",
    origin: { uri: "file:///a.go", line: 0, fingerprint: null },
    title: "main.main",
    summary: [],
    witnesses: [race],
    selected: 0,
  };
  const posted = async (on: Page): Promise<FromWebview[]> =>
    on.evaluate(() => Reflect.get(window, "posted") as FromWebview[]);

  it("has a button to export with, which the keyboard reaches", async () => {
    const panel = await panels.open("vscode-dark", 900, 700, [show]);
    await panel.getByRole("button", { name: "Export schedule…" }).focus();
    await panel.keyboard.press("Enter");
    await expect.poll(async () => posted(panel)).toContainEqual({ type: "export" });
    await panel.close();
  });

  interface PaintedSize {
    readonly signature: string;
    readonly width: number;
    readonly height: number;
    readonly scale: number;
  }

  /** What the panel answers to a drawing. */
  async function painted(panel: Page): Promise<PaintedSize | string | null> {
    return panel.evaluate(() => {
      const list = Reflect.get(window, "posted") as FromWebview[];
      const answer = list.find((it) => it.type === "painted");
      if (answer === undefined) return null;
      if ("problem" in answer.painted) return answer.painted.problem;
      const { png, scale } = answer.painted;
      const view = new DataView(png.buffer);
      const signature = String.fromCharCode(...png.slice(1, 4));
      return { signature, width: view.getUint32(16), height: view.getUint32(20), scale };
    });
  }

  it("paints a drawing in twice its size, under its content security policy", async () => {
    const drawing = svgPicture(race, null, "dark");
    const panel = await panels.open("vscode-dark", 900, 700, [show, { type: "paint", ...drawing }]);
    await expect
      .poll(async () => painted(panel))
      .toEqual({
        signature: "PNG",
        width: drawing.width * 2,
        height: drawing.height * 2,
        scale: 2,
      });
    const bytes = await panel.evaluate(() => {
      const list = Reflect.get(window, "posted") as FromWebview[];
      const answer = list.find((it) => it.type === "painted");
      return answer !== undefined && "png" in answer.painted ? [...answer.painted.png] : [];
    });
    writeFileSync(path.join(pictures, "export-race-dark.png"), Uint8Array.from(bytes));
    await panel.close();
  });

  it("paints a long one smaller, and says of one too long what to do", async () => {
    const long = svgPicture(large(3, 450), null, "light");
    const panel = await panels.open("vscode-light", 900, 700, [show, { type: "paint", ...long }]);
    await expect
      .poll(async () => painted(panel), { timeout: 60_000 })
      .toMatchObject({ height: 16_384 });
    await panel.close();
    const longer = svgPicture(large(3, 2000), null, "light");
    const other = await panels.open("vscode-light", 900, 700, [show, { type: "paint", ...longer }]);
    await expect
      .poll(async () => painted(other))
      .toBe("The schedule is too long for a PNG picture; SVG has no such bound.");
    await other.close();
  });
});
