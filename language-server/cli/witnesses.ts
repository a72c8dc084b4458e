import { existsSync, readFileSync } from "node:fs";
import { readTraces } from "../../export/json.js";
import type { PortableSchedule, Witness } from "../../protocol/witness.js";

/** The witnesses in a JSON text: of a trace, a witness itself, or those of a finding or a report. */
export function witnessesIn(text: string): readonly Witness[] {
  const traces = readTraces(text);
  return typeof traces === "string" ? [] : traces.map((it) => it.witness);
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
