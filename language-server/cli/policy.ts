import { existsSync, readFileSync } from "node:fs";
import { levels, type Level } from "../../protocol/finding.js";
import { parseBaseline } from "../report/baseline.js";
import type { Policy } from "../report/policy.js";
import type { Options } from "./args.js";

/** What the options say about which findings to show; else what is wrong with them. */
export function policyOf(
  { rules, baseline }: Options,
  codes: ReadonlySet<string>,
): Policy | string {
  const ruled = new Map<string, Level>();
  for (const rule of rules) {
    const [code = "", level = ""] = rule.split("=");
    const known = levels.find((it) => it === level);
    if (known === undefined) return `--rule ${rule}: the level is one of ${levels.join(", ")}`;
    if (!codes.has(code)) return `--rule ${rule}: no check is called ${code}`;
    ruled.set(code, known);
  }
  if (baseline === undefined) return { rules: ruled, baseline: new Set() };
  if (!existsSync(baseline)) return `${baseline}: no such file`;
  const known = parseBaseline(readFileSync(baseline, "utf8"));
  return typeof known === "string" ? `${baseline} ${known}` : { rules: ruled, baseline: known };
}
