import type { ExplorationSummary } from "../protocol/finding.js";
import type { TraceDocument } from "../protocol/trace.js";
import type { Witness } from "../protocol/witness.js";
import { type Format, written } from "./format.js";

const schema: TraceDocument["schema"] = "happens-before-trace/1";

export const jsonFormat: Format = {
  id: "json",
  label: "JSON",
  detail: "all of it, to read back with `happens-before show` or by other programs",
  extension: "json",
  pasted: true,
  write: ({ witness, exploration }) => {
    const document: TraceDocument = { schema, witness, exploration };
    return written(`${JSON.stringify(document, null, 2)}\n`);
  },
};

export interface ReadTrace {
  readonly witness: Witness;
  readonly exploration: ExplorationSummary | null;
}

/**
 * The schedules in a JSON text: of a trace, of a witness alone, or of the findings of a report. Else one phrase that says
 * what is wrong with the text.
 */
export function readTraces(text: string): readonly ReadTrace[] | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not JSON";
  }
  if (isObject(value) && typeof value["schema"] === "string" && value["schema"] !== schema) {
    return `of another version (${value["schema"]}); this one reads ${schema}`;
  }
  const traces = inValue(value);
  return traces.length === 0 ? "no schedule is in it" : traces;
}

function inValue(value: unknown): readonly ReadTrace[] {
  if (!isObject(value)) return [];
  if (isWitness(value)) return [{ witness: value, exploration: null }];
  const { witness, exploration, findings } = value;
  if (isObject(witness) && isWitness(witness)) {
    // Only a trace has an exploration of this form beside the witness.
    const known = value["schema"] === schema && isObject(exploration);
    return [
      { witness, exploration: known ? (exploration as unknown as ExplorationSummary) : null },
    ];
  }
  return Array.isArray(findings) ? findings.flatMap(inValue) : [];
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As far as it takes to tell a witness from other data; the schema says the rest. */
function isWitness(value: Fields): value is Fields & Witness {
  const lists = ["sources", "threads", "objects", "steps"];
  return (
    value["version"] === 1 &&
    lists.every((it) => Array.isArray(value[it])) &&
    ["schedule", "outcome", "size"].every((it) => isObject(value[it]))
  );
}
