import { accept, type Chan, type Received, type Turn } from "./channel.js";
import { waitFor } from "./observer.js";
import { place } from "./waiting.js";

/** What to do once the case is chosen. */
type Then<R> = () => R | Promise<R>;

/** One case of a `select`. Make it with `onReceive`, `onSend` or `otherwise`. */
export type Case<R> =
  | {
      readonly kind: "communicate";
      readonly isReady: () => boolean;
      /** Only when it is ready. */
      readonly now: () => Then<R>;
      readonly later: (turn: Turn, chosen: (then: Then<R>) => void) => void;
    }
  | { readonly kind: "otherwise"; readonly then: Then<R> };

/** `case value, ok := <-channel:`. A channel that is `null` is never ready, as a nil one in Go. */
export function onReceive<T, R = void>(
  channel: Chan<T> | null,
  then: (value: T | undefined, ok: boolean) => R | Promise<R>,
): Case<R> {
  const use = (it: Received<T>) => () => then(it.value, it.ok);
  return {
    kind: "communicate",
    isReady: () => channel?.gives === true,
    now: () => use(channel?.tryReceive() ?? { value: undefined, ok: false }),
    later: (turn, chosen) => {
      channel?.await({
        turn,
        received: (it) => {
          chosen(use(it));
        },
      });
    },
  };
}

/** `case channel <- value:`. */
export function onSend<T, R = void>(channel: Chan<T> | null, value: T, then: Then<R>): Case<R> {
  return {
    kind: "communicate",
    isReady: () => channel?.takes === true,
    now: () => {
      channel?.trySend(value);
      return then;
    },
    later: (turn, chosen) => {
      channel?.offer({
        turn,
        value,
        sent: (accepted) => {
          chosen(() => {
            accept(accepted);
            return then();
          });
        },
      });
    },
  };
}

/** `default:`. */
export function otherwise<R = void>(then: Then<R>): Case<R> {
  return { kind: "otherwise", then };
}

/**
 * Go's `select`: waits until one of the cases can go on; of several, any one does.
 * @returns what the chosen case returns
 */
export async function select<R = void>(...cases: readonly Case<R>[]): Promise<R> {
  const ready = cases.flatMap((it) => (it.kind === "communicate" && it.isReady() ? [it] : []));
  const any = ready.length > 1 ? ready[Math.floor(Math.random() * ready.length)] : ready[0];
  if (any !== undefined) return any.now()();
  for (const it of cases) if (it.kind === "otherwise") return it.then();
  const turn: Turn = { taken: false };
  const mine = place<Then<R>>();
  for (const it of cases) if (it.kind === "communicate") it.later(turn, mine.open);
  const then = await waitFor("select", mine.promise);
  return then();
}
