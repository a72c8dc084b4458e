import type { FormName } from "../../protocol/crawl.js";
import type { OutcomeKind } from "../../protocol/finding.js";

/** A crawler whose orders can all be searched. */
export interface Sample {
  /** From the folder of the samples. */
  readonly file: string;
  readonly label: string;
  /** What it does, or what is wrong with it. */
  readonly about: string;
  /** The end that shows best what is wrong. */
  readonly end?: OutcomeKind;
}

/** Each has a mistake that only some orders show. */
export const twins: readonly Sample[] = [
  goSample(
    "unlocked",
    "No lock",
    "two goroutines both find that a page was not fetched yet",
    "panic",
  ),
  goSample(
    "lock-around-write",
    "Lock only around the write",
    "the test is outside of the lock",
    "panic",
  ),
  goSample("add-inside", "WaitGroup.Add inside the goroutine", "Wait can come before any Add"),
  goSample("loop-variable", "Loop variable before Go 1.22", "all goroutines share one variable"),
  goSample("never-ends", "Coordinator that never ends", "nobody closes the channel it ranges over"),
  goSample("abandoned-result", "Abandoned results", "workers wait for ever to send to nobody"),
  goSample("closed-by-receiver", "Channel closed by the receiver", "a worker sends after that"),
  goSample("producers-are-consumers", "Producers are the consumers", "the channel is full of work"),
];

export const goodForms: readonly Sample[] = [
  goSample("serial", "Serial", "one page after the other"),
  goSample("mutex", "Mutex and WaitGroup", "one lock around “was it fetched? now it is”"),
  goSample("pool", "Worker pool", "a fixed number of workers, a condition to wait on"),
  goSample("channel", "Channels", "a coordinator that counts the answers it expects"),
];

function goSample(name: string, label: string, about: string, end?: OutcomeKind): Sample {
  const sample = { file: `crawler/${name}/main.go`, label, about };
  return end === undefined ? sample : { ...sample, end };
}

/** Where one can read what the lab runs, and search its orders. */
export function sampleOf(form: FormName): Sample {
  // The threads' code is that of the pool.
  const name = form === "threads" ? "pool" : form;
  return (
    goodForms.find((it) => it.file === `crawler/${name}/main.go`) ?? {
      file: `typescript/crawler/${name}.ts`,
      label: name,
      about: "",
    }
  );
}

/** What runs in the lab. */
export function sourceOf(form: FormName): string {
  return `typescript/crawler/${form === "threads" ? "pool" : form}.ts`;
}

/** Where its entry is, as a line counted from 0. */
export function entryLine(text: string): number {
  const line = text.split("\n").findIndex((it) => /^func main\(|^if \(import\.meta\.main/.test(it));
  return Math.max(0, line);
}
