// `happens-before explain`: what Go's run-time said of a program, in words, and what we find at the same lines.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Finding } from "../../protocol/finding.js";
import type { Span } from "../../protocol/span.js";
import { neverCancelled } from "../base/cancel.js";
import type { CheckOptions, Engine } from "../engine/engine.js";
import { placesIn, tracesIn, type Place } from "../explain/explain.js";
import { explainedText } from "../explain/text.js";
import { findingText } from "../report/text.js";

/** Folders of sources that are checked for one text. */
const mostFolders = 4;

/** The answer, or in `problem` why there is none. `file`: `-` is standard input. */
export async function explain(
  engine: Engine,
  file: string,
  options: CheckOptions,
  pathOf: (uri: string) => string,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (file !== "-" && !existsSync(file)) return { problem: `${file}: no such file` };
  const traces = tracesIn(readFileSync(file === "-" ? 0 : file, "utf8"));
  if (traces.races.length + traces.dumps.length === 0) {
    return { problem: `${file}: no race report and no goroutine dump in it` };
  }
  const told = explainedText(traces, (it) =>
    path.isAbsolute(it) ? pathOf(pathToFileURL(it).href) : it,
  );
  const places = placesIn(traces).filter((it) => path.isAbsolute(it.file) && existsSync(it.file));
  const all = [...new Set(places.map((it) => path.dirname(it.file)))];
  const folders = all.slice(0, mostFolders);
  const found: Finding[] = [];
  let whole = folders.length === all.length;
  for (const folder of folders) {
    const uri = pathToFileURL(folder).href;
    const unit = { language: "go", uri, overlays: [], edited: null } as const;
    const { findings, explorations, gaps } = await engine.check(unit, options, neverCancelled);
    whole &&= explorations.every((it) => it.complete) && gaps.length === 0;
    found.push(...findings.filter((it) => places.some((place) => isAbout(it, place))));
  }
  const left = all.length - folders.length;
  const besides = left === 0 ? "" : `${left} more folders of sources were not looked at.\n`;
  return { text: `${told}\n${foundText(found, folders, whole, pathOf)}${besides}` };
}

function isAbout({ primary, related, witness }: Finding, { file, line }: Place): boolean {
  const uri = pathToFileURL(file).href;
  const on = (span: Span): boolean =>
    span.uri === uri && span.start.line < line && line <= span.end.line + 1;
  if (on(primary.span) || related.some((it) => on(it.span))) return true;
  return (
    witness !== null &&
    "blocked" in witness.outcome &&
    witness.outcome.blocked.some((it) => on(it.span))
  );
}

function foundText(
  found: readonly Finding[],
  folders: readonly string[],
  whole: boolean,
  pathOf: (uri: string) => string,
): string {
  if (folders.length === 0) return "The sources are not here: the lines cannot be checked.\n";
  if (found.length === 0) {
    const looked = whole ? "" : ", in what could be looked at";
    return `Happens Before finds nothing of its own at these lines${looked}.\n`;
  }
  const each = found.map((it) => findingText(it, pathOf) + whoHolds(it));
  return `Happens Before finds at these lines:\n\n${each.join("\n")}`;
}

/** What a dump cannot tell, and a schedule can. */
function whoHolds({ witness }: Finding): string {
  if (witness === null || !("blocked" in witness.outcome)) return "";
  const { threads, outcome } = witness;
  const name = (id: number): string => threads[id]?.name ?? `thread ${id}`;
  return outcome.blocked
    .map(({ thread, reason, holders }) => {
      const by = holders.length === 0 ? "" : `, held by ${holders.map(name).join(", ")}`;
      return `  in its schedule ${name(thread)} ${reason}${by}\n`;
    })
    .join("");
}
