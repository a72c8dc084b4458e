import type { Program } from "../../ir/ir.js";
import { createAgentMachine } from "./agents/machine.js";
import { createCore } from "./go-core.js";
import { GoMachine } from "./go-machine.js";
import { Image } from "./image.js";
import type { Machine } from "./machine.js";
import { createTsMachine } from "./ts-machine.js";

/** The machine for the program's language. */
export function makeMachine(program: Program): Machine {
  if (program.language === "ts") {
    return program.workers === undefined ? createTsMachine(program) : createAgentMachine(program);
  }
  const image = new Image(program);
  return new GoMachine(image.program, (listener, natives) =>
    createCore(image, { listener, natives }),
  );
}
