// The benchmark of the explorer: every program of the table, one after the other.

import { ExplorePrograms } from "../../test/harness/explore-programs.js";
import { measure } from "./measure.js";
import { rowsOf } from "./rows.js";
import { spinIsThere } from "./spin.js";
import { header, legend, printRow } from "./table.js";

export interface Options {
  /** The project's folder, with a build in `dist/`. */
  readonly root: string;
  /** The bundle of `child.ts`. */
  readonly child: string;
  readonly only: string | null;
  readonly big: boolean;
  readonly json: boolean;
}

export async function bench(options: Options): Promise<void> {
  const rows = rowsOf(options);
  if (rows.length === 0) throw new Error(`there is no program ${options.only ?? ""}`);
  const programs = new ExplorePrograms(options.root);
  const tools = { child: options.child, spin: spinIsThere() };
  const all = [];
  if (!options.json) process.stdout.write(`${legend}\n${header}`);
  for (const row of rows) {
    const measured = measure(row, await programs.load(row.program, row.parameters), tools);
    if (options.json) all.push(measured);
    else process.stdout.write(printRow(measured));
  }
  if (options.json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  await programs.dispose();
}
