// A schedule as one file that any browser opens, with no network: lanes, code, state and transcript. All of it can be read
// and printed without scripts; the script only moves a cursor through it. Nothing of the program is ever markup.

import type { TraceDocument } from "../protocol/trace.js";
import type { Witness } from "../protocol/witness.js";
import { fileName } from "../wording/place.js";
import { contrastWords, staleWords } from "../wording/size.js";
import { outcomeName } from "../webview/model/labels.js";
import { sentence, sizeOf } from "../webview/model/story.js";
import { type Format, type Material, type PageParts, written } from "./format.js";
import { dark, light, type Palette } from "./palette.js";
import { type CodeFile, type CodeLine, codeOf } from "./source.js";
import { drawnLanes, titleOf } from "./svg.js";
import { drawWaits } from "./svg/ends.js";
import { rowHeight } from "./svg/grid.js";
import { hatch } from "./svg/lanes.js";
import { styleRules } from "./svg/rules.js";
import { element, escapeXml } from "./svg/xml.js";
import { stepText } from "./transcript.js";
import { badgeText, oneLine, shortEntry, storyText } from "./words.js";
import { layOut } from "../webview/model/timeline.js";

export const htmlFormat: Format = {
  id: "html",
  label: "HTML page",
  detail: "one file to step through in any browser, without network or VS Code",
  extension: "html",
  pasted: false,
  write: (material) => written(htmlPage(material)),
};

export function htmlPage(material: Material): string {
  const { witness, page } = material;
  const style = `${variables(light, "light dark")}@media (prefers-color-scheme:dark){${variables(dark, "dark")}}${styleRules("auto")}${page.style}`;
  const parts = [
    `<meta charset="utf-8">`,
    element("meta", { "http-equiv": "Content-Security-Policy", content: policy(style, page) }),
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    element("title", {}, escapeXml(titleOf(witness))),
    `<style>${style}</style>`,
  ];
  const body = [
    headline(material),
    element("main", {}, toolbar(witness), columns(material), transcriptOf(witness)),
    footer(witness),
    `<script type="application/json" id="trace">${traceOf(material)}</script>`,
    `<script>${page.script}</script>`,
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${parts.join("\n")}\n</head>\n<body>\n${body.join("\n")}\n</body>\n</html>\n`;
}

/** Nothing is loaded from anywhere, and only the one style and the one script that the build made count. */
function policy(style: string, { script, sha256 }: PageParts): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${sha256(style)}'`,
    `script-src 'sha256-${sha256(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function variables(it: Palette, scheme: string): string {
  const names = ["ink", "dim", "paper", "raised", "rule", "race", "good", "here"] as const;
  const list = names.map((name) => `--${name}:${it[name]};`);
  return `:root{color-scheme:${scheme};${list.join("")}}`;
}

/** A script element ends at the first `</script`, wherever it stands: there is no `<` in it. */
function traceOf({ witness, exploration }: Material): string {
  const document: TraceDocument = { schema: "happens-before-trace/1", witness, exploration };
  return JSON.stringify(document).replaceAll("<", "\\u003c");
}

function headline({ witness, exploration }: Material): string {
  const notes = [contrastWords(witness), staleWords(witness)].filter((it) => it !== "");
  return element(
    "header",
    { class: witness.outcome.kind === "ok" ? "good" : "bad" },
    element(
      "h1",
      {},
      escapeXml(outcomeName(witness)),
      " ",
      element("span", { class: "entry" }, escapeXml(shortEntry(witness))),
    ),
    element("p", { class: "story" }, escapeXml(storyText(witness))),
    ...notes.map((it) => element("p", {}, escapeXml(sentence(oneLine(it))))),
    element(
      "p",
      { class: "dim" },
      escapeXml(`${sizeOf(witness)} · ${badgeText(exploration, witness)}`),
    ),
  );
}

/** Hidden until the script is there to answer. */
function toolbar({ steps }: Witness): string {
  const button = (id: string, words: string, path: string): string =>
    element(
      "button",
      { type: "button", id, "aria-label": words, title: words },
      element(
        "svg",
        { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" },
        element("path", { d: path }),
      ),
    );
  const last = Math.max(0, steps.length - 1);
  return (
    element(
      "div",
      { id: "tools", role: "toolbar", "aria-label": "Steps", hidden: "" },
      button("first", "First step (Home)", "M3 3v10M13 3.500 6 8l7 4.500z"),
      button("previous", "Previous step (↑)", "M11 3.500 4.500 8l6.500 4.500z"),
      button("play", "Play (Space)", "M4 2.500 13 8l-9 5.500z"),
      button("next", "Next step (↓)", "M5 3.500 11.500 8 5 12.500z"),
      button("last", "Last step (End)", "M13 3v10M3 3.500 10 8l-7 4.500z"),
      element("span", { id: "counter" }, ""),
      `<input type="range" id="scrub" aria-label="Step" min="0" max="${last}" value="0">`,
    ) + element("p", { id: "sentence", "aria-live": "polite", hidden: "" }, "")
  );
}

function columns({ witness, sources }: Material): string {
  const files = codeOf(witness, sources);
  const uris = new Set(witness.steps.map((it) => it.span.uri).filter((it) => it !== ""));
  const missing = [...uris].filter((uri) => !files.some((it) => it.uri === uri));
  return element(
    "div",
    { class: "columns" },
    lanesOf(witness),
    element("div", { class: "side" }, codeSection(files, missing.map(fileName)), stateSection),
  );
}

const stateSection = element(
  "section",
  { id: "state", "aria-label": "State", hidden: "" },
  element("h2", {}, ""),
  element("div", {}, ""),
);

function lanesOf(witness: Witness): string {
  const lanes = drawnLanes(witness);
  const waits = drawWaits(witness, lanes.width);
  const svg = (height: number, className: string, ...content: readonly string[]): string =>
    element(
      "svg",
      {
        class: `hb ${className}`,
        width: Math.ceil(lanes.width),
        height: Math.ceil(height),
        "aria-hidden": "true",
      },
      ...content,
    );
  const cursor = element("rect", {
    id: "cursor",
    x: 0,
    y: -100,
    width: lanes.width,
    height: rowHeight,
  });
  return element(
    "section",
    {
      id: "lanes",
      class: "lanes",
      "aria-label": "Lanes; the transcript below says the same in words",
      tabindex: 0,
    },
    svg(lanes.headHeight, "heads", lanes.heads),
    svg(lanes.height, "rows", element("defs", {}, hatch), cursor, lanes.rows),
    waits.height === 0 ? "" : svg(waits.height, "waits", waits.markup),
  );
}

function codeSection(files: readonly CodeFile[], missing: readonly string[]): string {
  const note = `Not at hand, or not as it was, when this page was made: ${missing.join(", ")}.`;
  return element(
    "section",
    { class: "code", "aria-label": "Code" },
    ...files.map(codeFile),
    missing.length === 0 ? "" : element("p", { class: "dim" }, escapeXml(note)),
  );
}

function codeFile({ uri, name, stretches, lines }: CodeFile, index: number): string {
  const shown = stretches.map((stretch) => stretch.map(codeLine).join(""));
  const all = stretches.reduce((sum, it) => sum + it.length, 0);
  const part = all === lines ? "" : ` (${all} of ${lines} lines)`;
  return [
    element("h2", { id: `file-${index}` }, escapeXml(name), part),
    element(
      "pre",
      { "data-uri": uri, tabindex: 0, "aria-labelledby": `file-${index}`, role: "region" },
      shown.join(`<span class="gap">⋯</span>`),
    ),
  ].join("");
}

function codeLine({ line, text, steps }: CodeLine): string {
  const named = steps.slice(0, 8).map((it) => it + 1);
  const more = steps.length > named.length ? ", …" : "";
  const words = steps.length === 1 ? "step" : "steps";
  const note =
    steps.length === 0
      ? ""
      : element("span", { class: "steps" }, `${words} ${named.join(", ")}${more}`);
  return element(
    "span",
    { class: steps.length === 0 ? "code-line" : "code-line used", "data-line": line },
    element("span", { class: "number" }, String(line + 1)),
    element("code", {}, escapeXml(text)),
    note,
  );
}

function transcriptOf(witness: Witness): string {
  const { rows } = layOut(witness);
  const items = rows.map((it) =>
    element(
      "li",
      { class: it.mark === null ? "" : "marked" },
      element(
        "a",
        { href: `#step-${it.index + 1}`, id: `step-${it.index + 1}`, "data-row": it.index },
        escapeXml(oneLine(stepText(witness, it))),
      ),
    ),
  );
  return element(
    "section",
    { class: "transcript", "aria-label": "Transcript" },
    element("h2", {}, "Transcript"),
    element("ol", {}, ...items),
  );
}

function footer(witness: Witness): string {
  const items = drawnLanes(witness).legend.map(({ drawing, words }) => {
    const svg = element(
      "svg",
      { class: "hb", width: 22, height: 18, "aria-hidden": "true" },
      drawing,
    );
    return element("li", {}, svg, words);
  });
  return element(
    "footer",
    {},
    element("ul", { "aria-label": "What the marks mean" }, ...items),
    element(
      "p",
      { class: "dim" },
      "Arrow keys move through the steps, Space plays. Exported from Happens Before.",
    ),
  );
}
