#!/usr/bin/env node
// How many workers until throughput stops rising: the forms of the crawler on the generated site, which runs in a thread of
// its own. Ratios are to the serial crawler in the same run. Run after `npm run build`:
//   node bench/crawler.mjs [--pages N] [--latency MS] [--rounds N]
// --latency  milliseconds until a page answers, half of it more or less (default 20)
// --rounds   rounds of hashing for the pages that compute (default 60000: about 20 ms)
import path from "node:path";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const { values } = parseArgs({
  options: {
    pages: { type: "string", default: "200" },
    latency: { type: "string", default: "20" },
    rounds: { type: "string", default: "60000" },
  },
});
const script = path.join(import.meta.dirname, "..", "dist", "crawler.cjs");

const lab = new Worker(script, { workerData: { kind: "lab" } });
const waiting = siteOf({ pages: Number(values.pages), latency: Number(values.latency) });
console.log(`${values.pages} pages that answer after ${values.latency} ms`);
const [serial] = await run(["serial"], waiting, 0);
console.log(`  serial      ${perSecond(serial)} pages/s`);
for (const form of ["pool", "channel"]) await printCurve(form, waiting, 0, serial);
for (const form of ["mutex", "event-loop"]) {
  const [result] = await run([form], waiting, 0);
  console.log(
    `  ${form.padEnd(11)} ${ratio(result, serial)} times serial, as many at once as there are links`,
  );
}

const rounds = Number(values.rounds);
const computing = siteOf({ pages: 100, latency: 0 });
console.log(`100 pages that compute, on ${availableParallelism()} cores`);
const [alone] = await run(["serial"], computing, rounds);
console.log(`  serial      ${perSecond(alone)} pages/s`);
const [loop] = await run(["event-loop"], computing, rounds);
console.log(`  event-loop  ${ratio(loop, alone)} times serial`);
await printCurve("threads", computing, rounds, alone);
await lab.terminate();

function siteOf({ pages, latency }) {
  return {
    kind: "generated",
    options: { seed: 7, pages, links: 3, latency, trouble: 0, bytes: 2_000 },
  };
}

async function printCurve(form, site, rounds, base) {
  const news = await order({ kind: "curve", form, site, rounds });
  const last = news.filter((it) => it.kind === "curve").at(-1);
  const perSerial = (it) => (it.throughput / throughput(base)).toFixed(2);
  const cells = last.points.map((it) => `${it.workers}: ${perSerial(it)}`);
  const knee = last.knee === null ? "no knee" : `knee at ${last.knee.workers}`;
  console.log(`  ${form.padEnd(11)} times serial by workers: ${cells.join("  ")}  ${knee}`);
}

async function run(forms, site, rounds) {
  const news = await order({ kind: "run", forms, site, workers: 8, rounds });
  return news.filter((it) => it.kind === "result").map((it) => it.result);
}

/** All that is told until the order is carried out. */
function order(it) {
  return new Promise((resolve, reject) => {
    const news = [];
    const hear = (message) => {
      news.push(message);
      if (message.kind === "problem") reject(new Error(message.text));
      if (message.kind !== "over") return;
      lab.off("message", hear);
      resolve(news);
    };
    lab.on("message", hear);
    lab.postMessage(it);
  });
}

function throughput({ pages, millis }) {
  return (pages * 1000) / millis;
}

function perSecond(result) {
  return throughput(result).toFixed(0);
}

function ratio(result, base) {
  return (throughput(result) / throughput(base)).toFixed(2);
}
