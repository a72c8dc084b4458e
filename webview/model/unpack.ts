import type { Packed, PackedTables, PackedWitness } from "../../protocol/packed.js";
import type { Span } from "../../protocol/span.js";
import type { ToWebview } from "../../protocol/webview.js";
import type { Blocked, Choice, Step, Witness } from "../../protocol/witness.js";

/** A message as it was before it was packed for its way here. */
export function unpack(message: Packed): ToWebview {
  if (message.type !== "show") return message;
  const { packed, ...rest } = message;
  const witnesses = JSON.parse(packed) as readonly PackedWitness[];
  return { ...rest, witnesses: witnesses.map(unpackWitness) };
}

/** Steps that have something in common share it: it is there once. */
function unpackWitness({ tables, columns, ...witness }: PackedWitness): Witness {
  const spans = spansOf(tables);
  const choices = new Lists<Choice>(tables.choices, tables.enabled);
  const waits = new Lists<Blocked>(waitsOf(tables, spans), tables.blocked);
  const clocks = new Clocks(columns.clocks, witness.threads.length);
  const rest = tables.rest.map((it) => (Object.keys(it).length === 0 ? null : it));
  const steps = columns.thread.map((thread, row): Step => {
    const step = {
      thread,
      span: spans[columns.span[row] ?? -1] ?? nowhere,
      func: tables.funcs[columns.func[row] ?? -1] ?? "",
      action: tables.actions[columns.action[row] ?? -1] ?? { kind: "yield" },
      text: tables.texts[columns.text[row] ?? -1] ?? "",
      clock: clocks.next(thread),
      enabled: choices.at(columns.enabled[row] ?? -1),
      held: tables.held[columns.held[row] ?? -1] ?? [],
      blocked: waits.at(columns.blocked[row] ?? -1),
      essential: columns.essential[row] === 1,
      changed: tables.changed[columns.changed[row] ?? -1] ?? [],
    };
    const more = rest[columns.rest[row] ?? -1] ?? null;
    return more === null ? step : { ...more, ...step };
  });
  return { ...witness, steps };
}

const nowhere: Span = { uri: "", start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function spansOf({ uris, spans }: PackedTables): readonly Span[] {
  return spans.map(([uri, line, character, endLine, endCharacter]) => ({
    uri: uris[uri] ?? "",
    start: { line, character },
    end: { line: endLine, character: endCharacter },
  }));
}

function waitsOf({ waits }: PackedTables, spans: readonly Span[]): readonly Blocked[] {
  return waits.map((it) => ({ ...it, span: spans[it.span] ?? nowhere }));
}

/** Lists of items by their indices, made when first asked for. */
class Lists<T> {
  readonly #items: readonly T[];
  readonly #indices: readonly (readonly number[])[];
  readonly #made: (readonly T[] | undefined)[] = [];

  constructor(items: readonly T[], indices: readonly (readonly number[])[]) {
    this.#items = items;
    this.#indices = indices;
  }

  at(index: number): readonly T[] {
    return (this.#made[index] ??= (this.#indices[index] ?? []).flatMap((it) => {
      const item = this.#items[it];
      return item === undefined ? [] : [item];
    }));
  }
}

/** The clocks of one step after the other, each from its thread's previous one. */
class Clocks {
  readonly #changes: readonly number[];
  readonly #last: (readonly number[])[];
  #at = 0;

  constructor(changes: readonly number[], threads: number) {
    this.#changes = changes;
    this.#last = Array.from({ length: threads }, () => new Array<number>(threads).fill(0));
  }

  next(thread: number): readonly number[] {
    const clock = this.#last[thread]?.slice() ?? [];
    const count = this.#changes[this.#at] ?? 0;
    this.#at += 1;
    for (const end = this.#at + 2 * count; this.#at < end; this.#at += 2) {
      clock[this.#changes[this.#at] ?? 0] = this.#changes[this.#at + 1] ?? 0;
    }
    this.#last[thread] = clock;
    return clock;
  }
}
