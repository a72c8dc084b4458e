// Drawing on a canvas at most once a frame, and never without a reason.

export interface Frames {
  /** Draws in the next frame, once, however often it is asked. */
  readonly request: () => void;
  readonly stop: () => void;
}

/** `draw` is called in an animation frame; `canvas` counts them in `data-frames`. */
export function framesOf(canvas: HTMLCanvasElement, draw: () => void): Frames {
  let asked: number | null = null;
  let drawn = 0;
  return {
    request: () => {
      asked ??= requestAnimationFrame(() => {
        asked = null;
        draw();
        drawn += 1;
        canvas.dataset["frames"] = `${drawn}`;
      });
    },
    stop: () => {
      if (asked !== null) cancelAnimationFrame(asked);
      asked = null;
    },
  };
}

/** A cleared brush for a canvas of this size in CSS pixels, in which one unit is one CSS pixel. */
export function freshBrush(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  // Setting a size clears the canvas and gives its memory back, so only where it changes.
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const brush = canvas.getContext("2d");
  brush?.setTransform(1, 0, 0, 1, 0, 0);
  brush?.clearRect(0, 0, w, h);
  brush?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return brush;
}
