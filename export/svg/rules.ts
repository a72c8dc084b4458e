import { dark, light, type Palette } from "../palette.js";

/** `auto`: what whoever looks at it prefers. */
export type Theme = "auto" | "light" | "dark";

/**
 * The looks of a drawing, as a style sheet. Without variables, which programs that draw SVG outside of browsers do not
 * know.
 */
export function styleRules(theme: Theme): string {
  const base = theme === "dark" ? dark : light;
  const rules = `${shapeRules}${colorRules(base)}`;
  return theme === "auto"
    ? `${rules}@media (prefers-color-scheme:dark){${colorRules(dark)}}`
    : rules;
}

const plain = "system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif";
const code = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

const shapeRules = [
  `.hb text{font:12.5px ${plain}}`,
  `.hb .title{font-size:18px;font-weight:600}`,
  `.hb .entry,.hb .place,.hb .code,.hb .value{font-family:${code};font-size:12px;font-weight:400}`,
  `.hb .value,.hb .name,.hb .marked .plain{font-weight:600}`,
  `.hb .aside,.hb .note{font-size:12px}`,
  `.hb .aside{font-style:italic}`,
  `.hb .small{font-size:11.5px}`,
  `.hb .pill-text{font-size:10.5px;font-weight:700;letter-spacing:.04em}`,
  `.hb .halo{paint-order:stroke;stroke-width:4;stroke-linejoin:round}`,
  `.hb .line{fill:none;stroke-width:2;stroke-linecap:round}`,
  `.hb .ready{stroke-dasharray:.1 5;opacity:.75}`,
  `.hb .thin{fill:none;stroke-width:1}`,
  `.hb .baton{fill:none;stroke-width:1;opacity:.25}`,
  `.hb .preempted{fill:none;stroke-width:1.5;stroke-dasharray:4 3}`,
  `.hb .order{fill:none;stroke-width:1.4;opacity:.6}`,
  `.hb .race-line{fill:none;stroke-width:2;stroke-dasharray:6 4}`,
  `.hb .trouble-line{fill:none;stroke-width:2}`,
  `.hb .mark{stroke-width:1.6}`,
  `.hb .band{fill-opacity:.1}`,
].join("");

function colorRules(it: Palette): string {
  const lanes = it.lanes.map(
    (color, index) =>
      `.hb .l${index + 1}{fill:${color}}.hb .l${index + 1}.line,.hb .l${index + 1}.hollow{stroke:${color}}`,
  );
  return [
    `.hb text{fill:${it.ink}}`,
    `.hb .dim,.hb .plain,.hb .place,.hb .number,.hb .aside,.hb .entry{fill:${it.dim}}`,
    `.hb .marked .plain{fill:${it.ink}}`,
    `.hb .paper{fill:${it.paper}}.hb .halo{stroke:${it.paper}}.hb .raised{fill:${it.raised}}`,
    ...lanes,
    // After the lanes, because a line has no ground and a hollow mark that of the paper.
    `.hb .line{fill:none}.hb .hollow{fill:${it.paper}}.hb .mark:not(.hollow){stroke:${it.paper}}`,
    `.hb .rule{stroke:${it.rule}}.hb .baton{stroke:${it.ink}}.hb .preempted{stroke:${it.order}}`,
    `.hb .order{stroke:${it.order}}.hb .order-head{fill:${it.order}}`,
    `.hb .blocked{stroke:${it.blocked}}.hb .hatch{fill:${it.blocked}}`,
    `.hb .lock{fill:${it.lock}}.hb .lock.shared{fill:${it.paper};stroke:${it.lock}}`,
    `.hb .band,.hb .trouble,.hb .pill{fill:${it.race}}.hb .good{fill:${it.good}}`,
    `.hb .ring,.hb .tag{fill:${it.paper};stroke:${it.race}}.hb .race-line,.hb .trouble-line{stroke:${it.race}}`,
    `.hb .pill-text{fill:${it.paper}}.hb .tag-text{fill:${it.race}}`,
  ].join("");
}
