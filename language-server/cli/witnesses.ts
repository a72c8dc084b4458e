import { existsSync, readFileSync } from "node:fs";
import type { PortableSchedule, Witness } from "../../protocol/witness.js";

/** The witnesses in a JSON text: a witness itself, or those of a finding or a report. */
export function witnessesIn(text: string): readonly Witness[] {
  try {
    return inValue(JSON.parse(text));
  } catch {
    return [];
  }
}

function inValue(value: unknown): readonly Witness[] {
  if (typeof value !== "object" || value === null) return [];
  if ("schedule" in value && "version" in value && value.version === 1) return [value as Witness];
  if ("witness" in value) return inValue(value.witness);
  return "findings" in value && Array.isArray(value.findings)
    ? value.findings.flatMap(inValue)
    : [];
}

/** The schedules of an earlier report, or what is wrong with the file in one sentence. */
export function schedulesIn(file: string): readonly PortableSchedule[] | string {
  if (!existsSync(file)) return `${file}: no such file`;
  const text = readFileSync(file, "utf8");
  try {
    JSON.parse(text);
  } catch {
    return `${file}: not a JSON report`;
  }
  return witnessesIn(text).flatMap((it) => it.schedule.portable ?? []);
}
