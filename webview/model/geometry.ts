// Where things stand in the lanes: the only place that turns rows and lanes into pixels.

/** By the width of the panel: three columns, lanes over a drawer, or the compact table. */
export type Form = "wide" | "medium" | "narrow";

export function formOf(width: number): Form {
  return width >= 900 ? "wide" : width >= 560 ? "medium" : "narrow";
}

/**
 * `columns`: each lane is wide enough for its own text. `graph`: lanes are bare bars and the text of
 * every step stands in one column beside them.
 */
export type LaneForm = "columns" | "graph";

export interface Geometry {
  readonly form: LaneForm;
  /** Width of the column of step numbers. */
  readonly gutter: number;
  readonly laneWidth: number;
  /** Width of the common text column; 0 with `columns`. */
  readonly textWidth: number;
  readonly lineWidth: number;
  /** As zoomed; a fraction of a pixel where a long schedule is seen as a whole. */
  readonly rowHeight: number;
  /** Height of a row with text, whatever the zoom: of the current step's label, and of the stuck end. */
  readonly labelHeight: number;
  readonly width: number;
  /** From a lane's left edge to the middle of its bar. */
  readonly barOffset: number;
}

const leastColumn = 148;
const mostColumn = 380;
const columnsRow = 30;
const graphRow = 28;

/** Of the column of lines where it names the files too. */
export const fileWidth = 112;

/** `zoom`: height of a row, in heights of a row with text. `files`: lines are told with their files where there is room. */
export function geometryOf(width: number, lanes: number, zoom = 1, files = false): Geometry {
  const narrow = width < 480;
  const gutter = narrow ? 34 : 46;
  const lineWidth = narrow ? 40 : files ? fileWidth : 56;
  const rest = Math.max(0, width - gutter - lineWidth);
  const count = Math.max(1, lanes);
  if (rest / count >= leastColumn) {
    const laneWidth = Math.min(mostColumn, Math.floor(rest / count));
    return {
      form: "columns",
      gutter,
      laneWidth,
      textWidth: 0,
      lineWidth,
      rowHeight: zoomedHeight(columnsRow, zoom),
      labelHeight: columnsRow,
      width: Math.max(width, gutter + laneWidth * count + lineWidth),
      barOffset: 22,
    };
  }
  const leastText = narrow ? 132 : 200;
  const laneWidth = Math.max(
    14,
    Math.min(narrow ? 24 : 30, Math.floor((rest - leastText) / count)),
  );
  const textWidth = Math.max(leastText, rest - laneWidth * count);
  return {
    form: "graph",
    gutter,
    laneWidth,
    textWidth,
    lineWidth,
    rowHeight: zoomedHeight(graphRow, zoom),
    labelHeight: graphRow,
    width: Math.max(width, gutter + laneWidth * count + textWidth + lineWidth),
    barOffset: laneWidth / 2,
  };
}

/** Whole pixels as long as they can be told apart. */
function zoomedHeight(normal: number, zoom: number): number {
  const height = normal * zoom;
  return height >= 4 ? Math.floor(height) : height;
}

/** Below this height of a row, in pixels, its text would be cut off. */
const leastTextRow = 17;

/** Whether rows are high enough for their text. */
export function hasText(geometry: Geometry): boolean {
  return geometry.rowHeight >= leastTextRow;
}

/** More threads than these are counted at the stuck end, not named. */
export const mostStuck = 6;
const stuckLine = 19;
const stuckMargin = 9;

/** Height of the stuck end, where so many threads stay: a line for each, or one for all where each has its lane. */
export function stuckHeight({ form, labelHeight }: Geometry, stuck: number): number {
  if (stuck === 0) return 0;
  if (form === "columns") return labelHeight;
  const lines = stuck > mostStuck ? mostStuck + 1 : stuck;
  return Math.max(labelHeight, lines * stuckLine + stuckMargin);
}

/** Height of all rows, and of the end below them where so many threads are stuck. */
export function heightOf(geometry: Geometry, rows: number, stuck: number): number {
  return rows * geometry.rowHeight + stuckHeight(geometry, stuck);
}

/** The zoom at which all rows are in sight at once; never more than 1. */
export function fittingZoom(
  geometry: Geometry,
  rows: number,
  stuck: number,
  height: number,
): number {
  const room = Math.max(1, height - 1 - stuckHeight(geometry, stuck));
  return Math.min(1, room / (Math.max(1, rows) * geometry.labelHeight));
}

/** Middle of a lane's bar. */
export function laneX(geometry: Geometry, lane: number): number {
  return geometry.gutter + lane * geometry.laneWidth + geometry.barOffset;
}

/** Middle of a row. */
export function rowY(geometry: Geometry, row: number): number {
  return (row + 0.5) * geometry.rowHeight;
}

export interface RowWindow {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

const wholeUpTo = 120;
/** Rows beyond what is in sight, so that they are there when they come into it. */
const margin = 10;
/** The same for the first picture, which should be there soon. */
const firstMargin = 1;

/** The rows to draw: all of a short schedule, what is in sight of a long one. */
export function visibleRows(
  geometry: Geometry,
  rows: number,
  scrollTop: number,
  height: number,
  first = false,
): RowWindow {
  if (rows <= wholeUpTo) return { from: 0, to: rows };
  const top = Math.floor(scrollTop / geometry.rowHeight);
  const count = Math.ceil(height / geometry.rowHeight);
  const more = first ? firstMargin : margin;
  return {
    from: Math.max(0, Math.min(rows, top) - more),
    to: Math.min(rows, top + count + more),
  };
}
