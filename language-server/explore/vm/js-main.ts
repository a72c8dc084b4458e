// The bodies of modules, one after the other: each may wait for promises before the next begins.

import type { FuncId } from "../../ir/ir.js";
import type { Vm } from "./js-interp.js";

const moduleSite = { taints: [], selfTaint: undefined, awaited: true, name: () => "module" };

export function runModules(vm: Vm, bodies: readonly FuncId[]): void {
  const run = (index: number): void => {
    const id = bodies[index];
    if (id === undefined) return;
    const body = vm.closure(id, []);
    const promise = vm.realm.promises.dataOf(vm.call(body, undefined, [], moduleSite));
    if (promise === undefined || promise.state === "fulfilled") run(index + 1);
    else if (promise.state === "pending" && index + 1 < bodies.length) {
      promise.react(
        () => {
          run(index + 1);
        },
        (error) => {
          throw error;
        },
      );
    }
  };
  run(0);
}
