// Threads of TypeScript programs: messages, clones, shared memory and Atomics do what they do in Node.

import { join } from "node:path";
import { root } from "../../harness/engine.js";
import { printsTheSame } from "../../harness/ts-programs.js";

printsTheSame(join(root, "test/fixtures/ts/workers"));
