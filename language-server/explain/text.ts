import type {
  ExplainedDump,
  ExplainedFinding,
  ExplainedGroup,
  ExplainedPlace,
  ExplainedRace,
  Explanation,
} from "../../protocol/explanation.js";

/** A file's name as it is to be printed. */
export type NameOf = (place: { readonly uri: string | null; readonly file: string }) => string;

/** What is in a text, for a terminal. */
export function explainedText(explanation: Explanation, nameOf: NameOf): string {
  const { sections, findings, remarks } = explanation;
  const parts = [
    ...sections.map((it) => (it.kind === "race" ? raceText(it, nameOf) : dumpText(it, nameOf))),
    ...(findings.length === 0 ? [] : ["Happens Before finds at these lines:\n"]),
    ...findings.map((it) => findingText(it, nameOf)),
    remarks.map((it) => `${it}\n`).join(""),
  ];
  return parts.filter((it) => it !== "").join("\n");
}

function raceText(race: ExplainedRace, nameOf: NameOf): string {
  const lines = [`${race.title} (line ${race.at} of the text)`];
  for (const { goroutine, does, place } of race.accesses) {
    const where = place === null ? "where, the detector does not know any more" : at(place, nameOf);
    lines.push(`  ${goroutine} ${does} in ${where}`);
  }
  for (const { goroutine, place } of race.started) {
    lines.push(`  ${goroutine} is started by ${at(place, nameOf)}`);
  }
  lines.push(...race.remarks.map((it) => `  ${it}`));
  return `${lines.join("\n")}\n`;
}

function dumpText(dump: ExplainedDump, nameOf: NameOf): string {
  const besides = dump.besides > 0 ? `, ${dump.besides} of Go's own left out` : "";
  const lines = [
    `${dump.title} (line ${dump.at} of the text)`,
    `  ${counted(dump.goroutines, "goroutine")}, ${counted(dump.groups.length, "kind")}${besides}`,
    ...dump.groups.flatMap((it) => groupLines(it, nameOf)),
    ...waitingLines(dump, nameOf),
  ];
  return `${lines.join("\n")}\n`;
}

function groupLines(group: ExplainedGroup, nameOf: NameOf): string[] {
  const { count, place, callers, moreCallers, startedBy, forever } = group;
  const where = place === null ? "" : ` in ${at(place, nameOf)}`;
  const lines = [`  ${count} × ${doing(group)}${where}`];
  for (const it of callers) lines.push(`        called by ${at(it, nameOf)}`);
  if (moreCallers > 0) lines.push(`        and ${counted(moreCallers, "call")} further out`);
  if (startedBy !== null) lines.push(`        started by ${at(startedBy, nameOf)}`);
  if (forever) lines.push("        nothing can ever end that");
  return lines;
}

/** `waits to lock a mutex for 5 minutes`. */
export function doing({ does, minutes }: Pick<ExplainedGroup, "does" | "minutes">): string {
  return minutes === 0 ? does : `${does} for ${counted(minutes, "minute")}`;
}

/** Who waits for the same lock. */
function waitingLines({ groups, objects }: ExplainedDump, nameOf: NameOf): string[] {
  return objects.map(({ name, waiting }, index) => {
    const where = groups.flatMap(({ waitsFor, place }) =>
      waitsFor === index && place !== null ? [`${nameOf(place)}:${place.line}`] : [],
    );
    return `  ${counted(waiting, "goroutine")} wait${waiting === 1 ? "s" : ""} for ${name}, at ${where.join(", ")}: owner unknown`;
  });
}

function findingText(finding: ExplainedFinding, nameOf: NameOf): string {
  const { severity, message, code, confidence, places, waits } = finding;
  const place = ({ uri, position }: ExplainedFinding["places"][number]): string =>
    `${nameOf({ uri, file: uri })}:${position.line + 1}:${position.character + 1}`;
  const head = places[0] === undefined ? "" : `${place(places[0])}: `;
  const lines = [
    `${head}${severity}: ${message} [${code}, ${confidence}]`,
    ...places.map((it) => `  ${place(it)}: ${it.message}`),
    ...waits.map((it) => `  ${it}`),
  ];
  return `${lines.join("\n")}\n`;
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function at(place: ExplainedPlace, nameOf: NameOf): string {
  return `\`${place.func}\` (${nameOf(place)}:${place.line})`;
}
