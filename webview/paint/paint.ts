import { hasText } from "../model/geometry.js";
import { paintArrows, paintBaton, paintRacePair, paintSpawns } from "./connections.js";
import { paintPixels } from "./pixels.js";
import {
  type Brush,
  detailOf,
  type Palette,
  rowsInSight,
  type Scene,
  type Viewport,
} from "./scene.js";
import { paintFound, paintSteps, paintStuck } from "./steps.js";
import { paintStretches } from "./stretches.js";

/**
 * The picture behind the text: bars, locks, switches, arrows, and the pair that races. Paints what lies in the viewport,
 * in coordinates of the whole drawing, on a brush that has been cleared and moved there; leaves the brush as it was.
 */
export function paint(brush: Brush, scene: Scene, palette: Palette, port: Viewport): void {
  if (scene.timeline.rows.length === 0) return;
  const rows = rowsInSight(scene, port);
  const detail = detailOf(scene.geometry);
  if (detail === "pixels") paintPixels(brush, scene, palette, port);
  else paintStretches(brush, scene, palette, rows);
  paintSpawns(brush, scene, palette);
  paintBaton(brush, scene, palette, rows);
  paintArrows(brush, scene, palette, rows);
  // Rows with text have a mark of their own.
  if (!hasText(scene.geometry)) paintFound(brush, scene, palette, rows);
  paintSteps(brush, scene, palette, rows);
  paintRacePair(brush, scene, palette);
  paintStuck(brush, scene, palette);
}
