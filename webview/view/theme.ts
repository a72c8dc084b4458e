import type { Palette } from "../paint/scene.js";

// A canvas does not restyle itself: its colours are read from the style sheet, and again whenever VS
// Code dresses the page in another theme.

export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const forced = forcedColors().matches;
  const color = (name: string): string => {
    const written = style.getPropertyValue(name).trim() || style.color;
    return forced ? resolved(element, written) : written;
  };
  return {
    ink: color("--ink"),
    paper: color("--paper"),
    here: color("--here"),
    order: color("--order"),
    race: color("--race"),
    lock: color("--lock"),
    blocked: color("--blocked"),
    lanes: Array.from({ length: 8 }, (_, it) =>
      color(forced ? "--ink" : `--vscode-happensBefore-lane${it + 1}`),
    ),
  };
}

/** Where the system forces its colours on every page. */
const forcedColors = (): MediaQueryList => window.matchMedia("(forced-colors: active)");

/** What a name like `CanvasText` stands for: a canvas would take it for the one of a page that nothing is forced on. */
function resolved(element: HTMLElement, color: string): string {
  element.style.color = color;
  const it = getComputedStyle(element).color;
  element.style.color = "";
  return it;
}

/** Calls back when the theme may have changed, until the returned function is called. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  const forced = forcedColors();
  forced.addEventListener("change", changed);
  return () => {
    forced.removeEventListener("change", changed);
    observer.disconnect();
  };
}

/** Whether the user wants no motion, by VS Code's setting or the system's. */
export function wantsStill(): boolean {
  return (
    document.body.classList.contains("vscode-reduce-motion") ||
    window.matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}
