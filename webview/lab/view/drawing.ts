// A canvas as wide as its place, painted whenever what it shows has changed.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { freshBrush } from "../../view/frames.js";

export interface Colors {
  readonly ink: string;
  readonly dim: string;
  readonly paper: string;
  readonly fetching: string;
  readonly good: string;
  readonly bad: string;
  readonly waiting: string;
}

export function colorsOf(element: HTMLElement): Colors {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  return {
    ink: color("--ink"),
    dim: color("--dim"),
    paper: color("--paper"),
    fetching: color("--fetching"),
    good: color("--good"),
    bad: color("--race"),
    waiting: color("--blocked"),
  };
}

interface Ref<T> {
  current: T | null;
}

/** Width of an element in pixels, also when it changes; 0 before it is there. */
export function useWidth(): readonly [Ref<HTMLDivElement>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const it = element.current;
    if (it === null) return undefined;
    const observer = new ResizeObserver(() => {
      setWidth(Math.floor(it.clientWidth));
    });
    observer.observe(it);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [element, width];
}

/** Paints when one of `shown` is another one. */
export function usePaint(
  width: number,
  height: number,
  paint: (brush: CanvasRenderingContext2D, colors: Colors) => void,
  shown: readonly unknown[],
): Ref<HTMLCanvasElement> {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const it = canvas.current;
    if (it === null || width === 0) return;
    const brush = freshBrush(it, width, height);
    if (brush !== null) paint(brush, colorsOf(it));
  }, [width, height, ...shown]);
  return canvas;
}
