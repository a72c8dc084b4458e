import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";

const folder = path.join(import.meta.dirname, "..", "..", "docs", "schema");
const names = ["witness", "trace", "check"] as const;

const ajv = new Ajv({ allErrors: true, strict: false });
for (const it of names) {
  const text = readFileSync(path.join(folder, `${it}.schema.json`), "utf8");
  ajv.addSchema(JSON.parse(text) as object);
}

/** What a published schema has against a value; "" when nothing. Undefined fields count as absent, as in JSON. */
export function schemaErrors(schema: (typeof names)[number], value: unknown): string {
  const validate = ajv.getSchema(`${schema}.schema.json`);
  if (validate === undefined) throw new Error(`no schema ${schema}`);
  const valid = validate(JSON.parse(JSON.stringify(value)));
  return valid === true ? "" : ajv.errorsText(validate.errors).slice(0, 2000);
}
