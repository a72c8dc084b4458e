import { levels } from "../../protocol/finding.js";
import type { ServerSettings } from "../../protocol/lsp.js";
import type { CheckOptions } from "../engine/engine.js";

export const defaultSettings: ServerSettings = {
  enable: true,
  delay: 300,
  codeLens: true,
  showGaps: false,
  explore: { timeBudgetMs: 2000, maxExecutions: 20_000 },
  rules: {},
  baseline: "",
};

/** Steps of one execution before it is given up as endless. */
const depth = 20_000;

export function limitsOf(settings: ServerSettings): CheckOptions["limits"] {
  return {
    executions: settings.explore.maxExecutions,
    millis: settings.explore.timeBudgetMs,
    depth,
  };
}

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** Whatever the client sent as our section; what is missing or of the wrong type keeps its default. */
export function readSettings(value: unknown): ServerSettings {
  const root = isJson(value) ? value : {};
  const explore = isJson(root["explore"]) ? root["explore"] : {};
  const flag = (it: unknown, or: boolean): boolean => (typeof it === "boolean" ? it : or);
  const count = (it: unknown, or: number, least: number, most: number): number =>
    typeof it === "number" && Number.isFinite(it) ? Math.min(most, Math.max(least, it)) : or;
  const or = defaultSettings;
  return {
    enable: flag(root["enable"], or.enable),
    delay: count(root["delay"], or.delay, 0, 5000),
    codeLens: flag(root["codeLens"], or.codeLens),
    showGaps: flag(root["showGaps"], or.showGaps),
    explore: {
      timeBudgetMs: count(explore["timeBudgetMs"], or.explore.timeBudgetMs, 50, 600_000),
      maxExecutions: count(explore["maxExecutions"], or.explore.maxExecutions, 1, 1e9),
    },
    rules: readRules(root["rules"]),
    baseline: typeof root["baseline"] === "string" ? root["baseline"] : or.baseline,
  };
}

function readRules(value: unknown): ServerSettings["rules"] {
  if (!isJson(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([code, level]) => {
      const known = levels.find((it) => it === level);
      return known === undefined ? [] : [[code, known]];
    }),
  );
}
