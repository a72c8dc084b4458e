// What of the findings is to be shown: what the project's settings, its baseline and the comments in its code say.

import type { CheckResult, Finding, Level } from "../../protocol/finding.js";
import { digest } from "../base/digest.js";
import { directivesIn, type Directive } from "./directives.js";
import { noLintsIn, silences } from "./nolint.js";

export interface Policy {
  /** By code: how loud a finding is once it is certain, or that it is not to be shown at all. */
  readonly rules: ReadonlyMap<string, Level>;
  /** Fingerprints of findings that were there when the tool came. */
  readonly baseline: ReadonlySet<string>;
}

export const noPolicy: Policy = { rules: new Map(), baseline: new Set() };

/** The code of what is said about the comments themselves. */
export const suppressionCode = "unused-suppression";

export interface PolicyInput {
  readonly policy: Policy;
  /** The user's files. */
  readonly sources: readonly { readonly uri: string; readonly text: string }[];
  /** All codes there are. */
  readonly codes: ReadonlySet<string>;
  /** Whether the result is of analysis and exploring both. */
  readonly explored: boolean;
}

/** The result as it is to be shown; what is left out of it is counted. */
export function applyPolicy(result: CheckResult, input: PolicyInput): CheckResult {
  const { policy, sources } = input;
  const loud = result.findings.flatMap((it) => ruled(it, policy.rules));
  const directives = sources.flatMap(({ uri, text }) => directivesIn(uri, text));
  const others = sources.flatMap(({ uri, text }) => noLintsIn(uri, text));
  const used = new Set<Directive>();
  const notIgnored = loud.filter((it) => {
    const of = directives.filter((directive) => covers(directive, it));
    for (const directive of of) used.add(directive);
    const { uri, start } = it.primary.span;
    const elsewhere = others.some(
      (other) => other.uri === uri && other.line === start.line && silences(other, it.code),
    );
    return of.length === 0 && !elsewhere;
  });
  const left = notIgnored.filter((it) => !policy.baseline.has(it.fingerprint));
  const notes = directives
    .flatMap((it) => note(it, used.has(it), result, input))
    .flatMap((it) => ruled(it, policy.rules));
  const suppressed = {
    ignored: loud.length - notIgnored.length,
    baseline: notIgnored.length - left.length,
  };
  return { ...result, findings: [...left, ...notes], suppressed };
}

/** At the severity that the settings give its code; what is merely possible does not get any louder. */
function ruled(finding: Finding, rules: Policy["rules"]): readonly Finding[] {
  const rule = rules.get(finding.code);
  if (rule === undefined) return [finding];
  if (rule === "off") return [];
  const isQuiet = finding.confidence === "possible" && (rule === "error" || rule === "warning");
  return [{ ...finding, severity: isQuiet ? finding.severity : rule }];
}

function covers({ span, line, codes, reason }: Directive, finding: Finding): boolean {
  if (reason === "" || !codes.includes(finding.code)) return false;
  return placesOf(finding).some((it) => it.uri === span.uri && it.line === line);
}

/** Lines that the finding is about: both accesses of a race, everybody who waits. */
function placesOf({
  primary,
  witness,
}: Finding): { readonly uri: string; readonly line: number }[] {
  const spans = [primary.span];
  if (witness !== null) {
    const { outcome, steps } = witness;
    const at = (step: number): void => {
      const it = steps[step];
      if (it !== undefined) spans.push(it.span);
    };
    if (outcome.kind === "race") outcome.steps.forEach(at);
    else if ("blocked" in outcome) spans.push(...outcome.blocked.map((it) => it.span));
    else if ("step" in outcome) at(outcome.step);
  }
  return spans.map(({ uri, start }) => ({ uri, line: start.line }));
}

/** What is wrong with the comment, if anything. */
function note(
  directive: Directive,
  used: boolean,
  result: CheckResult,
  { codes, explored }: PolicyInput,
): readonly Finding[] {
  const unknown = directive.codes.find((it) => !codes.has(it));
  if (directive.codes.length === 0)
    return [said(directive, "no check is named: nothing is ignored")];
  if (unknown !== undefined) {
    return [said(directive, `no check is called \`${unknown}\``)];
  }
  if (directive.reason === "") {
    return [said(directive, "say why after the code: without a reason nothing is ignored")];
  }
  if (used || !explored || !isWhole(directive, result)) return [];
  const names = directive.codes.map((it) => `\`${it}\``).join(", ");
  return [said(directive, `nothing here is reported as ${names} any more: remove the comment`)];
}

/** Whether what is not found is not there: nothing was cut, and the file was read whole. */
function isWhole({ span }: Directive, { explorations, gaps }: CheckResult): boolean {
  return explorations.every((it) => it.complete) && !gaps.some((it) => it.span.uri === span.uri);
}

function said({ span, codes }: Directive, message: string): Finding {
  return {
    code: suppressionCode,
    severity: "information",
    confidence: "proved",
    message,
    primary: { span, message: "the comment" },
    related: [],
    fingerprint: digest([suppressionCode, span.uri, String(span.start.line), ...codes].join("\n")),
    witness: null,
  };
}
