// What stands in for `async-mutex`, `p-limit` and `navigator.locks` does what they do, turn by turn: the real packages and the
// real Node are the oracle.

import { join } from "node:path";
import * as asyncMutex from "async-mutex";
import * as pLimit from "p-limit";
import { expect, it } from "vitest";
import { modelOfModule, modelSource } from "../../../language-server/frontend/ts/models.js";
import { root } from "../../harness/engine.js";
import { printsTheSame } from "../../harness/ts-programs.js";

printsTheSame(join(root, "test/fixtures/ts/locks"));

it.each([
  ["async-mutex", Object.keys(asyncMutex)],
  ["p-limit", Object.keys(pLimit)],
])("the source for %s exports what the package does", (name, names) => {
  const source = modelSource(modelOfModule(name) ?? "") ?? "";
  const exported = [
    ...source.matchAll(/^export (default )?(?:async )?(?:const|class|function) (\w+)/gm),
  ];
  const own = exported.map(([, isDefault, it]) => (isDefault === undefined ? it : "default"));
  expect(own.toSorted()).toEqual(names.toSorted());
});
