import type { Witness } from "../../protocol/witness.js";
import { threadName } from "../../webview/model/labels.js";
import { lanePath } from "../../webview/model/shapes.js";
import { waitEdges } from "../../webview/model/wait-for.js";
import { oneLine } from "../words.js";
import { laneColor } from "./grid.js";
import { fitted, label, widthOf } from "./words.js";
import { element } from "./xml.js";

// What stands under the lanes: who waits for whom, and what the marks mean.

/** A piece of the drawing, from its own top left corner. */
export interface Piece {
  readonly markup: string;
  readonly height: number;
}

const lineHeight = 26;

/** A line for each that is stuck: `a ── lock b ──▶ b`. */
export function drawWaits(witness: Witness, width: number): Piece {
  const edges = waitEdges(witness);
  if (edges.length === 0) return { markup: "", height: 0 };
  const lines = edges.map(({ from, to, label: what }, index) => {
    const y = 34 + index * lineHeight;
    const nameOf = (thread: number): string => oneLine(threadName(witness, thread));
    const room = (width - 60) / 3;
    const [who] = fitted([{ face: "value", text: nameOf(from) }], room);
    const [waits] = fitted([{ face: "aside", text: oneLine(what) }], room);
    const [whom] = fitted([{ face: "value", text: to === null ? "nobody" : nameOf(to) }], room);
    const start = 18 + widthOf([{ face: "value", text: who?.text ?? "" }]) + 8;
    const word = start + 26;
    const behind = word + widthOf([{ face: "aside", text: waits?.text ?? "" }]) + 6;
    const tip = behind + 28;
    return [
      mark(from, 7, y - 4),
      label(18, y, "name", who?.text ?? ""),
      element("path", { class: "trouble-line", d: `M${start} ${y - 4}h20M${behind} ${y - 4}h22` }),
      element("path", { class: "trouble", d: `M${tip} ${y - 4}l-8 -4v8Z` }),
      label(word, y, "note", waits?.text ?? ""),
      to === null ? "" : mark(to, tip + 13, y - 4),
      label(tip + (to === null ? 8 : 24), y, to === null ? "dim" : "name", whom?.text ?? ""),
    ].join("");
  });
  return {
    markup: label(0, 12, "name", "Who waits for whom") + lines.join(""),
    height: 34 + edges.length * lineHeight,
  };
}

function mark(thread: number, x: number, y: number): string {
  return element("path", {
    class: laneColor(thread),
    d: lanePath(thread, 4.6),
    transform: `translate(${x} ${y})`,
  });
}

/** Each mark with its word, in as many lines as the width asks for. */
export function drawLegend(items: readonly LegendItem[], width: number): Piece {
  let [x, y] = [0, 0];
  const markup = items.map((item) => {
    const taken = 28 + item.words.length * 6.4 + 18;
    if (x > 0 && x + taken > width) [x, y] = [0, y + 22];
    const drawn = element(
      "g",
      { transform: `translate(${x} ${y})` },
      item.drawing,
      label(28, 13, "dim small", item.words),
    );
    x += taken;
    return drawn;
  });
  return { markup: markup.join(""), height: y + 22 };
}

export interface LegendItem {
  /** In a box of 22 by 18. */
  readonly drawing: string;
  readonly words: string;
}

export function legendItems(has: {
  readonly race: boolean;
  readonly waits: boolean;
  readonly locks: boolean;
  readonly switches: boolean;
  readonly order: boolean;
  readonly aside: boolean;
}): readonly LegendItem[] {
  const item = (words: string, ...drawing: readonly string[]): LegendItem => ({
    words,
    drawing: drawing.join(""),
  });
  const path = (className: string, d: string): string => element("path", { class: className, d });
  const wide = { y: 1, height: 16 };
  return [
    item("runs", element("rect", { class: "l1", x: 8, width: 6, rx: 3, ...wide })),
    item("ready, not chosen", path("l1 line ready", "M11 2v14")),
    ...(has.waits
      ? [
          item(
            "waits",
            element("rect", {
              class: "blocked",
              fill: "url(#hb-hatch)",
              x: 7,
              width: 8,
              rx: 2,
              ...wide,
            }),
          ),
        ]
      : []),
    ...(has.locks
      ? [
          item(
            "holds a lock",
            element("rect", { class: "lock", x: 9.5, width: 3, rx: 1.5, ...wide }),
          ),
        ]
      : []),
    ...(has.switches
      ? [item("switch, though it could have gone on", path("preempted", "M3 1V9H19V17"))]
      : []),
    ...(has.order
      ? [
          item(
            "happens before",
            path("order", "M2 3 16 13"),
            path("order-head", "M19 15l-7 -1 4 -5.500Z"),
          ),
        ]
      : []),
    ...(has.race
      ? [
          item(
            "no order: a race",
            path("race-line", "M5 9h12"),
            path("trouble", "M1 9l6 -3.500v7Z"),
            path("trouble", "M21 9l-6 -3.500v7Z"),
          ),
        ]
      : []),
    ...(has.aside
      ? [
          item(
            "ends the same way without it",
            element("path", {
              class: "l1 mark hollow",
              d: lanePath(0, 5.2),
              transform: "translate(11 9)",
            }),
          ),
        ]
      : []),
  ];
}
