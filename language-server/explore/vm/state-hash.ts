// A digest of everything an execution can still depend on: what each thread would do next and all memory it can
// reach. Clocks are left out: they say how a state was reached.

import type { SpanId } from "../../ir/ir.js";
import type { Obj } from "./core.js";
import { VmFrame } from "./frames.js";
import type { Goroutine } from "./goroutine.js";
import { MapObj } from "./maps.js";
import { Chan, Closure, Complex, Iface, Pointer, Slice } from "./values.js";
import type { World } from "./world.js";

/** `place` names a span: the same code has the same place in every execution. */
export function digest(world: World, output: string, place: (span: SpanId) => string): string {
  const walk = new Walk();
  const parts = world.threads.map((it) => threadText(walk, it, place));
  parts.push(String(world.now), output);
  parts.push(...walk.memory());
  return fnv(parts.join("\n"));
}

function threadText(walk: Walk, g: Goroutine, place: (span: SpanId) => string): string {
  const parts: string[] = [g.name, g.phase, g.intent?.kind ?? "-", String(g.timer?.when ?? "-")];
  const at = g.stop !== null && "span" in g.stop ? place(g.stop.span) : "-";
  parts.push(g.stop?.kind ?? "-", at, g.held.map((it) => it.lock).join(","));
  let frame = g.core?.frame ?? null;
  while (frame !== null) {
    if (frame instanceof VmFrame) {
      parts.push(frame.code.func.name, String(frame.pc), walk.list(frame.regs));
    }
    frame = frame.parent;
  }
  return parts.join(" ");
}

/** Values as text; objects by number, and each object's content once. */
class Walk {
  readonly #seen = new Set<object>();
  readonly #queue: (Obj | Chan | MapObj)[] = [];

  list(values: readonly unknown[]): string {
    return Array.from(values, (it) => this.value(it)).join(",");
  }

  value(value: unknown): string {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value !== "object" || value === null) return String(value);
    if (Array.isArray(value)) return `(${this.list(value)})`;
    if (value instanceof Pointer) return `&${this.#visit(value.obj)}+${value.off}`;
    if (value instanceof Slice) {
      return `[${this.#visit(value.obj)}+${value.off} ${value.len}/${value.cap}]`;
    }
    if (value instanceof Iface) return `<${value.type} ${this.value(value.value)}>`;
    if (value instanceof Complex) return `${value.re}i${value.im}`;
    if (value instanceof Closure) {
      return `${value.func.name}{${this.list(value.captures)};${this.list(value.bound)}}`;
    }
    if (value instanceof Chan || value instanceof MapObj) return `@${this.#visit(value)}`;
    return value.constructor.name;
  }

  #visit(object: Obj | Chan | MapObj): number {
    if (!this.#seen.has(object)) {
      this.#seen.add(object);
      this.#queue.push(object);
    }
    return object.id;
  }

  /** What the values that were seen lead to, in the order of discovery. */
  memory(): readonly string[] {
    const texts: string[] = [];
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      texts.push(`${next.id}: ${this.#content(next)}`);
    }
    return texts;
  }

  #content(object: Obj | Chan | MapObj): string {
    if (object instanceof Chan) return `${this.list(object.buffer)} ${String(object.closed)}`;
    if (!(object instanceof MapObj)) return this.list(object.cells);
    return [...object.live()]
      .map((it) => `${this.value(it.key)}=${this.value(it.value)}`)
      .join(",");
  }
}

/** FNV-1a over UTF-16 units in two 32-bit lanes. */
function fnv(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01234567;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193) >>> 0;
    b = Math.imul(b ^ unit, 0x01000193) >>> 0;
  }
  return a.toString(16).padStart(8, "0") + b.toString(16).padStart(8, "0");
}
