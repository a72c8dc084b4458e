// Loaded by Node before a program and in each of its workers: keeps the threads in the order of a schedule. Every operation of it
// waits for its turn; a counter in shared memory says whose turn it is. Built by `forced-agents.ts`.

import { createRequire, syncBuiltinESMExports } from "node:module";

const require = createRequire(import.meta.url);
const threads = require("node:worker_threads");
const timersPromises = require("node:timers/promises");
const { getEnvironmentData, setEnvironmentData, isMainThread, parentPort } = threads;
const plain = {
  Worker: threads.Worker,
  wait: Atomics.wait,
  notify: Atomics.notify,
  load: Atomics.load,
  setTimeout: globalThis.setTimeout,
};

const given = isMainThread
  ? { steps: JSON.parse(process.env.HB_STEPS), turns: new Int32Array(new SharedArrayBuffer(4)) }
  : getEnvironmentData("hb");
if (isMainThread) setEnvironmentData("hb", given);
const { steps, turns } = given;
const me = isMainThread ? 0 : getEnvironmentData("hb-thread");
const mine = steps.flatMap((it, at) => (it.thread === me ? [{ ...it, at }] : []));
let next = 0;
let started = 0;

function sleep(millis) {
  plain.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

/** Waits until the step's turn has come. */
function enter({ at }) {
  for (;;) {
    const turn = plain.load(turns, 0);
    if (turn >= at) break;
    plain.wait(turns, 0, turn, 100);
  }
  // Who has said that he sleeps may be about to.
  if (steps[at - 1]?.kind === "wait") sleep(120);
}

function leave({ at }) {
  Atomics.store(turns, 0, at + 1);
  plain.notify(turns, 0);
}

/** The step that the operation is, if it is one. */
function own(kind, site) {
  const step = mine[next];
  if (step === undefined || step.kind !== kind || (site !== null && step.site !== site))
    return null;
  next++;
  return step;
}

function gated(kind, site, run) {
  const step = own(kind, site);
  if (step === null) return run();
  enter(step);
  try {
    return run();
  } finally {
    leave(step);
  }
}

const isShared = (it) => ArrayBuffer.isView(it) && it.buffer instanceof SharedArrayBuffer;

globalThis.__get = (base, key, site) =>
  isShared(base) ? gated("op", site, () => base[key]) : base[key];
globalThis.__set = (base, key, value, site) =>
  isShared(base) ? gated("op", site, () => (base[key] = value)) : (base[key] = value);
globalThis.__op = (site, run, ...args) => gated("op", site, () => run(...args));
globalThis.__atomic = (what, site, ...args) => {
  if (what === "wait") return waits(site, args);
  if (what === "notify") return notifies(site, args);
  return gated("op", site, () => Atomics[what](...args));
};

function waits(site, args) {
  const step = own("wait", site);
  if (step === null) return gated("op", site, () => Atomics.wait(...args));
  enter(step);
  leave(step);
  const how = Atomics.wait(...args);
  const woken = own("woken", site);
  if (woken !== null) {
    enter(woken);
    leave(woken);
  }
  return how;
}

/** Those who are to be woken may not sleep yet. */
function notifies(site, args) {
  const step = own("op", site);
  if (step === null) return Atomics.notify(...args);
  enter(step);
  let woken = Atomics.notify(...args);
  while (woken < step.wakes) {
    sleep(20);
    woken += Atomics.notify(...args);
  }
  leave(step);
  return woken;
}

// Tasks

const held = [];

function arrive(source, run) {
  held.push({ source, run });
  pump();
}

function pump() {
  const step = mine[next];
  if (step !== undefined && step.kind !== "take") return;
  const at = step === undefined ? 0 : held.findIndex((it) => it.source === step.source);
  if (at < 0 || held.length === 0) return;
  const [{ run }] = held.splice(at, 1);
  if (step !== undefined) {
    next++;
    enter(step);
    leave(step);
  }
  if (held.length > 0) setImmediate(pump);
  run();
}

class Worker extends plain.Worker {
  constructor(...args) {
    const step = own("spawn", null);
    if (step !== null) enter(step);
    setEnvironmentData("hb-thread", step?.starts);
    super(...args);
    this.nth = ++started;
    if (step !== null) leave(step);
  }

  emit(event, ...args) {
    // Node takes them away once a worker has ended, and it may be told later.
    const listeners = this.rawListeners(event);
    const emits = () => {
      if (event !== "exit") super.emit(event, ...args);
      else for (const it of listeners) Reflect.apply(it, this, args);
    };
    const heard = event === "message" || (event === "exit" && this.listenerCount("exit") > 0);
    if (heard || event === "error") arrive(`${event} ${this.nth}`, emits);
    else emits();
    return true;
  }
}
threads.Worker = Worker;

const setTimeout = (call, millis, ...args) =>
  plain.setTimeout(() => arrive(`timer ${millis}`, () => call(...args)), millis);
globalThis.setTimeout = setTimeout;
timersPromises.setTimeout = (millis, value) =>
  new Promise((resolve) => setTimeout(resolve, millis, value));
syncBuiltinESMExports();

if (parentPort !== null) {
  for (const name of ["on", "once"]) {
    const original = parentPort[name].bind(parentPort);
    parentPort[name] = (event, call) =>
      original(event, (value) => {
        arrive("message up", () => call(value));
      });
  }
}

// Begin and end

gated("start", null, () => undefined);
if (!isMainThread) process.on("exit", () => gated("end", null, () => undefined));

/** Says when everything has happened and nobody goes on, or when somebody has left the schedule. */
const watcher = `
const { workerData: { turns, total } } = require("node:worker_threads");
const { writeSync } = require("node:fs");
let last = -1;
let since = Date.now();
setInterval(() => {
  const turn = Atomics.load(turns, 0);
  if (turn !== last) { last = turn; since = Date.now(); }
  const quiet = Date.now() - since;
  if (turn >= total ? quiet < 2500 : quiet < 30000) return;
  writeSync(2, turn >= total ? "hung\\n" : "left at step " + turn + "\\n");
  process.kill(process.pid, "SIGKILL");
}, 50);
`;
if (isMainThread) {
  const data = { turns, total: steps.length };
  const options = { eval: true, workerData: data, execArgv: [], stdout: false };
  new plain.Worker(watcher, options).unref();
}
