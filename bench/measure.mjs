// Runs a command and looks at what it costs.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** The command line, as built. */
export const cli = path.join(import.meta.dirname, "..", "dist", "cli.cjs");

const clock = path.join(import.meta.dirname, "processor-time.mjs");
/** Of the times in /proc. */
const ticksPerSecond = 100;

/**
 * Wall seconds, peak resident megabytes of the process, exit code and output. A process that takes longer than `millis`, unless 0,
 * is ended: its code is null. With `processorTime` seconds and limits, also those that Node keeps itself, are what it computes.
 */
export function measure(command, args, { millis = 0, processorTime = false } = {}) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: processorTime ? { ...process.env, NODE_OPTIONS: `--import ${clock}` } : process.env,
    });
    let peak = 0;
    let computed = 0;
    let output = "";
    let errors = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (errors += data));
    const spent = () => (processorTime ? computed : (performance.now() - start) / 1000);
    const poll = setInterval(() => {
      peak = Math.max(peak, residentPeak(child.pid));
      computed = Math.max(computed, computedSeconds(child.pid));
      if (millis > 0 && spent() * 1000 > millis) child.kill();
    }, 20);
    child.on("close", (code) => {
      clearInterval(poll);
      const seconds = spent();
      resolve({ seconds, megabytes: peak, code, output, errors });
    });
  });
}

function residentPeak(pid) {
  try {
    return (
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024
    );
  } catch {
    return 0;
  }
}

/** Seconds that all threads of a process have computed so far. */
function computedSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** `3 apples`, the most frequent first. */
export function count(items) {
  const counts = new Map();
  for (const it of items) counts.set(it, (counts.get(it) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${n} ${name}`);
}
