import { useEffect, useRef } from "preact/hooks";
import type { Geometry } from "../model/geometry.js";

/** Scrolls to the first step of the editor's line, unless one of them is in sight. */
export function useLitInSight(
  scroller: { readonly current: HTMLElement | null },
  lit: ReadonlySet<number>,
  { rowHeight }: Geometry,
): void {
  // Another zoom is no reason to move.
  const height = useRef(rowHeight);
  height.current = rowHeight;
  useEffect(() => {
    const it = scroller.current;
    const [first] = lit;
    if (it === null || first === undefined) return;
    const h = height.current;
    const head = it.firstElementChild?.clientHeight ?? 0;
    const inSight = (row: number): boolean =>
      row * h >= it.scrollTop && (row + 1) * h <= it.scrollTop + it.clientHeight - head;
    if (![...lit].some(inSight)) it.scrollTop = Math.max(0, (first - 1) * h);
  }, [scroller, lit]);
}
