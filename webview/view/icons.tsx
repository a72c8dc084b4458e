import type { JSX } from "preact";
import type { OutcomeKind } from "../../protocol/finding.js";
import { lanePath, lookOf } from "../model/shapes.js";

export { lanePath };

// Drawn, not a font: shapes carry meaning (which lane, which outcome) and follow the theme's colours.

/** CSS class that sets `--lane` to the lane's colour. */
export const laneClass = (lane: number): string => `lane-${lookOf(lane) + 1}`;

export function LaneMark({ lane }: { readonly lane: number }): JSX.Element {
  return (
    <svg
      class={`mark ${laneClass(lane)}`}
      width="12"
      height="12"
      viewBox="-6 -6 12 12"
      aria-hidden="true"
    >
      <path d={lanePath(lane, 4.4)} />
    </svg>
  );
}

const glyphs: Readonly<Record<string, string>> = {
  first: "M3 3v10M13 3.5 6 8l7 4.5z",
  previous: "M11 3.5 4.5 8l6.5 4.5z",
  next: "M5 3.5 11.5 8 5 12.5z",
  last: "M13 3v10M3 3.5 10 8l-7 4.5z",
  play: "M4 2.5 13 8l-9 5.5z",
  pause: "M4.5 3v10M11.5 3v10",
  arrows: "M3 4h7l-2.2-2.2M10 4 7.800 6.200M13 12H6l2.200-2.200M6 12l2.200 2.200",
  compare:
    "M2.500 3h4.500v10H2.500zM9 3h4.500v10H9zM4 6h1.500M10.500 6h1.500M4 9h1.500M10.500 9h1.500",
  twistie: "M6 3.500 10.500 8 6 12.500",
  help: "M5.8 6a2.200 2.200 0 1 1 3.300 1.900C8.300 8.400 8 8.800 8 9.700M8 11.900v.2",
  lock: "M4 7.500h8v5.500H4zM5.500 7.500V5.500a2.500 2.500 0 0 1 5 0v2",
  wait: "M4.500 2.500h7M4.500 13.500h7M5 2.500c0 3 6 4 6 5.500s-6 2.500-6 5.500M11 2.500c0 3-6 4-6 5.500s6 2.500 6 5.500",
  refresh: "M13 8a5 5 0 1 1-1.500-3.500M13 2v3h-3",
  pick: "M8 14V9.500M8 9.500C8 6.500 4 7 4 3.500M8 9.500C8 6.500 12 7 12 3.500M2.200 5 4 3l1.800 2",
  swap: "M2.500 5.500h9M9 3l2.500 2.500L9 8M13.500 10.500h-9M7 8l-2.500 2.500L7 13",
  search: "M10.200 10.200 14 14M2.500 6.800a4.300 4.300 0 1 0 8.600 0a4.300 4.300 0 1 0-8.600 0z",
  fit: "M8 2v12M5.500 4.500 8 2l2.500 2.500M5.500 11.500 8 14l2.500-2.500",
  plus: "M8 3.500v9M3.500 8h9",
  minus: "M3.500 8h9",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
  export: "M8 10V2.500M5 5l3-3 3 3M3 8.500v5h10v-5",
  check: "M3 8.500 6.500 12 13 4.500",
  cross: "M4 4l8 8M12 4l-8 8",
  question: "M5.500 6a2.500 2.500 0 1 1 3.800 2.100C8.300 8.800 8 9.200 8 10M8 12.400v.200",
  warning: "M8 2.500 14.500 13.500H1.500zM8 6.500v3.500M8 11.800v.2",
};

const filled = new Set(["play", "previous", "next"]);

export function Icon({ name }: { readonly name: string }): JSX.Element {
  return (
    <svg
      class={filled.has(name) ? "icon filled" : "icon"}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <path d={glyphs[name] ?? ""} />
    </svg>
  );
}

const outcomeGlyphs: Readonly<Record<OutcomeKind, string>> = {
  race: "swap",
  deadlock: "lock",
  livelock: "refresh",
  panic: "cross",
  assertion: "cross",
  leak: "wait",
  ok: "check",
};

export function OutcomeIcon({ kind }: { readonly kind: OutcomeKind }): JSX.Element {
  return (
    <span class={`outcome-icon ${kind === "ok" ? "good" : "bad"}`}>
      <Icon name={outcomeGlyphs[kind]} />
    </span>
  );
}
