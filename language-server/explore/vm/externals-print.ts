import type { Value } from "./core.js";
import type { Cpu } from "./cpu.js";
import type { Native } from "./image.js";
import { address, printScalar } from "./print.js";
import { Iface, Slice } from "./values.js";
import { bytesOf } from "./exec-bulk.js";

function printed(cpu: Cpu, value: Value): string {
  if (!(value instanceof Iface)) return "(0x0,0x0)";
  const type = cpu.image.info.underlying(value.type);
  if (type.kind === "slice") {
    const slice = value.value instanceof Slice ? value.value : null;
    return `[${slice?.len ?? 0}/${slice?.cap ?? 0}]${address(slice)}`;
  }
  return type.kind === "basic" ? printScalar(type.name, value.value) : address(value.value);
}

/** Writes to a file descriptor of the program. */
export function write(cpu: Cpu, fd: number, text: string): void {
  const { span, func } = cpu.here;
  cpu.listener?.output(cpu.thread.id, fd, text, span, func);
}

/** The built-in functions, and the bottom of package os. */
export const printNatives: readonly (readonly [string, Native])[] = [
  [
    "print",
    (cpu, args) => {
      write(cpu, 2, args.map((it) => printed(cpu, it)).join(""));
    },
  ],
  [
    "println",
    (cpu, args) => {
      write(cpu, 2, `${args.map((it) => printed(cpu, it)).join(" ")}\n`);
    },
  ],
  [
    "os.write",
    (cpu, [fd, bytes]) => {
      if (bytes instanceof Slice) write(cpu, Number(fd), bytesOf(bytes));
    },
  ],
];
