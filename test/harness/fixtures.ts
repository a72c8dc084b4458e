// Source files through the front end and the checks, as the engine runs them, without the explorer.

import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding, Site } from "../../protocol/finding.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { checks } from "../../language-server/analysis/registry.js";
import { analyse, type Analysis } from "../../language-server/analysis/run.js";
import { lowerGo } from "../../language-server/frontend/go/frontend.js";
import { GoClient } from "../../language-server/host/go-client.js";
import type { Program } from "../../language-server/ir/ir.js";
import type { Want } from "./want.js";

export const root = path.resolve(import.meta.dirname, "..", "..");
export const goFixtures = path.join(root, "test", "fixtures", "go");

/** The Go front end as the server has it; dispose of it after use. */
export function startGo(): GoClient {
  return new GoClient(path.join(root, "dist"), () => undefined);
}

/** One Go file, given as text, as a package of its own. */
export async function programOf(go: GoClient, file: string, text: string): Promise<Program> {
  const uri = pathToFileURL(file).href;
  const unit = { language: "go", uri, overlays: [{ uri, text }], edited: null } as const;
  const { images, timers } = await go.images(unit, neverCancelled);
  return lowerGo(images, (it) => go.stdImage(it), neverCancelled, timers).program;
}

export async function analyseGo(go: GoClient, file: string, text: string): Promise<Analysis> {
  return analyse(await programOf(go, file, text), checks, { cancel: neverCancelled });
}

export function findingsOf(analysis: Analysis): Finding[] {
  return analysis.findings.map((it) => it.finding);
}

/** What a page's example is called: the name decides whether it is a test. */
export function exampleFile(text: string): string {
  return text.includes('import "testing"') ? "/example/example_test.go" : "/example/example.go";
}

/** The fixtures of checks: `test/fixtures/go/<code>/*.go`. */
export function checkFixtures(): {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}[] {
  const codes = new Set(checks.map((it) => it.code));
  return readdirSync(goFixtures)
    .filter((it) => codes.has(it) && statSync(path.join(goFixtures, it)).isDirectory())
    .sort()
    .flatMap((code) =>
      readdirSync(path.join(goFixtures, code))
        .filter((it) => it.endsWith(".go"))
        .sort()
        .map((name) => {
          const file = path.join(goFixtures, code, name);
          return { name: `${code}/${name}`, file, text: readFileSync(file, "utf8") };
        }),
    );
}

/** Without what is said only once a schedule shows it, but for what a fixture wants at its line. */
export function toldBefore(analysis: Analysis, wants: readonly Want[]): Finding[] {
  return analysis.findings
    .filter(
      ({ assumed, finding: { code, primary } }) =>
        !assumed || wants.some((it) => it.code === code && it.line === primary.span.start.line),
    )
    .map((it) => it.finding);
}

/** Findings as a person reads them, with lines as people count and without paths. */
export function textOf(findings: readonly Finding[]): string {
  const line = ({ span, message }: Site): string => `${span.start.line + 1}: ${message}\n`;
  return findings
    .map((it) => {
      const head = `${it.severity} ${it.confidence} ${it.code}: ${it.message}\n`;
      return head + [it.primary, ...it.related].map((site) => `  ${line(site)}`).join("");
    })
    .join("\n");
}
