import { escapeXml, element } from "./xml.js";

// Text in a drawing that nobody measures: widths are estimated, on the wide side, and what would not fit is shortened.

export type Face = "plain" | "code" | "value" | "aside";

/** A stretch of text in one type. */
export interface Run {
  readonly face: Face;
  readonly text: string;
}

/** Pixels of a character, at the sizes of `rules.ts`. */
const advance: Readonly<Record<Face, number>> = { plain: 6.7, code: 7.3, value: 7.5, aside: 6.4 };
const gap = 5;

/** Pixels that the runs take side by side. */
export function widthOf(runs: readonly Run[]): number {
  const widths = runs.map(({ face, text }) => columns(text) * advance[face]);
  return widths.reduce((sum, it) => sum + it + gap, -gap);
}

/** Characters as wide as a Latin one: those of East Asian scripts and emoji count twice. */
function columns(text: string): number {
  const wide = text.match(
    /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]|\p{Extended_Pictographic}/gu,
  );
  return Array.from(text).length + (wide?.length ?? 0);
}

/** Fewer characters than these say nothing. */
const fewest = 3;

/** The runs, shortened until they fit: the longest first, since what is short says more for its length. */
export function fitted(runs: readonly Run[], room: number): readonly Run[] {
  const shown = runs.filter((it) => it.text !== "");
  if (widthOf(shown) <= room) return shown;
  const characters = shown.map((it) => Array.from(it.text));
  for (let most = Math.ceil(room / advance.aside); ; most--) {
    const cut = shown.map((it, index) => ({
      ...it,
      text: shortened(characters[index] ?? [], most),
    }));
    if (widthOf(cut) <= room || most <= fewest) return cut;
  }
}

/** At most so many characters, with both ends kept. */
function shortened(characters: readonly string[], most: number): string {
  if (characters.length <= Math.max(most, fewest)) return characters.join("");
  const tail = Math.min(6, Math.floor(most / 3));
  const head = characters.slice(0, Math.max(1, most - tail - 1));
  return `${head.join("")}…${characters.slice(characters.length - tail).join("")}`;
}

/** Lines of at most `room` pixels, broken at spaces. */
export function wrapped(text: string, room: number, face: Face = "plain"): readonly string[] {
  const most = Math.max(12, Math.floor(room / advance[face]));
  const lines: string[] = [];
  let rest = text.trim();
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most);
    const end = space > most / 3 ? space : most;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** One line of runs, beginning at x on the baseline y. */
export function line(x: number, y: number, runs: readonly Run[], className = ""): string {
  const spans = runs.map(({ face, text }, index) =>
    element("tspan", index === 0 ? { class: face } : { class: face, dx: gap }, escapeXml(text)),
  );
  return element("text", { x, y, ...(className === "" ? {} : { class: className }) }, ...spans);
}

/** Plain text; `anchor` says which end of it x is. */
export function label(
  x: number,
  y: number,
  className: string,
  text: string,
  anchor: "start" | "middle" | "end" = "start",
): string {
  const more = anchor === "start" ? {} : { "text-anchor": anchor };
  return element("text", { x, y, class: className, ...more }, escapeXml(text));
}
