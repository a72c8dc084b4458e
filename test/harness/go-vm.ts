import { present } from "../../language-server/base/assert.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { Host } from "../../language-server/engine/engine.js";
import { createCore, type GoCore } from "../../language-server/explore/vm/go-core.js";
import { GoMachine } from "../../language-server/explore/vm/go-machine.js";
import { Image } from "../../language-server/explore/vm/image.js";
import type { Halt } from "../../language-server/explore/vm/machine.js";
import { lowerGo } from "../../language-server/frontend/go/frontend.js";
import type { Program } from "../../language-server/ir/ir.js";
import { goUnit } from "./engine.js";
import type { GoRun } from "./go-oracle.js";

const mostSteps = 100_000;

/** The program of one Go file. */
export async function programOf(host: Host, file: string): Promise<Program> {
  const { images, timers } = await host.goImages(goUnit(file), neverCancelled);
  const { program, gaps } = lowerGo(images, (path) => host.stdImage(path), neverCancelled, timers);
  if (gaps.length > 0) throw new Error(gaps.map((it) => it.reason).join("\n"));
  return program;
}

/**
 * One execution in the machine, always of the first thread that may run, as the Go toolchain would report it.
 * With `detours`, other choices are tried along the way and taken back, which must change nothing.
 */
export function runInVm(program: Program, detours = false): GoRun {
  const image = new Image(program);
  // Changed through the trail, since the machine looks beyond the end and takes that back.
  const streams = { 1: "", 2: "" };
  let core: GoCore | undefined;
  const machine = new GoMachine(image.program, (listener, natives) => {
    core = createCore(image, {
      natives,
      listener: {
        ...listener,
        output: (thread, fd, text, span, func) => {
          const stream = fd === 2 ? 2 : 1;
          present(core, "core").trail.set(streams, stream, streams[stream] + text);
          listener.output(thread, fd, text, span, func);
        },
      },
    });
    return core;
  });
  machine.reset(
    present(
      program.entries.find((it) => it.kind === "main"),
      "main",
    ).func,
  );
  for (let steps = 0; machine.halted() === undefined && steps < mostSteps; steps++) {
    if (detours && steps % 3 === 1) detour(machine, steps);
    machine.step(present(machine.enabled()[0], "a thread that may run"));
  }
  const { message, exit } = endOf(machine.halted(), program);
  const stderr = `${streams[2]}${message}`
    .split("\n")
    .filter((it) => it !== "" && !it.startsWith("[signal "));
  return { stdout: streams[1], stderr: stderr.map((it) => `${it}\n`).join(""), exit };
}

/** Six steps with other choices, some of them taken back on the way, then all of them. */
function detour(machine: GoMachine, seed: number): void {
  const start = machine.mark();
  const before = machine.hash();
  for (let step = 0; step < 6 && machine.halted() === undefined; step++) {
    const choices = machine.enabled();
    const inner = machine.mark();
    machine.step(present(choices[0], "choice"));
    machine.undoTo(inner);
    machine.step(present(choices[(seed + step) % choices.length], "choice"));
  }
  machine.undoTo(start);
  if (machine.hash() !== before) throw new Error("undo does not give the state back");
}

function endOf(halt: Halt | undefined, program: Program): { message: string; exit: number } {
  if (halt === undefined) return { message: `did not end in ${mostSteps} steps`, exit: -1 };
  if (halt.kind !== "finished") {
    const line = (program.spans[halt.span]?.start.line ?? 0) + 1;
    const reason = halt.kind === "unsupported" ? halt.reason : "ran too long";
    return { message: `line ${line}: ${reason}`, exit: -1 };
  }
  const { outcome } = halt;
  switch (outcome.kind) {
    case "panic":
      return { message: outcome.message, exit: 2 };
    case "deadlock":
      return { message: `fatal error: ${outcome.message}`, exit: 2 };
    case "assertion":
      return { message: "", exit: Number(/^exit status (\d+)$/.exec(outcome.message)?.[1] ?? -1) };
    default:
      return { message: "", exit: 0 };
  }
}
