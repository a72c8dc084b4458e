// Programs print the same in our event loop and in Node.

import { join } from "node:path";
import { root } from "../../harness/engine.js";
import { printsTheSame } from "../../harness/ts-programs.js";

printsTheSame(join(root, "test/fixtures/ts/run"));
