import { describe, expect, it } from "vitest";
import { themes, themeVariables } from "../../ui/panel-page/themes.js";

/** Relative luminance of a `#rrggbb` colour (WCAG 2). */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(themes)("colours in %s", (theme) => {
  const colors = themeVariables(theme);
  const paper = colors["editor-background"] ?? "";
  const own = Object.keys(colors).filter((it) => it.startsWith("happensBefore-"));

  it.each(own)("%s can be told from the background", (name) => {
    const least = theme.includes("high-contrast") ? 7 : 3;
    expect(contrast(colors[name] ?? "", paper)).toBeGreaterThanOrEqual(least);
  });

  it.each(own.filter((it) => /lane|race|good/.test(it)))("%s can be read as text", (name) => {
    expect(contrast(colors[name] ?? "", paper)).toBeGreaterThanOrEqual(4.5);
  });
});
