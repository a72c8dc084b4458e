// The last words of a goroutine that dies of a panic: `Error` and `String` methods of the values on the chain are
// called, in the program, and what the run-time prints after `panic: ` is put together.

import type { TypeId } from "../../ir/types.js";
import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import type { Boundary, Panic, VmFrame } from "./frames.js";
import { jsText } from "./js-text.js";
import { printPanicValue } from "./print.js";
import { Iface } from "./values.js";

export class FatalPrinter implements Boundary {
  readonly #last: Panic;
  /** Oldest first. */
  readonly #chain: readonly Panic[];
  readonly #texts: string[] = [];

  constructor(last: Panic) {
    this.#last = last;
    const chain: Panic[] = [];
    for (let it: Panic | null = last; it !== null; it = it.link) chain.unshift(it);
    this.#chain = chain.filter((it) => !it.goexit);
  }

  start(cpu: Cpu): void {
    this.#next(cpu);
  }

  #next(cpu: Cpu): void {
    const { info } = cpu.image;
    for (;;) {
      const panic = this.#chain[this.#texts.length];
      if (panic === undefined) break;
      const { value } = panic;
      if (value instanceof Iface) {
        const method = info.method(value.type, "Error") ?? info.method(value.type, "String");
        if (method?.params.length === 1 && method.results === 1) {
          cpu.callAside(method, [value.value], this);
          return;
        }
      }
      const isGo = value instanceof Iface || value === null;
      this.#texts.push(isGo ? printPanicValue(info, value) : jsText(info, value));
    }
    this.#finish(cpu);
  }

  returned(cpu: Cpu, _frame: VmFrame, value: Value): void {
    this.#texts.push(String(value).replaceAll("\n", "\n\t"));
    this.#next(cpu);
  }

  panicked(cpu: Cpu, _frame: VmFrame, panic: Panic): void {
    this.#texts.push(
      `panic while printing panic value: ${printPanicValue(cpu.image.info, panic.value)}`,
    );
    this.#next(cpu);
  }

  #finish(cpu: Cpu): void {
    const parts: string[] = [];
    this.#chain.forEach((panic, index) => {
      const before = this.#chain[index - 1];
      if (before !== undefined && before.value === panic.value) return;
      const again = this.#chain[index + 1]?.value === panic.value;
      const suffix = !panic.recovered ? "" : again ? " [recovered, repanicked]" : " [recovered]";
      parts.push(`${this.#texts[index] ?? ""}${suffix}`);
    });
    let message = parts.join("\n\tpanic: ");
    if (isNilDereference(this.#last.value, cpu.image.runtime.errorString))
      message += "\n[signal SIGSEGV: segmentation violation]";
    const { span, value } = this.#last;
    cpu.halt({ kind: "panicked", message, span, value });
  }
}

function isNilDereference(value: Value, errorString: TypeId): boolean {
  return (
    value instanceof Iface &&
    value.type === errorString &&
    value.value === "invalid memory address or nil pointer dereference"
  );
}
