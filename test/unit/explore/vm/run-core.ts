import { present } from "../../../../language-server/base/assert.js";
import type { Stop, Thread } from "../../../../language-server/explore/vm/core.js";
import { createCore, type GoCore } from "../../../../language-server/explore/vm/go-core.js";
import { Image } from "../../../../language-server/explore/vm/image.js";
import { parseProgram } from "../../../../language-server/ir/parse.js";

export interface Started {
  readonly core: GoCore;
  readonly thread: Thread;
  readonly accesses: string[];
  readonly printed: string[];
}

/** The entry of a program in IR text, before its first instruction. */
export function start(text: string): Started {
  const program = parseProgram(`program go\n${text}entry main main.main\n`);
  const image = new Image(program);
  const accesses: string[] = [];
  const printed: string[] = [];
  const core = createCore(image, {
    limits: { cells: 10_000 },
    listener: {
      access: (_thread, obj, off, cells, write) => {
        accesses.push(
          `${write ? "write" : "read"} ${core.nameOf(obj, off)}${cells > 1 ? `+${cells}` : ""}`,
        );
      },
      mapAccess: (_thread, _map, write) => {
        accesses.push(`${write ? "write" : "read"} map`);
      },
      output: (_thread, _fd, text) => {
        printed.push(text);
      },
    },
  });
  const { func } = present(program.entries[0], "entry");
  const thread = core.newThread(0, { kind: "static", func }, [], null);
  return { core, thread, accesses, printed };
}

export function run(text: string): Stop {
  const { core, thread } = start(text);
  return core.run(thread, 100_000);
}

/** What `main.main() results 1` with this body returns, or how it ends otherwise. */
export function result(body: string, declarations = ""): unknown {
  const stop = run(`${declarations}func main.main() results 1 {\nb0:\n${body}\n}\n`);
  if (stop.kind === "ended") return stop.value;
  return stop.kind === "panicked" ? stop.message : stop.kind;
}
