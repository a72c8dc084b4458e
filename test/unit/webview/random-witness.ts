import type { ThreadId, Witness } from "../../../protocol/witness.js";
import { Random } from "../../harness/random.js";
import { type Act, at, witnessOf } from "./witnesses.js";

const uri = "file:///random.go";

/** A schedule in which threads lock, wait, wake and end at random; not one that a program could have. */
export function randomWitness(seed: number, most = 60): Witness {
  const random = new Random(seed);
  const lanes = 1 + random.below(5);
  const acts: Act[] = [];
  for (let thread = 1; thread < lanes; thread++) {
    acts.push({ thread: 0, line: 1, action: { kind: "spawn", thread }, text: `starts ${thread}` });
  }
  const held = Array.from({ length: lanes }, (): number[] => []);
  const ended = new Set<ThreadId>();
  const steps = 1 + random.below(most);
  while (acts.length < steps && ended.size < lanes) {
    const thread = random.pick([...held.keys()].filter((it) => !ended.has(it)));
    acts.push(randomAct(thread, held[thread] ?? [], acts.length, lanes, random));
    if (acts.at(-1)?.action.kind === "end") ended.add(thread);
  }
  return witnessOf({
    uri,
    language: "go",
    entry: "main.main",
    threads: held.map((_, it) => ({ name: `t${it}`, ...(it === 0 ? {} : { line: it }) })),
    objects: [0, 1, 2, 3].map((it) => ({ name: `mu${it}`, kind: "mutex" })),
    acts,
    outcome: random.below(2) === 0 ? { kind: "ok" } : { kind: "panic", step: 0, message: "boom" },
  });
}

function randomAct(
  thread: ThreadId,
  held: number[],
  row: number,
  lanes: number,
  random: Random,
): Act {
  const common = { thread, line: 1 + random.below(9), text: `${thread} acts in ${row}` };
  const after = row > 0 && random.below(4) === 0 ? [random.below(row)] : [];
  const wakes = random.below(3) === 0 ? [random.below(lanes)] : [];
  const [first] = held;
  switch (random.below(8)) {
    case 0:
    case 1: {
      const object = random.below(4);
      if (held.includes(object)) break;
      held.push(object);
      return {
        ...common,
        action: { kind: "acquire", object, shared: random.below(2) === 0 },
        after,
      };
    }
    case 2:
      if (first === undefined) break;
      held.shift();
      return { ...common, action: { kind: "release", object: first, shared: false }, wakes };
    case 3: {
      const span = at(uri, 3);
      const reason = `lock mu${random.below(2)}`;
      const blocks = [{ thread, span, object: 0, reason, holders: [0] }];
      return { ...common, action: { kind: "wait", object: 0, value: "" }, blocks };
    }
    case 4:
      if (random.below(3) > 0 || held.length > 0) break;
      return { ...common, action: { kind: "end" } };
    default:
  }
  const changed = [{ name: "x", value: `${row}` }];
  return {
    ...common,
    action: { kind: "write", object: 1, value: `${row}` },
    changed,
    after,
    wakes,
  };
}
