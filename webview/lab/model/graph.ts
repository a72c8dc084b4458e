// Where the pages are drawn: a row for each number of links from the start; many pages are a grid of small cells.

import type { Page, PageState } from "./run.js";

/** Pages that are drawn as nodes with lines; of more, each is a cell. */
export const mostNodes = 60;
export const nodeRadius = 9;
const rowHeight = 34;
const leastGap = 24;
const mostGap = 64;

export interface Node {
  readonly page: Page;
  readonly x: number;
  readonly y: number;
}

export interface Drawn {
  readonly nodes: readonly Node[];
  /** From the page that it was found on first. */
  readonly lines: readonly { readonly from: Node; readonly to: Node }[];
  readonly height: number;
}

/** @param width in pixels; a row that is too wide goes on in the next one */
export function layOutPages(pages: readonly Page[], width: number): Drawn {
  const perRow = Math.max(1, Math.floor((width - leastGap) / leastGap));
  const nodes = new Map<string, Node>();
  let row = 0;
  for (const level of levelsOf(pages)) {
    // As many rows as it takes, each about as full as the next.
    const inRow = Math.ceil(level.length / Math.ceil(level.length / perRow));
    for (let start = 0; start < level.length; start += inRow) {
      const part = level.slice(start, start + inRow);
      const gap = Math.min(mostGap, width / part.length);
      const left = (width - gap * (part.length - 1)) / 2;
      for (const [i, page] of part.entries())
        nodes.set(page.url, { page, x: left + i * gap, y: rowHeight * (row + 0.5) });
      row++;
    }
  }
  const lines = [...nodes.values()].flatMap((to) => {
    const from = to.page.from === null ? undefined : nodes.get(to.page.from);
    return from === undefined ? [] : [{ from, to }];
  });
  return { nodes: [...nodes.values()], lines, height: rowHeight * row };
}

function levelsOf(pages: readonly Page[]): readonly (readonly Page[])[] {
  const levels: Page[][] = [];
  for (const page of pages) {
    const level = (levels[page.depth] ??= []);
    level.push(page);
  }
  // Pages of a level whose parent is not kept leave a hole.
  return levels.filter((it) => it.length > 0);
}

export interface Cell {
  readonly page: Page;
  readonly x: number;
  readonly y: number;
}

export interface Cells {
  readonly cells: readonly Cell[];
  /** Pixels from one cell to the next. */
  readonly size: number;
  readonly height: number;
}

/** In the order in which they were found, line by line. */
export function layOutCells(pages: readonly Page[], width: number): Cells {
  const size = pages.length > 1200 ? 8 : pages.length > 400 ? 11 : 15;
  const perRow = Math.max(1, Math.floor(width / size));
  const cells = pages.map((page, i) => ({
    page,
    x: (i % perRow) * size,
    y: Math.floor(i / perRow) * size,
  }));
  return { cells, size, height: Math.ceil(pages.length / perRow) * size };
}

/** The cell at a point; null: none. */
export function cellAt({ cells, size }: Cells, x: number, y: number): Cell | null {
  return cells.find((it) => x >= it.x && x < it.x + size && y >= it.y && y < it.y + size) ?? null;
}

const stateWords: Readonly<Record<PageState, string>> = {
  found: "in the queue",
  fetching: "on its way",
  fetched: "fetched",
  failed: "failed",
  redirected: "redirects",
};

/** `/page/3: fetched, asked for once` */
export function pageSentence({ url, state, times, note }: Page): string {
  const asked = times === 0 ? "" : times === 1 ? ", asked for once" : `, asked for ${times} times`;
  const why = note === "" ? "" : ` (${state === "redirected" ? pathOf(note) : note})`;
  return `${pathOf(url)}: ${stateWords[state]}${why}${asked}`;
}

/** What of a URL tells it apart from others of its site. */
export function pathOf(url: string): string {
  return /^https?:\/\/[^/]+(\/.*)$/.exec(url)?.[1] ?? url;
}
