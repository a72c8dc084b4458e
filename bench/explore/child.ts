// Explores one program in a process of its own, so that its memory is told from that of others: reads a job as JSON from the
// file named by its argument and answers with JSON.

import { readFileSync } from "node:fs";
import { explore, type Job, type Result } from "./run-one.js";

export interface Answer {
  /** Null of an idle process. */
  readonly result: Result | null;
  readonly peakMegabytes: number;
}

/** A job, or null for a process that reads the program and then does nothing, to compare with. */
interface Order {
  readonly job: Job;
  readonly idle: boolean;
}

const file = process.argv[2];
if (file === undefined) throw new Error("no job");
const { job, idle } = JSON.parse(readFileSync(file, "utf8")) as Order;
const result = idle ? null : explore(job);
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
const answer: Answer = { result, peakMegabytes };
process.stdout.write(JSON.stringify(answer));
