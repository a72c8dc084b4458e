// A schedule as one drawing that stands alone: what went wrong in words, the lanes as the panel has them, who waits for
// whom, and what the marks mean. Follows the light or dark preference of whoever looks at it.

import type { ExplorationSummary } from "../protocol/finding.js";
import type { Witness } from "../protocol/witness.js";
import { contrastWords, staleWords } from "../wording/size.js";
import { outcomeName } from "../webview/model/labels.js";
import { sentence, sizeOf } from "../webview/model/story.js";
import { layOut, type Timeline } from "../webview/model/timeline.js";
import { type Format, written } from "./format.js";
import { drawLegend, drawWaits, legendItems } from "./svg/ends.js";
import { type Grid, gridOf, rowHeight } from "./svg/grid.js";
import { arrowsOf, drawLanes, drawRace, hatch } from "./svg/lanes.js";
import { drawHeads, drawRow, drawStuck, headHeight, stuckHeight } from "./svg/rows.js";
import { styleRules, type Theme } from "./svg/rules.js";
import { label, wrapped } from "./svg/words.js";
import { element, escapeXml } from "./svg/xml.js";
import { badgeText, oneLine, shortEntry, storyText } from "./words.js";

export const svgFormat: Format = {
  id: "svg",
  label: "SVG picture",
  detail: "sharp at any size, light and dark, for a page or a slide",
  extension: "svg",
  pasted: true,
  write: ({ witness, exploration }) => written(svgPicture(witness, exploration).svg),
};

export interface Picture {
  readonly svg: string;
  /** Of the drawing, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

const margin = 24;

export function svgPicture(
  witness: Witness,
  exploration: ExplorationSummary | null,
  theme: Theme = "auto",
): Picture {
  const lanes = drawnLanes(witness);
  const inner = lanes.width;
  const head = header(witness, exploration, inner);
  const waits = drawWaits(witness, inner);
  const legend = drawLegend(lanes.legend, inner);
  let y = margin;
  const placed = [
    head,
    { markup: lanes.heads, height: lanes.headHeight },
    { markup: lanes.rows, height: lanes.height + 18 },
    { ...waits, height: waits.height === 0 ? 0 : waits.height + 12 },
    legend,
  ].map(({ markup, height }) => {
    const it = element("g", { transform: `translate(${margin} ${y})` }, markup);
    y += height;
    return it;
  });
  const [width, height] = [Math.ceil(inner + 2 * margin), Math.ceil(y + margin - 6)];
  const svg = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      class: "hb",
      role: "img",
      "aria-labelledby": "hb-title hb-desc",
    },
    element("title", { id: "hb-title" }, escapeXml(titleOf(witness))),
    element(
      "desc",
      { id: "hb-desc" },
      escapeXml(`${storyText(witness)} ${badgeText(exploration, witness)}`),
    ),
    element("style", {}, styleRules(theme)),
    element("defs", {}, hatch),
    element("rect", { class: "paper", width, height }),
    ...placed,
  );
  return { svg: `${svg}\n`, width, height };
}

export function titleOf(witness: Witness): string {
  return `${outcomeName(witness)} in ${oneLine(shortEntry(witness))}`;
}

export interface DrawnLanes {
  readonly heads: string;
  readonly headHeight: number;
  readonly rows: string;
  readonly height: number;
  readonly width: number;
  readonly legend: ReturnType<typeof legendItems>;
}

/** The lanes alone: their heads, and their steps from the first row on. */
export function drawnLanes(witness: Witness): DrawnLanes {
  const timeline = layOut(witness);
  const grid = gridOf(witness, timeline);
  const { outcome } = witness;
  const blocked = "blocked" in outcome ? outcome.blocked : [];
  return {
    heads: drawHeads(witness, timeline, grid),
    headHeight: headHeight(witness, grid),
    rows: rowsOf(witness, timeline, grid) + drawStuck(witness, grid, blocked),
    height: witness.steps.length * rowHeight + stuckHeight(grid, blocked),
    width: grid.right,
    legend: legendItems({
      race: timeline.race !== null,
      waits: timeline.lanes.some((it) => it.spans.some((span) => span.state === "blocked")),
      locks: timeline.lanes.some((it) => it.locks.length > 0),
      switches: timeline.rows.some((it) => it.switched === "preempted"),
      order: arrowsOf(witness, timeline).length > 0,
      aside: timeline.rows.some((it) => it.aside),
    }),
  };
}

/** Lines first, text over them, and what races over everything. */
function rowsOf(witness: Witness, timeline: Timeline, grid: Grid): string {
  return [
    drawLanes(witness, timeline, grid),
    ...timeline.rows.map((it) => drawRow(witness, grid, it)),
    drawRace(timeline, grid),
  ].join("");
}

function header(
  witness: Witness,
  exploration: ExplorationSummary | null,
  width: number,
): { readonly markup: string; readonly height: number } {
  const name = outcomeName(witness);
  const bad = witness.outcome.kind !== "ok";
  const nearest = [contrastWords(witness), staleWords(witness)].filter((it) => it !== "");
  const story = wrapped(storyText(witness), width - 16);
  const more = [
    ...nearest.flatMap((it) => wrapped(sentence(oneLine(it)), width - 16)),
    ...wrapped(oneLine(`${sizeOf(witness)} · ${badgeText(exploration, witness)}`), width - 16),
  ];
  const height = 30 + (story.length + more.length) * 20;
  const texts = [...story, ...more].map((it, index) =>
    label(16, 40 + index * 20, index < story.length ? "story" : "dim", it),
  );
  const entry = oneLine(shortEntry(witness));
  return {
    markup: [
      element("rect", { class: bad ? "trouble" : "good", x: 0, y: 0, width: 4, height, rx: 2 }),
      element(
        "text",
        { x: 16, y: 16, class: "title" },
        escapeXml(name),
        element("tspan", { class: "entry", dx: 10 }, escapeXml(entry)),
      ),
      ...texts,
    ].join(""),
    height: height + 18,
  };
}
