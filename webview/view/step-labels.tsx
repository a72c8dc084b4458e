import type { JSX } from "preact";
import { type Geometry, rowY } from "../model/geometry.js";
import type { RowsProps } from "./grid.js";
import { StepRow } from "./step-row.js";

/**
 * What is left of the text where rows are too low for it: the step at the cursor, where it goes wrong, and step numbers
 * at round intervals.
 */
export function StepLabels({
  witness,
  timeline,
  geometry,
  model,
  lit,
  go,
  height,
}: RowsProps & { readonly height: number }): JSX.Element {
  const labelled = labelledRows(geometry, model.row, timeline.marked);
  const top = (row: number): number =>
    Math.max(
      0,
      Math.min(height - geometry.labelHeight, rowY(geometry, row) - geometry.labelHeight / 2),
    );
  return (
    <>
      {ticks(geometry, timeline.rows.length)
        .filter((row) => rowY(geometry, row) <= height - tickHeight / 2)
        .filter((row) => labelled.every((it) => apart(geometry, it, row)))
        .map((row) => (
          <span
            key={`tick-${row}`}
            class="tick"
            aria-hidden="true"
            style={{ top: `${rowY(geometry, row)}px`, width: `${geometry.gutter}px` }}
          >
            {row + 1}
          </span>
        ))}
      {labelled.map((row) => {
        const it = timeline.rows[row];
        return it === undefined ? null : (
          <StepRow
            key={row}
            witness={witness}
            timeline={timeline}
            geometry={geometry}
            row={it}
            here={row === model.row}
            lit={lit.has(row)}
            found={model.search?.rows.includes(row) ?? false}
            go={go}
            top={top(row)}
          />
        );
      })}
    </>
  );
}

/** The step at the cursor first; others only where they do not cover a label that is there already. */
function labelledRows(geometry: Geometry, row: number, marked: readonly number[]): number[] {
  const labelled = [row];
  for (const it of marked) {
    if (labelled.every((other) => apart(geometry, it, other))) labelled.push(it);
  }
  return labelled;
}

const apart = (geometry: Geometry, a: number, b: number): boolean =>
  Math.abs(a - b) * geometry.rowHeight >= geometry.labelHeight;

/** Pixels between two step numbers, at least. */
const leastTick = 44;
const mostTicks = 400;
const tickHeight = 16;

/** Rows whose number is round: 100, 200, … or 5,000, 10,000, … */
function ticks({ rowHeight }: Geometry, rows: number): number[] {
  const apartRows = Math.max(leastTick / rowHeight, rows / mostTicks);
  const power = 10 ** Math.floor(Math.log10(apartRows));
  const step = [1, 2, 5, 10].map((it) => it * power).find((it) => it >= apartRows) ?? 10 * power;
  const every = Math.max(1, Math.round(step));
  return Array.from({ length: Math.floor(rows / every) }, (_, it) => (it + 1) * every - 1);
}
