import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import {
  cellAt,
  type Cells,
  layOutCells,
  layOutPages,
  mostNodes,
  type Node,
  nodeRadius,
  pageSentence,
  pathOf,
} from "../model/graph.js";
import type { Page, Run } from "../model/run.js";
import { counted } from "../model/words.js";
import { AsTable } from "./as-table.js";
import { type Colors, usePaint, useWidth } from "./drawing.js";

interface PagesProps {
  readonly run: Run | null;
  readonly theme: number;
}

/** Which pages were found, and how often each was asked for. */
export function Pages({ run, theme }: PagesProps): JSX.Element {
  const [place, width] = useWidth();
  const pages = useMemo(() => [...(run?.pages.values() ?? [])], [run?.pages]);
  return (
    <section class="room pages" aria-labelledby="pages-title">
      <h2 id="pages-title">Pages</h2>
      <div class="drawing-place" ref={place}>
        {pages.length === 0 || width === 0 ? null : pages.length <= mostNodes ? (
          <Graph pages={pages} width={width} />
        ) : (
          <CellsCanvas pages={pages} width={width} theme={theme} />
        )}
      </div>
      {pages.length === 0 ? (
        <p class="dim">Each page that a crawl finds, with how often it was asked for.</p>
      ) : (
        <>
          <Legend cells={pages.length > mostNodes} />
          <AsTable title="Pages by links from the start">
            {() => <PageTable pages={pages} />}
          </AsTable>
        </>
      )}
    </section>
  );
}

function Graph({
  pages,
  width,
}: {
  readonly pages: readonly Page[];
  readonly width: number;
}): JSX.Element {
  const { nodes, lines, height } = useMemo(() => layOutPages(pages, width), [pages, width]);
  return (
    <svg class="graph" width={width} height={height} role="img" aria-label={pagesSentence(pages)}>
      {lines.map(({ from, to }) => (
        <line
          key={to.page.url}
          class={to.page.state === "found" ? "line open" : "line"}
          x1={from.x}
          y1={from.y}
          x2={to.x}
          y2={to.y}
        />
      ))}
      {nodes.map((it) => (
        <PageNode key={it.page.url} node={it} />
      ))}
    </svg>
  );
}

/** The number says how often it was asked for; the shape says how it went. */
function PageNode({ node: { page, x, y } }: { readonly node: Node }): JSX.Element {
  const r = nodeRadius;
  const twice = page.times > 1 ? " twice" : "";
  return (
    <g class={`node ${page.state}${twice}`} transform={`translate(${x},${y})`}>
      <title>{pageSentence(page)}</title>
      {page.state === "failed" ? (
        <rect x={-r + 1} y={-r + 1} width={2 * r - 2} height={2 * r - 2} />
      ) : page.state === "redirected" ? (
        <path d={`M0 ${-r - 1}L${r + 1} 0L0 ${r + 1}L${-r - 1} 0z`} />
      ) : (
        <circle r={r} />
      )}
      <text y="3.5">{page.times > 1 ? `${page.times}!` : page.times}</text>
    </g>
  );
}

function CellsCanvas({
  pages,
  width,
  theme,
}: {
  readonly pages: readonly Page[];
  readonly width: number;
  readonly theme: number;
}): JSX.Element {
  const cells = useMemo(() => layOutCells(pages, width), [pages, width]);
  const canvas = usePaint(
    width,
    cells.height,
    (brush, colors) => {
      paintCells(brush, colors, cells);
    },
    [cells, theme],
  );
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={pagesSentence(pages)}
      onMouseMove={({ currentTarget, offsetX, offsetY }) => {
        const cell = cellAt(cells, offsetX, offsetY);
        currentTarget.title = cell === null ? "" : pageSentence(cell.page);
      }}
    />
  );
}

function paintCells(brush: CanvasRenderingContext2D, colors: Colors, cells: Cells): void {
  const side = cells.size - 3;
  for (const { page, x, y } of cells.cells) {
    const [left, top] = [x + 1.5, y + 1.5];
    const color = colorOf(page, colors);
    brush.strokeStyle = color;
    brush.fillStyle = color;
    brush.lineWidth = 1;
    if (page.state === "fetched") brush.fillRect(left, top, side, side);
    else brush.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
    if (page.state === "fetching")
      brush.fillRect(left + side / 4, top + side / 4, side / 2, side / 2);
    if (page.state === "failed") cross(brush, left, top, side);
    if (page.state === "redirected") brush.fillRect(left, top + side / 2, side, side / 2);
    if (page.times > 1) {
      brush.strokeStyle = colors.bad;
      brush.lineWidth = 2;
      brush.strokeRect(x + 0.5, y + 0.5, cells.size - 1, cells.size - 1);
    }
  }
}

function cross(brush: CanvasRenderingContext2D, x: number, y: number, side: number): void {
  brush.beginPath();
  brush.moveTo(x, y);
  brush.lineTo(x + side, y + side);
  brush.moveTo(x + side, y);
  brush.lineTo(x, y + side);
  brush.stroke();
}

function colorOf({ state, times }: Page, colors: Colors): string {
  if (times > 1 || state === "failed") return colors.bad;
  if (state === "fetched") return colors.good;
  return state === "found" ? colors.dim : colors.fetching;
}

function Legend({ cells }: { readonly cells: boolean }): JSX.Element {
  return (
    <ul class={cells ? "legend cells" : "legend"} aria-label="Legend of the pages">
      <li>
        <i class="key found" aria-hidden="true" /> in the queue
      </li>
      <li>
        <i class="key fetching" aria-hidden="true" /> on its way
      </li>
      <li>
        <i class="key fetched" aria-hidden="true" /> fetched
      </li>
      <li>
        <i class="key redirected" aria-hidden="true" /> redirects
      </li>
      <li>
        <i class="key failed" aria-hidden="true" /> failed
      </li>
      <li>
        <i class="key twice" aria-hidden="true" /> fetched twice
      </li>
    </ul>
  );
}

const most = 20;

function PageTable({ pages }: { readonly pages: readonly Page[] }): JSX.Element {
  const depths = [...new Set(pages.map((it) => it.depth))].sort((a, b) => a - b);
  const notable = pages.filter((it) => it.times > 1 || it.state === "failed");
  const of = (depth: number, wanted: (it: Page) => boolean): number =>
    pages.filter((it) => it.depth === depth && wanted(it)).length;
  return (
    <>
      <table class="facts-table">
        <thead>
          <tr>
            <th scope="col">Links from the start</th>
            <th scope="col">Found</th>
            <th scope="col">Fetched</th>
            <th scope="col">Failed</th>
            <th scope="col">Twice</th>
          </tr>
        </thead>
        <tbody>
          {depths.map((depth) => (
            <tr key={depth}>
              <th scope="row">{depth}</th>
              <td>{of(depth, () => true)}</td>
              <td>{of(depth, (it) => it.state === "fetched" || it.state === "redirected")}</td>
              <td>{of(depth, (it) => it.state === "failed")}</td>
              <td>{of(depth, (it) => it.times > 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="notable">
        {notable.slice(0, most).map((it) => (
          <li key={it.url} title={it.url}>
            {pageSentence(it)}
          </li>
        ))}
        {notable.length > most ? <li>and {notable.length - most} more</li> : null}
      </ul>
    </>
  );
}

function pagesSentence(pages: readonly Page[]): string {
  const count = (wanted: (it: Page) => boolean): number => pages.filter(wanted).length;
  const [start] = pages;
  const from = start === undefined ? "" : ` from ${pathOf(start.url)}`;
  return [
    `${counted(pages.length, "page")} found${from}`,
    `${count((it) => it.times > 0)} asked for`,
    `${count((it) => it.state === "failed")} failed`,
    `${count((it) => it.times > 1)} fetched twice`,
  ].join(", ");
}
