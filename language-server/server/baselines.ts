import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseBaseline } from "../report/baseline.js";
import type { Log } from "./guard.js";

const none: ReadonlySet<string> = new Set();

/** The baseline file that the settings name, read anew each time: somebody may have written it since. */
export class Baselines {
  readonly #log: Log;
  /** The workspace's folder, against which a relative path is meant. */
  #folder = "";
  /** What was last said to be wrong, so that it is said once. */
  #told = "";

  constructor(log: Log) {
    this.#log = log;
  }

  /** `uri`: of the workspace's folder; what is no file is no folder. */
  setFolder(uri: string): void {
    this.#folder = uri.startsWith("file:") ? fileURLToPath(uri) : "";
  }

  /** Fingerprints in it; none when no file is named or it cannot be read. */
  read(name: string): ReadonlySet<string> {
    if (name === "") return none;
    const file = path.resolve(this.#folder, name);
    const known = readBaseline(file);
    const problem = typeof known === "string" ? `happensBefore.baseline: ${file} ${known}` : "";
    if (problem !== this.#told && problem !== "") this.#log(problem);
    this.#told = problem;
    return typeof known === "string" ? none : known;
  }
}

function readBaseline(file: string): ReadonlySet<string> | string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return "cannot be read";
  }
  return parseBaseline(text);
}
