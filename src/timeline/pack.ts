import type { Packed, PackedSpan, PackedWait, PackedWitness } from "../../protocol/packed.js";
import type { Span } from "../../protocol/span.js";
import type { ToWebview } from "../../protocol/webview.js";
import type { Action, Blocked, Choice, Step, Witness } from "../../protocol/witness.js";

/** A message as it travels to the panel, which unpacks it. */
export function pack(message: ToWebview): Packed {
  if (message.type !== "show") return message;
  const { witnesses, ...rest } = message;
  return { ...rest, packed: JSON.stringify(witnesses.map(packWitness)) };
}

function packWitness({ steps, ...rest }: Witness): PackedWitness {
  const uris = new Table<string>();
  const spans = new Table<PackedSpan>();
  const funcs = new Table<string>();
  const actions = new Table<Action>();
  const texts = new Table<string>();
  const choices = new Table<Choice>();
  const enabled = new Table<readonly number[]>();
  const held = new Table<readonly number[]>();
  const waits = new Table<PackedWait>();
  const blocked = new Table<readonly number[]>();
  const changed = new Table<Step["changed"]>();
  const place = ({ uri, start, end }: Span): number => {
    const it = [uris.index(uri), start.line, start.character, end.line, end.character] as const;
    return spans.index(it, it.join());
  };
  const choice = (it: Choice): number =>
    choices.index(it, [it.thread, it.arm, it.partner, it.partnerArm].join());
  const wait = ({ thread, span, object, reason, holders }: Blocked): number => {
    const it = [thread, place(span), object, reason, holders] as const;
    return waits.index(it, it.join());
  };
  const list = (table: Table<readonly number[]>, it: readonly number[]): number =>
    table.index(it, it.join());
  return {
    ...rest,
    columns: {
      thread: steps.map((it) => it.thread),
      span: steps.map((it) => place(it.span)),
      func: steps.map((it) => funcs.index(it.func)),
      action: steps.map((it) => actions.index(it.action, JSON.stringify(it.action))),
      text: steps.map((it) => texts.index(it.text)),
      enabled: steps.map((it) => list(enabled, it.enabled.map(choice))),
      held: steps.map((it) => list(held, it.held)),
      blocked: steps.map((it) => list(blocked, it.blocked.map(wait))),
      changed: steps.map((it) => changed.index(it.changed, JSON.stringify(it.changed))),
      essential: steps.map((it) => (it.essential ? 1 : 0)),
      clocks: clocksOf(steps),
    },
    tables: {
      uris: uris.items,
      spans: spans.items,
      funcs: funcs.items,
      actions: actions.items,
      texts: texts.items,
      choices: choices.items,
      enabled: enabled.items,
      held: held.items,
      waits: waits.items,
      blocked: blocked.items,
      changed: changed.items,
    },
  };
}

function clocksOf(steps: readonly Step[]): readonly number[] {
  const clocks: number[] = [];
  const before: (readonly number[])[] = [];
  for (const { thread, clock } of steps) {
    const last = before[thread] ?? [];
    before[thread] = clock;
    const place = clocks.push(0) - 1;
    for (let other = 0; other < clock.length; other++) {
      const count = clock[other] ?? 0;
      if (count !== (last[other] ?? 0)) clocks.push(other, count);
    }
    clocks[place] = (clocks.length - place - 1) / 2;
  }
  return clocks;
}

/** Each item once, in the order in which they came. */
class Table<T> {
  readonly items: T[] = [];
  readonly #indices = new Map<string | T, number>();

  /** `name`: the same for items that are the same. */
  index(item: T, name: string | T = item): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    this.#indices.set(name, this.items.length);
    return this.items.push(item) - 1;
  }
}
