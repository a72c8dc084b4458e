import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Geometry, rowY } from "../model/geometry.js";
import { topToSee } from "../model/in-sight.js";
import type { Glance, PanelEvent } from "../model/store.js";
import type { Timeline } from "../model/timeline.js";
import type { Sight } from "./sight.js";

// What of the lanes is in sight, and who moves it: the wheel, the cursor, zooming, panning.

type Scroller = { readonly current: HTMLDivElement | null };

export interface View {
  readonly width: number;
  readonly height: number;
  /** Of the lanes' heads, which stay above the rows. */
  readonly head: number;
  /** Scroll position, in coarse steps: rows are kept beyond what is in sight. */
  readonly top: number;
}

const coarse = 120;
const coarsely = (top: number): number => Math.floor(top / coarse) * coarse;

/** Before the first measurement nothing is drawn: it would be drawn again at once. */
const unseen: View = { width: 0, height: 0, head: 0, top: 0 };

/**
 * Size and scroll position of the element, kept up to date; of width 0 until it is known. `begin` tells where a view of
 * that size will be scrolled to as soon as there is anything to scroll, so that the right rows are there at once.
 * `measure` looks at once, where the event would come a frame later.
 */
export function useView(
  element: Scroller,
  begin: (size: View) => number,
): { readonly view: View; readonly measure: Measure } {
  const [view, setView] = useState<View>(unseen);
  const latest = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    const it = element.current;
    if (it === null) return undefined;
    let begun = false;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = it;
      const size = { width, height, head: headHeight(it), top: 0 };
      const top = begun ? it.scrollTop : begin(size);
      begun ||= width > 0;
      const next = { ...size, top: coarsely(top) };
      setView((old) => (same(old, next) ? old : next));
    };
    latest.current = measure;
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(it);
    if (it.firstElementChild !== null) observer.observe(it.firstElementChild);
    it.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      it.removeEventListener("scroll", measure);
    };
  }, [element]);
  return { view, measure: latest };
}

type Measure = { readonly current: () => void };

/** With the line below the heads. */
const headHeight = ({ firstElementChild: it }: HTMLElement): number =>
  it instanceof HTMLElement ? it.offsetHeight : 0;

const same = (a: View, b: View): boolean =>
  a.width === b.width && a.height === b.height && a.head === b.head && a.top === b.top;

/** Scrolls so that the row at the cursor is seen. */
export function useKeepInSight(
  scroller: Scroller,
  row: number,
  geometry: Geometry,
  timeline: Timeline,
  stuck: number,
  /** When its size changes, what was in sight may no longer be. */
  view: View,
): void {
  const latest = useRef(geometry);
  latest.current = geometry;
  useLayoutEffect(() => {
    const it = scroller.current;
    if (it === null || view.width === 0) return;
    const { scrollTop } = it;
    const sight = { top: scrollTop, height: view.height - view.head };
    const top = topToSee(timeline, latest.current, stuck, row, sight);
    if (top !== scrollTop) it.scrollTop = top;
  }, [scroller, row, geometry.form, timeline, stuck, view.width, view.height, view.head]);
}

/** What stays where it is when the rows become higher or lower. */
interface Anchor {
  /** In rows, with the part of a row. */
  readonly row: number;
  /** Pixels below the heads. */
  readonly at: number;
}

interface ZoomAnchor {
  /** Where it will be scrolled to once rows of a new height are there, in coarse steps; null: where it is. */
  readonly top: number | null;
  readonly onWheel: (event: WheelEvent) => void;
}

/** Keeps the step at the cursor in its place when zooming, or with the wheel what is under the pointer. */
export function useZoomAnchor(
  scroller: Scroller,
  { rowHeight }: Geometry,
  row: number,
  measure: Measure,
  send: (event: PanelEvent) => void,
): ZoomAnchor {
  const pointed = useRef<Anchor | null>(null);
  const before = useRef(rowHeight);
  const around = scroller.current;
  const anchor =
    around === null || before.current === rowHeight
      ? null
      : (pointed.current ?? anchorAt(around, before.current, row));
  const top = anchor === null ? null : Math.max(0, anchor.row * rowHeight - anchor.at);
  useLayoutEffect(() => {
    before.current = rowHeight;
    pointed.current = null;
    if (scroller.current === null || top === null) return;
    scroller.current.scrollTop = top;
    measure.current();
    // Only with the height: where it was to be scrolled to then.
  }, [scroller, rowHeight]);
  const onWheel = (event: WheelEvent): void => {
    const it = scroller.current;
    if (it === null || !event.ctrlKey) return;
    event.preventDefault();
    const at = event.clientY - it.getBoundingClientRect().top - headHeight(it);
    pointed.current = { row: (it.scrollTop + at) / before.current, at };
    // At the ends of the range nothing is zoomed, and what was pointed at must not be kept for later.
    requestAnimationFrame(() => {
      pointed.current = null;
    });
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    send({ type: "zoom", times: Math.exp(-event.deltaY * lines * 0.002) });
  };
  return { top: top === null ? null : coarsely(top), onWheel };
}

/** The cursor where it is; in the middle when it is out of sight. */
function anchorAt(it: HTMLElement, rowHeight: number, row: number): Anchor {
  const height = it.clientHeight - headHeight(it);
  const at = (row + 0.5) * rowHeight - it.scrollTop;
  return { row: row + 0.5, at: at >= 0 && at <= height ? at : height / 2 };
}

/** Tells which part of the schedule is in sight, whenever that changes. */
export function useSight(scroller: Scroller, geometry: Geometry, rows: number, sight: Sight): void {
  useLayoutEffect(() => {
    const it = scroller.current;
    if (it === null) return undefined;
    const tell = (): void => {
      const height = Math.max(1, rows * geometry.rowHeight);
      const bottom = it.scrollTop + it.clientHeight - headHeight(it);
      sight.set({ from: it.scrollTop / height, to: Math.min(1, bottom / height) });
    };
    tell();
    const sized = new ResizeObserver(tell);
    sized.observe(it);
    it.addEventListener("scroll", tell, { passive: true });
    return () => {
      sized.disconnect();
      it.removeEventListener("scroll", tell);
      sight.set({ from: 0, to: 1 });
    };
  }, [scroller, geometry, rows, sight]);
}

/** Carries out what moves the lanes and leaves the step where it is. */
export function useGlances(
  scroller: Scroller,
  glance: Glance,
  geometry: Geometry,
  row: number,
): void {
  const done = useRef(glance.serial);
  useLayoutEffect(() => {
    const it = scroller.current;
    if (it === null || done.current === glance.serial) return;
    done.current = glance.serial;
    const height = it.clientHeight - headHeight(it);
    if (glance.kind === "focus") it.scrollTop = rowY(geometry, row) - height / 2;
    else it.scrollTop += (glance.direction * height) / 4;
  }, [scroller, glance, geometry, row]);
}
