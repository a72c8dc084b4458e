// Random small Go programs that always end, for the comparison with Go's own race detector. Each line touches at most one
// shared variable, so that a line tells which one a race is about.

import { Random } from "./random.js";

export interface RandomGo {
  readonly name: string;
  /** Its lines, without package clause, imports and `main`. */
  readonly lines: readonly string[];
  /** By line, counted from 0: the variable that is read or written there. */
  readonly variables: ReadonlyMap<number, string>;
}

/** What a goroutine may do besides access variables; each seed uses some of it. */
const features = ["mutex", "rwmutex", "atomic", "close", "buffer", "once", "early done"] as const;
type Feature = (typeof features)[number];

export function randomGo(seed: number): RandomGo {
  return new Writer(seed).program();
}

/** Source of a program of its own. Lines are numbered as in `lines`, after `headLines`. */
export function standAlone({ name, lines }: RandomGo): string {
  return `${head}${lines.join("\n")}\n\n${tail}\nfunc main() { ${name}() }\n`;
}

export const head = `package main\n\nimport (\n\t"sync"\n\t"sync/atomic"\n)\n\n`;
export const headLines = head.split("\n").length - 1;
const tail = `//go:noinline\nfunc use(int) {}\n\nvar _ sync.Mutex\nvar _ atomic.Bool\n`;

class Writer {
  readonly #random: Random;
  readonly #name: string;
  readonly #features: ReadonlySet<Feature>;
  readonly #lines: string[] = [];
  readonly #variables = new Map<number, string>();
  #indent = "\t";
  /** Nearly every access is guarded by the variable's own lock. */
  readonly #careful: boolean;
  /** Inside a critical section: whose variable it is about. */
  #held: number | null = null;

  constructor(seed: number) {
    this.#random = new Random(seed * 7919 + 1);
    this.#name = `p${seed}`;
    this.#careful = this.#random.below(3) > 0;
    this.#features = new Set(features.filter(() => this.#random.below(5) < 2));
  }

  program(): RandomGo {
    const [p, random] = [this.#name, this.#random];
    this.#indent = "";
    this.#line(`var ${p}x0, ${p}x1 int`);
    this.#line(`var ${p}m0, ${p}m1 sync.Mutex`);
    this.#line(`var ${p}rw sync.RWMutex`);
    this.#line(`var ${p}a atomic.Int64`);
    this.#line(`var ${p}once sync.Once`);
    this.#line("");
    this.#line(`func ${p}() {`);
    this.#indent = "\t";
    this.#line("var wg sync.WaitGroup");
    this.#line("closed := make(chan int)");
    this.#line("buffer := make(chan int, 100)");
    const goroutines = 2 + random.below(2);
    const closer = random.below(goroutines);
    this.#line(`wg.Add(${goroutines})`);
    if (random.below(3) === 0) this.#access();
    for (let at = 0; at < goroutines; at++) {
      this.#line("go func() {");
      this.#in(() => {
        this.#goroutine(at === closer);
      });
      this.#line("}()");
      if (random.below(4) === 0) this.#item(false);
    }
    if (random.below(2) === 0) this.#item(false);
    this.#line("wg.Wait()");
    if (random.below(2) === 0) this.#access();
    this.#line("_, _ = closed, buffer");
    this.#indent = "";
    this.#line("}");
    return { name: p, lines: this.#lines, variables: this.#variables };
  }

  #goroutine(closes: boolean): void {
    const early = this.#features.has("early done") && this.#random.below(3) === 0;
    if (!early) this.#line("defer wg.Done()");
    const items = 1 + this.#random.below(3);
    const [doneAt, closeAt] = [this.#random.below(items + 1), this.#random.below(items + 1)];
    for (let at = 0; at <= items; at++) {
      if (closes && at === closeAt) this.#line("close(closed)");
      if (early && at === doneAt) this.#line("wg.Done()");
      // Whoever closes must not wait for it.
      if (at < items) this.#item(!closes || at >= closeAt);
    }
  }

  #item(mayWait: boolean): void {
    const [p, random] = [this.#name, this.#random];
    const options: (() => void)[] = [
      () => {
        this.#access();
      },
    ];
    const offer = (feature: Feature, ...items: (() => void)[]): void => {
      if (this.#features.has(feature)) options.push(...items);
    };
    const around = (before: string, after: string, held: number): (() => void) => {
      return () => {
        this.#line(before);
        this.#held = held;
        this.#access();
        if (random.below(3) === 0) this.#access();
        this.#held = null;
        this.#line(after);
      };
    };
    const inside = (header: string): (() => void) => {
      return () => {
        this.#line(`${header} {`);
        this.#in(() => {
          this.#access();
        });
        this.#line("}");
      };
    };
    const which = random.below(2);
    const mutex = around(`${p}m${which}.Lock()`, `${p}m${which}.Unlock()`, which);
    offer("mutex", mutex, mutex);
    offer("rwmutex", around(`${p}rw.Lock()`, `${p}rw.Unlock()`, 0));
    offer("rwmutex", around(`${p}rw.RLock()`, `${p}rw.RUnlock()`, 0));
    offer("atomic", inside(`if ${p}a.Load() > 0`), inside(`if ${p}a.CompareAndSwap(0, 1)`), () => {
      this.#access();
      this.#line(`${p}a.Add(1)`);
    });
    offer("buffer", () => {
      this.#access();
      this.#line("buffer <- 1");
    });
    offer("buffer", () => {
      this.#line("select {");
      this.#line("case <-buffer:");
      this.#in(() => {
        this.#access();
      });
      this.#line("default:");
      this.#line("}");
    });
    if (mayWait) {
      offer("close", () => {
        this.#line("<-closed");
        this.#access();
      });
    }
    offer("once", () => {
      this.#line(`${p}once.Do(func() {`);
      this.#in(() => {
        this.#access();
      });
      this.#line("})");
      if (random.below(2) === 0) this.#access();
    });
    random.pick(options)();
  }

  #access(): void {
    const which = this.#careful && this.#held !== null ? this.#held : this.#random.below(2);
    const guarded = this.#careful && this.#held === null && this.#random.below(12) > 0;
    if (guarded) this.#line(`${this.#name}m${which}.Lock()`);
    this.#touch(`${this.#name}x${which}`);
    if (guarded) this.#line(`${this.#name}m${which}.Unlock()`);
  }

  #touch(variable: string): void {
    this.#variables.set(this.#lines.length, variable);
    this.#line(this.#random.pick([`${variable} = 1`, `${variable}++`, `use(${variable})`]));
  }

  #in(write: () => void): void {
    const before = this.#indent;
    this.#indent += "\t";
    write();
    this.#indent = before;
  }

  #line(text: string): void {
    this.#lines.push(`${this.#indent}${text}`);
  }
}
