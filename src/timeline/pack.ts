import type {
  Packed,
  PackedSpan,
  PackedWait,
  PackedWitness,
  StepRest,
} from "../../protocol/packed.js";
import type { Span } from "../../protocol/span.js";
import type { ToWebview } from "../../protocol/webview.js";
import type { Action, Blocked, Choice, Step, Witness } from "../../protocol/witness.js";

/** A message as it travels to the panel, which unpacks it. */
export function pack(message: ToWebview): Packed {
  if (message.type !== "show") return message;
  const { witnesses, ...rest } = message;
  return { ...rest, packed: JSON.stringify(witnesses.map(packWitness)) };
}

function packWitness({ steps, ...witness }: Witness): PackedWitness {
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
  const rest = new Table<StepRest>();
  const place = ({ uri, start, end }: Span): number => {
    const it = [uris.index(uri), start.line, start.character, end.line, end.character] as const;
    return spans.index(it, it.join());
  };
  const choice = (it: Choice): number => choices.index(it, choiceName(it));
  const wait = ({ span, ...others }: Blocked): number => {
    const it = { ...others, span: place(span) };
    return waits.index(it, JSON.stringify(it));
  };
  const list = (table: Table<readonly number[]>, it: readonly number[]): number =>
    table.index(it, it.join());
  return {
    ...witness,
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
      rest: steps.map((it) => {
        const others = restOf(it);
        return rest.index(others, JSON.stringify(others));
      }),
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
      rest: rest.items,
    },
  };
}

// The compiler asks for a field here as soon as choices have another one.
const choiceFields: Readonly<Record<keyof Choice, null>> = {
  thread: null,
  arm: null,
  partner: null,
  partnerArm: null,
};
const choiceKeys = Object.keys(choiceFields) as (keyof Choice)[];

const choiceName = (it: Choice): string => choiceKeys.map((key) => it[key]).join();

const columnFields: Readonly<Record<Exclude<keyof Step, keyof StepRest>, null>> = {
  thread: null,
  span: null,
  func: null,
  action: null,
  text: null,
  clock: null,
  enabled: null,
  held: null,
  blocked: null,
  essential: null,
  changed: null,
};

/** What has no column: steps may get fields that this file need not know. */
function restOf(step: Step): StepRest {
  return Object.fromEntries(Object.entries(step).filter(([name]) => !(name in columnFields)));
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
