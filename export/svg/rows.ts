import type { Blocked, Witness } from "../../protocol/witness.js";
import { lineLabel, shortened, threadName } from "../../webview/model/labels.js";
import { stepSentence } from "../../webview/model/story.js";
import { lanePath } from "../../webview/model/shapes.js";
import type { Row, Timeline } from "../../webview/model/timeline.js";
import { newlyBlocked, oneLine } from "../words.js";
import {
  type Grid,
  gutter,
  laneColor,
  placeOf,
  rowHeight,
  rowY,
  runsOf,
  stuckPhrase,
  textInset,
} from "./grid.js";
import { fitted, label, line, type Run, widthOf } from "./words.js";
import { element, escapeXml } from "./xml.js";

// The text of the lanes: their heads, a line for each step, and who is stuck at the end.

/** Height of the lane heads: upright names where lanes are narrow. */
export function headHeight(witness: Witness, { form }: Grid): number {
  if (form === "columns") return 36;
  const longest = Math.max(
    ...witness.threads.map((_, thread) => uprightName(witness, thread).length),
  );
  return 34 + longest * 7;
}

function uprightName(witness: Witness, thread: number): string {
  return shortened(oneLine(threadName(witness, thread)), 16);
}

export function drawHeads(witness: Witness, { lanes }: Timeline, grid: Grid): string {
  const height = headHeight(witness, grid);
  const heads = lanes.map(({ thread }) =>
    grid.form === "columns"
      ? columnHead(witness, grid, thread)
      : uprightHead(witness, grid, thread, height),
  );
  const what =
    grid.form === "graph" ? label(grid.textLeft, height - 12, "dim small", "What it does") : "";
  return [
    ...heads,
    what,
    label(grid.right - 4, height - 12, "dim small", "Line", "end"),
    element("path", { class: "rule thin", d: `M0 ${height - 0.5}H${grid.right}` }),
  ].join("");
}

function columnHead(witness: Witness, grid: Grid, thread: number): string {
  const left = grid.lefts[thread] ?? 0;
  const width = (grid.lefts[thread + 1] ?? left) - left;
  const at = witness.threads[thread]?.spawnedAt ?? null;
  const where = at === null ? "" : `from ${lineLabel(at)}`;
  const name: Run = { face: "value", text: oneLine(threadName(witness, thread)) };
  const [shown] = fitted([name], width - textInset - 8 - where.length * 6.4);
  return [
    element("path", {
      class: laneColor(thread),
      d: lanePath(thread, 5),
      transform: `translate(${left + grid.bar} 18)`,
    }),
    line(left + textInset, 22, [
      { face: "value", text: shown?.text ?? "" },
      { face: "aside", text: where },
    ]),
  ].join("");
}

function uprightHead(witness: Witness, grid: Grid, thread: number, height: number): string {
  const x = (grid.lefts[thread] ?? 0) + grid.bar;
  return [
    element("path", {
      class: laneColor(thread),
      d: lanePath(thread, 4.4),
      transform: `translate(${x} ${height - 12})`,
    }),
    element(
      "text",
      { class: "small", transform: `translate(${x + 4} ${height - 22}) rotate(-90)` },
      escapeXml(uprightName(witness, thread)),
    ),
  ].join("");
}

/** A group for each step, with its sentence as a tooltip. */
export function drawRow(witness: Witness, grid: Grid, row: Row): string {
  const y = row.index * rowHeight;
  const band =
    row.mark === null
      ? ""
      : element("rect", { class: "band", x: 0, y, width: grid.right, height: rowHeight });
  return element(
    "g",
    { class: row.mark === null ? "row" : "row marked", "data-row": row.index },
    element("title", {}, escapeXml(oneLine(stepSentence(witness, row.index)))),
    element("rect", { class: "hit", fill: "none", x: 0, y, width: grid.right, height: rowHeight }),
    band,
    label(gutter - 12, rowY(row.index) + 4.5, "dim number small", String(row.index + 1), "end"),
    label(grid.right - 4, rowY(row.index) + 4.5, "place", shortened(placeOf(row.step), 24), "end"),
    grid.form === "columns" ? columnText(witness, grid, row) : commonText(witness, grid, row),
  );
}

function columnText(witness: Witness, grid: Grid, row: Row): string {
  const { thread } = row.step;
  const roomOf = (lane: number): number =>
    (grid.lefts[lane + 1] ?? 0) - (grid.lefts[lane] ?? 0) - textInset - 8;
  const own = said(witness, row, (grid.lefts[thread] ?? 0) + textInset, roomOf(thread));
  const waits = newlyBlocked(witness, row.index)
    .filter((it) => it.thread !== thread)
    .map((it) => {
      const runs = fitted([{ face: "aside", text: it.phrase }], roomOf(it.thread));
      return line((grid.lefts[it.thread] ?? 0) + textInset, rowY(row.index) + 4.5, runs, "halo");
    });
  return [own, ...waits].join("");
}

function commonText(witness: Witness, grid: Grid, row: Row): string {
  const { thread } = row.step;
  const name = shortened(oneLine(threadName(witness, thread)), 22);
  const who = element(
    "text",
    { x: grid.textLeft, y: rowY(row.index) + 4.5, class: "name" },
    element("tspan", { class: laneColor(thread) }, escapeXml(name)),
  );
  const from = grid.textLeft + widthOf([{ face: "value", text: name }]) + 10;
  return who + said(witness, row, from, grid.right - grid.places - from - 8);
}

/** What the step did, after the word for what is wrong with it. */
function said(witness: Witness, row: Row, x: number, room: number): string {
  const y = rowY(row.index);
  const word = row.mark === null ? "" : row.mark === "race" ? "RACE" : "FAILS";
  const taken = word === "" ? 0 : word.length * 8 + 16;
  const pill =
    word === ""
      ? ""
      : element("rect", { class: "pill", x, y: y - 8.5, width: taken - 7, height: 17, rx: 4 }) +
        label(x + (taken - 7) / 2, y + 4, "pill-text", word, "middle");
  return pill + line(x + taken, y + 4.5, fitted(runsOf(witness, row), room - taken), "halo");
}

/** Below the last step: where each stuck thread stays for ever. */
export function drawStuck(witness: Witness, grid: Grid, blocked: readonly Blocked[]): string {
  const top = witness.steps.length * rowHeight;
  if (blocked.length === 0) return "";
  const rows = grid.form === "columns" ? [blocked] : blocked.map((it) => [it]);
  return rows
    .map((some, index) => {
      const y = top + index * rowHeight;
      const texts = some.map((it) => stuckText(witness, grid, it, y));
      return [
        element("rect", { class: "band", x: 0, y, width: grid.right, height: rowHeight }),
        index === 0 ? label(gutter - 12, y + 18.5, "number small", "end", "end") : "",
        ...texts,
      ].join("");
    })
    .join("");
}

export function stuckHeight(grid: Grid, blocked: readonly Blocked[]): number {
  return (grid.form === "columns" ? Math.min(1, blocked.length) : blocked.length) * rowHeight;
}

function stuckText(witness: Witness, grid: Grid, it: Blocked, y: number): string {
  const columns = grid.form === "columns";
  const left = grid.lefts[it.thread] ?? 0;
  const x = columns ? left + textInset : grid.textLeft;
  const room = columns
    ? (grid.lefts[it.thread + 1] ?? 0) - left - textInset - 8
    : grid.right - grid.textLeft - 8;
  const words = stuckPhrase(it);
  const text = columns ? words : `${threadName(witness, it.thread)} ${words}`;
  const [shown] = fitted([{ face: "plain", text: oneLine(text) }], room);
  const cross = `M${left + grid.bar - 5} ${y + 9}l10 10m0 -10l-10 10`;
  return [
    element("path", { class: "trouble-line", d: cross }),
    label(x, y + 18.5, "halo", shown?.text ?? ""),
  ].join("");
}
