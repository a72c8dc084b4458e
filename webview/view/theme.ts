import type { Palette } from "../paint/scene.js";

// A canvas does not restyle itself: its colours are read from the style sheet, and again whenever VS
// Code dresses the page in another theme.

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  return {
    ink: color("--ink"),
    paper: color("--paper"),
    here: color("--here"),
    order: color("--order"),
    race: color("--race"),
    lock: color("--lock"),
    blocked: color("--blocked"),
    lanes: Array.from({ length: 8 }, (_, it) => color(`--vscode-happensBefore-lane${it + 1}`)),
  };
}

/** Calls back when the theme may have changed, until the returned function is called. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  return () => {
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
