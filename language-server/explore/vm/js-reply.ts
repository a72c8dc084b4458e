import type { Vm } from "./js-interp.js";

/** A reply from outside: it may come at any time, in any order. `span`: the place that asks for it. */
export function replyOf(vm: Vm, text: string, value: () => unknown, span = vm.span): object {
  const { object, data } = vm.realm.promises.pending();
  const { resolve } = data.resolvers();
  const run = (): void => {
    resolve(value());
  };
  vm.loop.addTask({
    kind: "reply",
    delay: 1,
    text: `when the reply to ${text} arrives`,
    repeats: false,
    run,
    span,
  });
  return object;
}
