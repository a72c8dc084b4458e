import type { Witness } from "../../protocol/witness.js";
import { type Geometry, geometryOf, laneX, rowY } from "../../webview/model/geometry.js";
import { orderEdges } from "../../webview/model/order.js";
import { layOut } from "../../webview/model/timeline.js";

// The technique most timelines use: an SVG element for every stretch, step, switch and arrow, zoomed by
// the browser. Runs in a page of its own.

const space = "http://www.w3.org/2000/svg";

function element(parent: Element, name: string, values: Readonly<Record<string, number | string>>) {
  const it = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(values)) it.setAttribute(key, `${value}`);
  parent.append(it);
  return it;
}

function drawAll(svg: Element, witness: Witness, geometry: Geometry): void {
  const timeline = layOut(witness);
  const h = geometry.rowHeight;
  for (const lane of timeline.lanes) {
    const x = laneX(geometry, lane.thread);
    const fills = { run: "#6cb6ff", ready: "#444444", blocked: "#8d97a5" };
    for (const it of lane.spans) {
      const height = (it.to - it.from + 1) * h;
      element(svg, "rect", { x: x - 3, y: it.from * h, width: 6, height, fill: fills[it.state] });
    }
    for (const it of lane.locks) {
      const height = Math.max(h / 2, (it.to - it.from) * h);
      element(svg, "rect", {
        x: x - 11,
        y: rowY(geometry, it.from),
        width: 3,
        height,
        fill: "gold",
      });
    }
  }
  const line = (from: number, to: number, stroke: string): void => {
    const [a, b] = [witness.steps[from], witness.steps[to]];
    if (a === undefined || b === undefined) return;
    const place = (row: number, thread: number): string =>
      `${laneX(geometry, thread)} ${rowY(geometry, row)}`;
    const d = `M${place(from, a.thread)}L${place(to, b.thread)}`;
    element(svg, "path", { d, stroke, fill: "none" });
  };
  for (const it of timeline.rows) if (it.switched !== "none") line(it.index - 1, it.index, "#999");
  for (const it of orderEdges(witness)) line(it.from, it.to, "#9db2cf");
  for (const { step, index } of timeline.rows) {
    const [cx, cy] = [laneX(geometry, step.thread), rowY(geometry, index)];
    element(svg, "circle", { cx, cy, r: 5, fill: "#6cb6ff", stroke: "#1f1f1f" });
  }
}

/** Builds the page; afterwards `zoom` and `pan` move it. */
function start(witness: Witness): void {
  const geometry = geometryOf(900, witness.threads.length);
  const height = witness.steps.length * geometry.rowHeight;
  const scroller = document.createElement("div");
  scroller.style.cssText = "height:700px;width:900px;overflow:auto;background:#1f1f1f";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 900 ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("width", "900");
  svg.setAttribute("height", `${height}`);
  scroller.append(svg);
  drawAll(svg, witness, geometry);
  document.body.append(scroller);
  Object.assign(window, {
    zoom: (factor: number) => {
      svg.setAttribute("height", `${Math.max(700, height * factor)}`);
    },
    pan: (pixels: number) => {
      scroller.scrollTop += pixels;
    },
  });
}

Object.assign(window, { start });
