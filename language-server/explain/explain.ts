// Race reports and goroutine dumps of the real Go run-time, as they stand in logs: read, grouped, told in words, and
// joined with what we find at the same lines.

import type {
  ExplainedFinding,
  ExplainedPlace,
  ExplainedSection,
  Explanation,
} from "../../protocol/explanation.js";
import type { CheckResult, Finding } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { goroutineDumps } from "./dumps.js";
import { linesOf } from "./lines.js";
import { raceReports } from "./race-reports.js";
import { sectionsOf, type UriOf } from "./sections.js";
import type { Traces } from "./trace.js";

/** Folders of sources that are checked for one text. */
const mostFolders = 4;

/** Everything of the kind in a text, in its order. */
export function tracesIn(text: string): Traces {
  const lines = linesOf(text);
  return { ...raceReports(lines), dumps: goroutineDumps(lines) };
}

export interface Sources {
  readonly uriOf: UriOf;
  /** What we find in a folder of Go sources, a `file:` URI. */
  readonly check: (folder: string) => Promise<CheckResult>;
}

/** What is in the text; null when it is neither a report nor a dump. */
export async function explain(text: string, sources: Sources): Promise<Explanation | null> {
  const traces = tracesIn(text);
  const sections = sectionsOf(traces, sources.uriOf);
  if (sections.length === 0) return null;
  const about = sections.map(placesOf);
  const here = about.flat().flatMap(({ uri }) => (uri === null ? [] : [folderOf(uri)]));
  const all = [...new Set(here)];
  const folders = all.slice(0, mostFolders);
  const findings: ExplainedFinding[] = [];
  let whole = folders.length === all.length;
  for (const folder of folders) {
    const result = await sources.check(folder);
    whole &&= result.explorations.every((it) => it.complete) && result.gaps.length === 0;
    for (const it of result.findings) {
      const of = about.flatMap((places, at) =>
        places.some((place) => isAbout(it, place)) ? [at] : [],
      );
      if (of.length > 0) findings.push(foundAt(it, of));
    }
  }
  const { moreRaces } = traces;
  const cut = moreRaces === 0 ? [] : [`${moreRaces} more race reports are not told.`];
  const remarks = [...cut, ...remarksOn(all.length, folders.length, findings.length, whole)];
  return { version: 1, sections, findings, remarks };
}

/** Where the user's code accesses memory or waits for others. */
function placesOf(section: ExplainedSection): readonly ExplainedPlace[] {
  const places =
    section.kind === "race"
      ? section.accesses.map((it) => it.place)
      : section.groups.map((it) => (it.waits ? it.place : null));
  return places.filter((it) => it !== null);
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf("/"));
}

function isAbout({ primary, related, witness }: Finding, { uri, line }: ExplainedPlace): boolean {
  const on = (span: Span): boolean =>
    span.uri === uri && span.start.line < line && line <= span.end.line + 1;
  if (on(primary.span) || related.some((it) => on(it.span))) return true;
  return (
    witness !== null &&
    "blocked" in witness.outcome &&
    witness.outcome.blocked.some((it) => on(it.span))
  );
}

function foundAt(finding: Finding, sections: readonly number[]): ExplainedFinding {
  const { code, severity, confidence, message, fingerprint, primary, related, witness } = finding;
  const places = [primary, ...related].map((it) => ({
    uri: it.span.uri,
    position: it.span.start,
    message: it.message,
  }));
  const schedule = witness !== null;
  const waits = waitsIn(finding);
  return { code, severity, confidence, message, fingerprint, places, schedule, waits, sections };
}

function waitsIn({ witness }: Finding): readonly string[] {
  if (witness === null || !("blocked" in witness.outcome)) return [];
  const { threads, outcome } = witness;
  const name = (id: number): string => threads[id]?.name ?? `thread ${id}`;
  return outcome.blocked.map(({ thread, reason, holders }) => {
    const by = holders.length === 0 ? "" : `, held by ${holders.map(name).join(", ")}`;
    return `in its schedule ${name(thread)} waits for ${reason}${by}`.replace(
      "waits for to ",
      "waits to ",
    );
  });
}

function remarksOn(
  folders: number,
  looked: number,
  findings: number,
  whole: boolean,
): readonly string[] {
  if (folders === 0) return ["The sources are not here: the lines cannot be checked."];
  const remarks: string[] = [];
  if (findings === 0) {
    const where = whole ? "" : ", in what could be looked at";
    remarks.push(`Happens Before finds nothing of its own at these lines${where}.`);
  }
  const left = folders - looked;
  if (left > 0) remarks.push(`${left} more folders of sources were not looked at.`);
  return remarks;
}
