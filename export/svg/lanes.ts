import type { Witness } from "../../protocol/witness.js";
import { objectName, threadName } from "../../webview/model/labels.js";
import { type Edge, orderEdges } from "../../webview/model/order.js";
import { lanePath } from "../../webview/model/shapes.js";
import type { Lane, LaneSpan } from "../../webview/model/lanes.js";
import type { Row, Timeline } from "../../webview/model/timeline.js";
import { type Grid, laneColor, laneX, nodeAt, rowHeight, rowY } from "./grid.js";
import { bow, elbow } from "./paths.js";
import { label } from "./words.js";
import { element, escapeXml } from "./xml.js";

// The picture behind the text: bars, locks, switches, arrows, and the pair that races.

/** The hatching of lanes that wait; once in a document. */
export const hatch = element(
  "pattern",
  {
    id: "hb-hatch",
    width: 5,
    height: 5,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  },
  element("rect", { class: "paper", width: 5, height: 5 }),
  element("rect", { class: "hatch", width: 2, height: 5 }),
);

export function drawLanes(witness: Witness, timeline: Timeline, grid: Grid): string {
  const edges = arrowsOf(witness, timeline);
  return [
    ...timeline.lanes.map((it) => laneBars(witness, timeline, grid, it)),
    ...timeline.rows.map((it) => baton(timeline, grid, it)),
    ...edges.map((it) => orderArrow(timeline, grid, it)),
    ...timeline.rows.map((it) => node(grid, it)),
  ].join("");
}

/** The happens-before arrows to draw: the line that starts a lane says already that what started it comes before. */
export function arrowsOf(witness: Witness, timeline: Timeline): readonly Edge[] {
  return orderEdges(witness).filter((it) => !isBegin(timeline, it));
}

function isBegin({ lanes, rows }: Timeline, { from, to }: Edge): boolean {
  const lane = lanes[rows[to]?.step.thread ?? -1];
  if (lane === undefined || lane.spans.find((it) => it.state === "run")?.from !== to) return false;
  // The clock of a task need not count the very step that starts it.
  return from <= lane.spawnRow && rows[from]?.step.thread === rows[lane.spawnRow]?.step.thread;
}

function laneBars(witness: Witness, timeline: Timeline, grid: Grid, lane: Lane): string {
  const x = laneX(grid, lane.thread);
  const color = laneColor(lane.thread);
  const tight = grid.form === "graph";
  const locks = lane.locks.map((it) =>
    element(
      "rect",
      {
        class: it.shared ? "lock shared" : "lock",
        x: x - (tight ? 7.5 : 11.5) - it.slot * 5,
        y: rowY(it.from),
        width: 3,
        height: Math.max(
          rowHeight / 2,
          (it.to - it.from) * rowHeight + (it.open ? rowHeight / 2 : 0),
        ),
        rx: 1.5,
      },
      element(
        "title",
        {},
        escapeXml(`${threadName(witness, lane.thread)} holds ${objectName(witness, it.object)}`),
      ),
    ),
  );
  const end =
    lane.endRow === null
      ? ""
      : element("path", {
          class: `${color} line`,
          d: `M${x - 6} ${(lane.endRow + 1) * rowHeight - 3}h12`,
        });
  return [
    ...lane.spans.map((it) => bar(it, x, color)),
    spawn(timeline, grid, lane),
    end,
    ...locks,
  ].join("");
}

function bar(span: LaneSpan, x: number, color: string): string {
  const top = span.from * rowHeight;
  const height = (span.to - span.from + 1) * rowHeight;
  switch (span.state) {
    case "run":
      return element("rect", { class: color, x: x - 3, y: top, width: 6, height, rx: 3 });
    case "ready":
      return element("path", { class: `${color} line ready`, d: `M${x} ${top + 3}v${height - 6}` });
    case "blocked":
      return element("rect", {
        class: "blocked",
        fill: "url(#hb-hatch)",
        x: x - 4,
        y: top + 2,
        width: 8,
        height: height - 4,
        rx: 2,
      });
  }
}

function spawn({ rows }: Timeline, grid: Grid, lane: Lane): string {
  const by = rows[lane.spawnRow];
  const [first] = lane.spans;
  if (by === undefined || first === undefined) return "";
  const to = { x: laneX(grid, lane.thread), y: first.from * rowHeight + 7 };
  const d = elbow(nodeAt(grid, by), to, (lane.spawnRow + 1) * rowHeight);
  return element("path", { class: `${laneColor(lane.thread)} line`, d });
}

/** Control goes from each step to the next one on another lane. */
function baton({ rows }: Timeline, grid: Grid, row: Row): string {
  const before = rows[row.index - 1];
  if (row.switched === "none" || before === undefined) return "";
  const d = elbow(nodeAt(grid, before), nodeAt(grid, row), row.index * rowHeight);
  return element("path", { class: row.switched === "preempted" ? "preempted" : "baton", d });
}

function orderArrow({ rows }: Timeline, grid: Grid, edge: Edge): string {
  const [from, to] = [rows[edge.from], rows[edge.to]];
  if (from === undefined || to === undefined) return "";
  const { path, endHead } = bow(nodeAt(grid, from), nodeAt(grid, to), 9);
  return (
    element("path", { class: "order", d: path }) +
    element("path", { class: "order-head", d: endHead })
  );
}

function node(grid: Grid, row: Row): string {
  const { x, y } = nodeAt(grid, row);
  const size = grid.form === "graph" ? 4.2 : 5.2;
  const mark = element("path", {
    class: `${laneColor(row.step.thread)} mark${row.aside ? " hollow" : ""}`,
    d: lanePath(row.step.thread, size),
    transform: `translate(${x} ${y})`,
  });
  const ring =
    row.mark === null
      ? ""
      : element("circle", { class: "ring", "stroke-width": 2, cx: x, cy: y, r: 10 });
  return ring + mark;
}

/** The two accesses that nothing orders, tied by an arrow with two heads. On top of everything. */
export function drawRace({ race, rows }: Timeline, grid: Grid): string {
  const [first, second] = (race ?? []).map((it) => rows[it]);
  if (first === undefined || second === undefined) return "";
  const { path, middle, startHead, endHead } = bow(nodeAt(grid, first), nodeAt(grid, second), 13);
  return [
    element("path", { class: "race-line", d: path }),
    element("path", { class: "trouble", d: startHead }),
    element("path", { class: "trouble", d: endHead }),
    element("rect", {
      class: "tag",
      x: middle.x - 39,
      y: middle.y - 9,
      width: 78,
      height: 18,
      rx: 9,
    }),
    label(middle.x, middle.y + 4, "pill-text tag-text", "NO ORDER", "middle"),
  ].join("");
}
