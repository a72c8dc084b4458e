// What Go's run-time said of a program, as a Markdown document: each place is a link that leads to its line.

import type {
  ExplainedDump,
  ExplainedFinding,
  ExplainedGroup,
  ExplainedPlace,
  ExplainedRace,
  Explanation,
} from "../protocol/explanation.js";
import { distinctName } from "../wording/place.js";
import { explainedDiagram } from "../webview/model/explained-diagram.js";
import { fenced } from "./wait-for.js";
import { markdown } from "./mermaid.js";

/** All that are named: what is said of one has to tell it from the others. */
type Files = readonly string[];

/** Line by line; a finding's heading is `### ` and its message. */
export function explanationDocument(explanation: Explanation): string {
  const { sections, findings, remarks } = explanation;
  const files = filesIn(explanation);
  const parts = [
    "# What Go's run-time said",
    ...sections.map((it) => (it.kind === "race" ? race(it, files) : dump(it, files))),
    "## What Happens Before finds at these lines",
    ...findings.map((it) => found(it, files)),
    ...remarks,
  ];
  return `${parts.filter((it) => it !== "").join("\n\n")}\n`;
}

/** The heading under which a finding stands. */
export function findingHeading({ message, code, confidence }: ExplainedFinding): string {
  return `### ${markdown(`${message} (${code}, ${confidence})`)}`;
}

function filesIn({ sections, findings }: Explanation): Files {
  const text: string[] = [];
  const add = (it: ExplainedPlace | null): void => {
    const uri = it?.uri ?? null;
    if (uri !== null) text.push(uri);
  };
  for (const it of sections) {
    if (it.kind === "race") {
      for (const { place } of [...it.accesses, ...it.started]) add(place);
    } else {
      for (const { place, callers, startedBy } of it.groups)
        [place, ...callers, startedBy].forEach(add);
    }
  }
  for (const it of findings) text.push(...it.places.map(({ uri }) => uri));
  return [...new Set(text)];
}

/** Brackets in a path would end the link. */
function link(files: Files, uri: string, line: number): string {
  const name = distinctName(uri, files).replaceAll(/[\\`*[\]<]/g, (it) => `\\${it}`);
  const target = uri.replaceAll("(", "%28").replaceAll(")", "%29");
  return `[${name}:${line}](${target}#L${line})`;
}

/** Where the names of places stand in a line of the document, and where each leads. */
export function linksIn(
  line: string,
): readonly { readonly start: number; readonly end: number; readonly target: string }[] {
  return [...line.matchAll(/\[((?:[^\]\\]|\\.)+)\]\((file:[^)]+)\)/g)].map(
    ({ index, 1: name = "", 2: target = "" }) => ({
      start: index + 1,
      end: index + 1 + name.length,
      target,
    }),
  );
}

function at(place: ExplainedPlace, files: Files): string {
  const { func, file, line, uri } = place;
  const where = uri === null ? `${markdown(file)}:${line}` : link(files, uri, line);
  return `\`${func.replaceAll("`", "")}\` (${where})`;
}

function race(
  { title, at: line, accesses, started, remarks }: ExplainedRace,
  files: Files,
): string {
  const unknown = "a place that the detector does not know any more";
  const lines = [
    ...accesses.map(
      ({ goroutine, does, place }) =>
        `- ${markdown(goroutine)} ${does} in ${place === null ? unknown : at(place, files)}`,
    ),
    ...started.map(
      ({ goroutine, place }) => `- ${markdown(goroutine)} is started by ${at(place, files)}`,
    ),
  ];
  return [heading(title, line), lines.join("\n"), ...remarks].join("\n\n");
}

function heading(title: string, line: number): string {
  return `## ${markdown(`${title.slice(0, 1).toUpperCase()}${title.slice(1)} (line ${line} of the text)`)}`;
}

function dump(section: ExplainedDump, files: Files): string {
  const { goroutines, besides, groups, objects } = section;
  const left = besides > 0 ? `, ${besides} of Go's own left out` : "";
  const diagram = explainedDiagram(section);
  return [
    heading(section.title, section.at),
    `${counted(goroutines, "goroutine")}, ${counted(groups.length, "kind")}${left}:`,
    groups.flatMap((it) => group(it, files)).join("\n"),
    objects
      .map(
        ({ name, waiting }) =>
          `- ${counted(waiting, "goroutine")} wait${waiting === 1 ? "s" : ""} for ${name}: owner unknown`,
      )
      .join("\n"),
    ...(diagram === "" ? [] : ["What waits for what:", fenced(diagram)]),
  ]
    .filter((it) => it !== "")
    .join("\n\n");
}

function group(it: ExplainedGroup, files: Files): string[] {
  const { count, does, minutes, place, callers, moreCallers, startedBy, forever } = it;
  const since = minutes === 0 ? "" : ` for ${counted(minutes, "minute")}`;
  const where = place === null ? "" : ` in ${at(place, files)}`;
  return [
    `- ${count} × ${markdown(does)}${since}${where}`,
    ...callers.map((caller) => `  - called by ${at(caller, files)}`),
    ...(moreCallers > 0 ? [`  - and ${counted(moreCallers, "call")} further out`] : []),
    ...(startedBy === null ? [] : [`  - started by ${at(startedBy, files)}`]),
    ...(forever ? ["  - nothing can ever end that"] : []),
  ];
}

function found(finding: ExplainedFinding, files: Files): string {
  const lines = [
    ...finding.places.map(
      ({ uri, position, message }) =>
        `- ${link(files, uri, position.line + 1)}: ${markdown(message)}`,
    ),
    ...finding.waits.map((it) => `- ${markdown(it)}`),
  ];
  return `${findingHeading(finding)}\n\n${lines.join("\n")}`;
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
