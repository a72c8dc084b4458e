// The body of a step, statement by statement, and which variables are worth keeping. A variable that nobody will read is set
// to 0: else states would differ in what no longer matters, and SPIN's own removal of dead variables does not see through `pc`.

/** A step of a process: what it may do when `pc` is `number`. */
export interface Step {
  readonly number: number;
  readonly options: Option[];
}

/** Where a process is after an option: before a step, or at its end. */
export interface Option {
  /** When it may be taken, besides at its own `pc`; null: always. */
  readonly guard: string | null;
  /** Instead of a guard: how it meets a partner. Names `pc` itself. */
  readonly meeting: { readonly text: string; readonly targets: readonly string[] } | null;
  readonly lines: readonly Line[];
}

export type Line =
  | { readonly kind: "assign"; readonly target: string; readonly value: string }
  /** Any other statement; `targets` are local variables that it writes. */
  | { readonly kind: "do"; readonly text: string; readonly targets: readonly string[] }
  | { readonly kind: "run"; readonly text: string }
  | { readonly kind: "label" | "goto"; readonly label: string }
  | { readonly kind: "when"; readonly cond: string; readonly label: string }
  /** The step is over. */
  | { readonly kind: "stand"; readonly at: Step }
  | { readonly kind: "finish" };

export const assign = (target: string, value: string): Line => ({ kind: "assign", target, value });
export const act = (text: string, ...targets: readonly string[]): Line => ({
  kind: "do",
  text,
  targets,
});

type Variables = ReadonlySet<string>;

/** What is read later, for every step of a process. */
export function liveness(steps: readonly Step[], variables: Variables): Map<Step, Variables> {
  const live = new Map<Step, Variables>(steps.map((it) => [it, new Set<string>()]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const step of steps) {
      const now = new Set(step.options.flatMap((it) => [...liveBefore(it, live, variables)]));
      changed ||= now.size !== live.get(step)?.size;
      live.set(step, now);
    }
  }
  return live;
}

function liveBefore(option: Option, live: Map<Step, Variables>, variables: Variables): Variables {
  const before = new Set(liveAlong(option.lines, live, variables)[0]);
  for (const it of option.meeting?.targets ?? []) before.delete(it);
  for (const it of wordsOf(option.guard ?? option.meeting?.text ?? "", variables)) before.add(it);
  for (const it of option.meeting?.targets ?? []) {
    // It names the variable it writes, which is no reading.
    if (!readsOf(option, variables).has(it)) before.delete(it);
  }
  return before;
}

function readsOf({ meeting }: Option, variables: Variables): Variables {
  const [channel = ""] = (meeting?.text ?? "").split("?");
  return new Set(wordsOf(channel, variables));
}

/** The variables live before each line, and behind the last. */
export function liveAlong(
  lines: readonly Line[],
  live: ReadonlyMap<Step, Variables>,
  variables: Variables,
): readonly Variables[] {
  const before: Set<string>[] = Array.from({ length: lines.length + 1 }, () => new Set());
  const labels = new Map(
    lines.flatMap((it, i): [string, number][] => (it.kind === "label" ? [[it.label, i]] : [])),
  );
  const at = (label: string): Variables => before[labels.get(label) ?? lines.length] ?? new Set();
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, line] of [...lines.entries()].reverse()) {
      const now = liveBeforeLine(line, before[i + 1] ?? new Set(), at, live, variables);
      changed ||= now.size !== before[i]?.size;
      before[i] = now;
    }
  }
  return before;
}

function liveBeforeLine(
  line: Line,
  after: Variables,
  at: (label: string) => Variables,
  live: ReadonlyMap<Step, Variables>,
  variables: Variables,
): Set<string> {
  switch (line.kind) {
    case "assign": {
      if (!after.has(line.target)) return new Set(after);
      const rest = [...after].filter((it) => it !== line.target);
      return new Set([...rest, ...wordsOf(line.value, variables)]);
    }
    case "do": {
      const rest = [...after].filter((it) => !line.targets.includes(it));
      const read = wordsOf(line.text, variables).filter((it) => !line.targets.includes(it));
      return new Set([...rest, ...read]);
    }
    case "run":
      return new Set([...after, ...wordsOf(line.text, variables)]);
    case "label":
      return new Set(after);
    case "goto":
      return new Set(at(line.label));
    case "when":
      return new Set([...after, ...at(line.label), ...wordsOf(line.cond, variables)]);
    case "stand":
      return new Set(live.get(line.at));
    case "finish":
      return new Set();
  }
}

/** Those of the variables that a text names. */
export function wordsOf(text: string, variables: Variables): readonly string[] {
  return [...text.matchAll(/[A-Za-z_]\w*/g)].map(([it]) => it).filter((it) => variables.has(it));
}

/** The variables that the lines may set. */
export function targetsOf({ meeting, lines }: Option): readonly string[] {
  return [
    ...(meeting?.targets ?? []),
    ...lines.flatMap((it) =>
      it.kind === "assign" ? [it.target] : it.kind === "do" ? it.targets : [],
    ),
  ];
}
