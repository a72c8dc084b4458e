// The kernels: programs that hold one blocking bug or crash each, and beside each one the same program put right. Where a
// bad one gets stuck is written in it:
//
//	mu.Lock() // stuck            a goroutine waits here for ever; "stuck 2": two of them
//	close(ch) // panics "close of closed channel"
//	for !ready() { // spins       a goroutine goes round here for ever
//
// `// miss: reason` says that it is not found today; it fails when that changes. `// unforced: reason` says that the exported
// test does not make the real toolchain get stuck there, as far as was seen.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import type { Outcome, Witness } from "../../protocol/witness.js";

export interface Kernel {
  /** `family/name`. */
  readonly name: string;
  readonly family: string;
  /** Folders of the two programs. */
  readonly badFolder: string;
  readonly fixedFolder: string;
  /** Their sources. */
  readonly bad: string;
  readonly fixed: string;
  readonly ends: IntendedEnd;
}

/** How a bad kernel ends. Lines count from 1; one that several goroutines wait at comes as often. */
export interface IntendedEnd {
  readonly stuck: readonly number[];
  readonly spins: readonly number[];
  readonly panics: { readonly line: number; readonly text: string } | null;
  /** Why it is not found; null: it is. */
  readonly miss: string | null;
  /** Why its schedule is not forced on the real toolchain; null: it is. */
  readonly unforced: string | null;
}

/** In the order of their names. */
export function readKernels(root: string): readonly Kernel[] {
  const folder = path.join(root, "test", "fixtures", "kernels");
  const folders = (at: string): readonly string[] =>
    readdirSync(at, { withFileTypes: true })
      .filter((it) => it.isDirectory())
      .map((it) => it.name)
      .sort();
  return folders(folder).flatMap((family) =>
    folders(path.join(folder, family)).map((name): Kernel => {
      const badFolder = path.join(folder, family, name);
      const fixedFolder = path.join(badFolder, "fixed");
      const bad = readFileSync(path.join(badFolder, "main.go"), "utf8");
      const fixed = readFileSync(path.join(fixedFolder, "main.go"), "utf8");
      const ends = intendedEnd(bad);
      return { name: `${family}/${name}`, family, badFolder, fixedFolder, bad, fixed, ends };
    }),
  );
}

export function intendedEnd(source: string): IntendedEnd {
  const stuck: number[] = [];
  const spins: number[] = [];
  let panics: IntendedEnd["panics"] = null;
  source.split("\n").forEach((text, index) => {
    const line = index + 1;
    const [, count] = /\/\/ stuck(?: (\d+))?$/.exec(text) ?? [];
    if (/\/\/ stuck(?: \d+)?$/.test(text)) {
      stuck.push(...Array<number>(Number(count ?? "1")).fill(line));
    }
    if (/\/\/ spins$/.test(text)) spins.push(line);
    const [, words] = /\/\/ panics "(.*)"$/.exec(text) ?? [];
    if (words !== undefined) panics = { line, text: words };
  });
  const [, miss = null] = /^\/\/ miss: (.*)$/m.exec(source) ?? [];
  const [, unforced = null] = /^\/\/ unforced: (.*)$/m.exec(source) ?? [];
  return { stuck, spins, panics, miss, unforced };
}

/** Whether a schedule ends as the kernel means to. */
export function endsAsIntended(ends: IntendedEnd, { outcome, steps }: Witness): boolean {
  if (!isIntended(ends, outcome)) return false;
  if (outcome.kind !== "panic") return true;
  return (steps[outcome.step]?.span.start.line ?? -1) + 1 === ends.panics?.line;
}

/** Of a panic only what it says. */
export function isIntended({ stuck, spins, panics }: IntendedEnd, outcome: Outcome): boolean {
  if (panics !== null || outcome.kind === "panic") {
    return outcome.kind === "panic" && firstLine(outcome.message) === panics?.text;
  }
  if (!("blocked" in outcome) || spins.length > 0 !== (outcome.kind === "livelock")) return false;
  const lines = outcome.blocked.map((it) => it.span.start.line + 1);
  return sorted(lines).join() === sorted([...stuck, ...spins]).join();
}

/** Go's words without what kind of end it is, and without the signal and the goroutines that follow. */
function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/^(?:panic|fatal error): /, "");
}

function sorted(lines: readonly number[]): readonly number[] {
  return [...lines].sort((a, b) => a - b);
}

/** At warning or above. */
export function alarms({ findings }: CheckResult): readonly Finding[] {
  return findings.filter(({ severity }) => severity === "error" || severity === "warning");
}

/** The alarm whose schedule ends as intended. */
export function intended({ ends }: Kernel, result: CheckResult): Finding | undefined {
  return alarms(result).find(({ witness }) => witness !== null && endsAsIntended(ends, witness));
}

/** An alarm in a line, for those who read why a kernel is not found. */
export function told({ code, severity, confidence, primary, witness }: Finding): string {
  const end = witness === null ? "no schedule" : endText(witness.outcome);
  return `${primary.span.start.line + 1}: ${severity} ${confidence} ${code}: ${end}`;
}

function endText(outcome: Outcome): string {
  if ("blocked" in outcome) {
    const lines = outcome.blocked.map((it) => it.span.start.line + 1);
    return `${outcome.kind} at ${sorted(lines).join(", ")}`;
  }
  return "message" in outcome ? `${outcome.kind} ${outcome.message}` : outcome.kind;
}
