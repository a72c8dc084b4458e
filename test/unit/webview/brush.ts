import type { Brush } from "../../../webview/paint/scene.js";

/** A brush that writes down what it is asked to do, with every point in it. */
export interface RecordingBrush {
  readonly brush: Brush;
  /** `fill #aa0000`, `stroke #00bb00`: in order. */
  readonly strokes: string[];
  /** Every number that was passed as a coordinate. */
  readonly numbers: number[];
  /** How many calls there were in all. */
  calls(): number;
  /** How many `save` are open. */
  depth(): number;
}

export function recordingBrush(): RecordingBrush {
  const strokes: string[] = [];
  const numbers: number[] = [];
  let calls = 0;
  let depth = 0;
  const path = (...values: readonly unknown[]): void => {
    calls += 1;
    for (const it of values) if (typeof it === "number") numbers.push(it);
  };
  const brush: Brush = {
    fillStyle: "",
    strokeStyle: "",
    globalAlpha: 1,
    lineCap: "butt",
    lineWidth: 1,
    arc: path,
    beginPath: path,
    clip: () => {
      calls += 1;
    },
    closePath: path,
    fill: () => {
      calls += 1;
      strokes.push(`fill ${brush.fillStyle as string}`);
    },
    fillRect: path,
    lineTo: path,
    moveTo: path,
    quadraticCurveTo: path,
    rect: path,
    restore: () => {
      depth -= 1;
    },
    roundRect: path,
    save: () => {
      depth += 1;
    },
    setLineDash: path,
    stroke: () => {
      calls += 1;
      strokes.push(`stroke ${brush.strokeStyle as string}`);
    },
  };
  return { brush, strokes, numbers, calls: () => calls, depth: () => depth };
}
