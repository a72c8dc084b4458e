import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Levels } from "../model/levels.js";
import type { Timeline } from "../model/timeline.js";
import { paintOverview } from "../paint/overview.js";
import { usePainted } from "./painted.js";
import { framesOf, freshBrush } from "./frames.js";
import type { Sight } from "./sight.js";
import { onThemeChange, paletteOf } from "./theme.js";

interface Props {
  readonly timeline: Timeline;
  readonly levels: Levels;
  readonly row: number;
  readonly sentence: string;
  readonly sight: Sight;
  readonly go: (row: number) => void;
}

/** The whole schedule, left to right: who ran when, where it went wrong, where the cursor is, what is in sight below. */
export function Strip({ timeline, levels, row, sentence, sight, go }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const painted = usePainted();
  useOverview(canvas, timeline, levels, painted);
  useLayoutEffect(
    () =>
      sight.listen(({ from, to }) => {
        const it = frame.current;
        if (it === null) return;
        it.style.left = percent(from);
        it.style.width = percent(to - from);
        it.hidden = to - from > 0.995;
      }),
    [sight],
  );
  const rows = Math.max(1, timeline.rows.length);
  const scrub = (event: PointerEvent): void => {
    if (event.buttons === 0 || !(event.currentTarget instanceof Element)) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / Math.max(1, box.width)) * rows);
    go(Math.min(rows - 1, Math.max(0, at)));
  };
  return (
    <div
      class="strip"
      role="slider"
      aria-label="Step"
      aria-valuemin={1}
      aria-valuemax={rows}
      aria-valuenow={row + 1}
      aria-valuetext={sentence}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        scrub(event);
      }}
      onPointerMove={scrub}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <div class="in-sight" ref={frame} />
      <div class="here" style={{ left: percent(row / rows), width: percent(1 / rows) }} />
    </div>
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(3)}%`;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Paints the strip when the schedule, its size or the theme changes: not when the cursor moves. */
function useOverview(
  canvas: { readonly current: HTMLCanvasElement | null },
  timeline: Timeline,
  levels: Levels,
  /** Whether the lanes are there, which come first. */
  painted: boolean,
): void {
  useLayoutEffect(() => {
    const it = canvas.current;
    const around = it?.parentElement;
    if (!painted || it === null || around === null || around === undefined) return undefined;
    const size = (): Size => ({ width: around.clientWidth, height: around.clientHeight });
    let last: Size = { width: 0, height: 0 };
    const loop = framesOf(it, () => {
      const { width, height } = (last = size());
      const brush = freshBrush(it, width, height);
      if (brush !== null) paintOverview(brush, timeline, levels, paletteOf(it), width, height);
    });
    const dress = onThemeChange(loop.request);
    // It calls also for the size that is there from the beginning.
    const sized = new ResizeObserver(() => {
      const { width, height } = size();
      if (width !== last.width || height !== last.height) loop.request();
    });
    sized.observe(around);
    loop.request();
    return () => {
      sized.disconnect();
      dress();
      loop.stop();
    };
  }, [canvas, timeline, levels, painted]);
}
