import type { Blocked, ThreadId, Witness } from "../../protocol/witness.js";
import { Random } from "../../test/harness/random.js";
import { type Act, at, witnessOf } from "../../test/unit/webview/witnesses.js";

// A long schedule of workers that share variables under a few locks: with waiting, switches and
// happens-before edges in about the shares of a real one.

const uri = "file:///samples/pool/main.go";
const locks = 4;

interface Worker {
  readonly thread: ThreadId;
  /** How far it is in: lock, read, write, unlock. */
  at: number;
  lock: number;
  waits: boolean;
}

export function generated(steps: number, lanes: number): Witness {
  const random = new Random(steps + lanes);
  const workers = Array.from({ length: lanes - 1 }, (_, it): Worker => {
    return { thread: it + 1, at: 0, lock: 0, waits: false };
  });
  const acts: Act[] = workers.map(({ thread }) => ({
    thread: 0,
    line: 10,
    action: { kind: "spawn", thread },
    text: `main starts worker ${thread}`,
  }));
  const holders: (Worker | null)[] = Array.from({ length: locks }, () => null);
  const released: number[] = [];
  let now = random.pick(workers);
  while (acts.length < steps) {
    if (now.waits || random.below(4) === 0) {
      now = random.pick(workers.filter((it) => !it.waits));
    }
    acts.push(step(now, workers, holders, released, random, acts.length));
  }
  return witnessOf({
    uri,
    language: "go",
    entry: "main.main",
    threads: Array.from({ length: lanes }, (_, it) =>
      it === 0 ? { name: "main" } : { name: `worker ${it}`, line: 10 },
    ),
    objects: Array.from({ length: 2 * locks }, (_, it) =>
      it < locks
        ? { name: `shard[${it}].mu`, kind: "mutex" }
        : { name: `shard[${it - locks}].total`, kind: "variable" },
    ),
    acts,
    outcome: { kind: "race", object: locks, steps: [Math.floor(steps / 3), Math.floor(steps / 2)] },
  });
}

/** What a worker does next; waits are undone by whoever unlocks. */
function step(
  worker: Worker,
  workers: readonly Worker[],
  holders: (Worker | null)[],
  released: number[],
  random: Random,
  row: number,
): Act {
  const { thread } = worker;
  const said = (verb: string, object: string): string => `worker ${thread} ${verb} ${object}`;
  if (worker.at === 0) {
    worker.lock = random.below(locks);
    const holder = holders[worker.lock];
    const mu = `shard[${worker.lock}].mu`;
    if (holder !== null && holder !== undefined) {
      worker.waits = true;
      const blocks = [waitFor(worker, holder)];
      const action = { kind: "wait", object: worker.lock, value: "" } as const;
      return { thread, line: 20, action, text: said("waits to lock", mu), blocks };
    }
    holders[worker.lock] = worker;
    worker.at = 1;
    const before = released[worker.lock];
    const action = { kind: "acquire", object: worker.lock, shared: false } as const;
    const after = before === undefined ? [] : [before];
    return { thread, line: 20, action, text: said("locks", mu), after };
  }
  if (worker.at < 3) {
    worker.at += 1;
    const object = locks + worker.lock;
    const total = `shard[${worker.lock}].total`;
    return worker.at === 2
      ? {
          thread,
          line: 21,
          action: { kind: "read", object, value: `${row}` },
          text: said("reads", total),
        }
      : {
          thread,
          line: 22,
          action: { kind: "write", object, value: `${row}` },
          text: said("writes", total),
          changed: [{ name: total, value: `${row}` }],
        };
  }
  const woken = workers.filter((it) => it.waits && it.lock === worker.lock);
  for (const it of woken) it.waits = false;
  holders[worker.lock] = null;
  released[worker.lock] = row;
  worker.at = 0;
  return {
    thread,
    line: 23,
    action: { kind: "release", object: worker.lock, shared: false },
    text: said("unlocks", `shard[${worker.lock}].mu`),
    wakes: woken.map((it) => it.thread),
  };
}

function waitFor(worker: Worker, holder: Worker): Blocked {
  return {
    thread: worker.thread,
    span: at(uri, 20),
    object: worker.lock,
    reason: `lock shard[${worker.lock}].mu`,
    holders: [holder.thread],
  };
}
