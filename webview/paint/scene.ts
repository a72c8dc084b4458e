import type { Geometry } from "../model/geometry.js";
import type { Levels } from "../model/levels.js";
import type { Edge } from "../model/order.js";
import type { Timeline } from "../model/timeline.js";

// What is painted, as plain data, and what it is painted with. Painting reads nothing else.

export interface Scene {
  readonly timeline: Timeline;
  readonly levels: Levels;
  readonly geometry: Geometry;
  /** By target row. */
  readonly edges: readonly Edge[];
  /** Threads that can never go on after the last step. */
  readonly stuck: readonly number[];
  /** The step at the cursor. */
  readonly row: number;
  readonly allArrows: boolean;
  /** Rows that match the search, ascending. */
  readonly found: readonly number[];
}

/** The part of the drawing that is painted, in its own pixels. */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** CSS colours of the theme. */
export interface Palette {
  readonly ink: string;
  readonly paper: string;
  readonly here: string;
  readonly order: string;
  readonly race: string;
  readonly lock: string;
  readonly blocked: string;
  /** By `lookOf` a lane. */
  readonly lanes: readonly string[];
}

/** What painting needs of a canvas. */
export type Brush = Pick<
  CanvasRenderingContext2D,
  | "arc"
  | "beginPath"
  | "clip"
  | "closePath"
  | "fill"
  | "fillRect"
  | "fillStyle"
  | "globalAlpha"
  | "lineCap"
  | "lineTo"
  | "lineWidth"
  | "moveTo"
  | "quadraticCurveTo"
  | "rect"
  | "restore"
  | "roundRect"
  | "save"
  | "setLineDash"
  | "stroke"
  | "strokeStyle"
>;

/** The rows in sight, both included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export function rowsInSight({ geometry, timeline }: Scene, { top, height }: Viewport): RowRange {
  const last = timeline.rows.length - 1;
  return {
    from: Math.min(last, Math.max(0, Math.floor(top / geometry.rowHeight))),
    to: Math.min(last, Math.max(0, Math.ceil((top + height) / geometry.rowHeight))),
  };
}

export type Detail =
  /** Every step has its mark. */
  | "steps"
  /** Stretches can be told apart, single steps cannot. */
  | "stretches"
  /** Several steps share a pixel. */
  | "pixels";

export function detailOf({ rowHeight }: Geometry): Detail {
  return rowHeight >= 10 ? "steps" : rowHeight >= 2 ? "stretches" : "pixels";
}
