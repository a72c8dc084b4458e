import type { ExplorationSummary } from "../../../protocol/finding.js";
import type { Material, PageParts } from "../../../export/format.js";
import type { OutcomeKind } from "../../../protocol/finding.js";
import type { Witness } from "../../../protocol/witness.js";
import type { Program } from "../../../language-server/ir/ir.js";
import { explored, threads } from "../explore/programs.js";
import { witnessOf } from "../report/witnesses.js";

export interface Trace {
  readonly name: string;
  readonly witness: Witness;
  readonly exploration: ExplorationSummary;
}

/** The three schedules that a reader of a picture has to understand without the code. */
export function tellingTraces(): readonly Trace[] {
  const crossed = ["lock a; lock b; unlock b; unlock a", "lock b; lock a; unlock a; unlock b"];
  const trace = (name: string, kind: OutcomeKind, program: Program): Trace => ({
    name,
    witness: witnessOf(program, kind),
    exploration: explored(program).summary,
  });
  return [
    trace("lost-update", "race", threads(["inc x", "inc x"])),
    trace("crossed-locks", "deadlock", threads(crossed)),
    trace("leaked-sender", "leak", threads(["send c", "send c"], { waits: false, main: "recv c" })),
  ];
}

/** What each format reads as its own. */
export const hostileNames: readonly string[] = [
  `</script><img src=x onerror=alert(1)>`,
  `</style></svg><!-- -->]]>`,
  `"quotes" 'and' \`ticks\` & &amp; <b>`,
  `two\nlines\r\nand\u2028more`,
  `%% comment; t0->>t1: end #quot; #35;`,
  `Note over t0: x`,
  `wrap: style: fill:#f00; classDef a fill:#fff;`,
  "```\n# heading | table | [link](javascript:alert(1)) <img>",
  `end`,
  `\u0000\u0007\u001b[31m\ud800 lone`,
  `{ "json": true }, \\ \\u003c`,
  `日本語 👩‍👩‍👧 ‮right to left`,
  ``,
  `   `,
  "x".repeat(3000),
];

/** The witness with a name in every place where the program has the word; digests, kinds and places stay. */
export function renamed(witness: Witness, name: string): Witness {
  const value = <T extends { readonly name: string }>(it: T): T => ({ ...it, name });
  return {
    ...witness,
    threads: witness.threads.map(value),
    objects: witness.objects.map(value),
    schedule: { ...witness.schedule, entry: name },
    steps: witness.steps.map((it) => ({
      ...it,
      func: name,
      text: `${name} does ${name}`,
      action: Object.fromEntries(
        Object.entries(it.action).map(([key, old]) => [
          key,
          key === "value" || key === "text" ? name : old,
        ]),
      ) as typeof it.action,
      blocked: it.blocked.map((b) => ({ ...b, reason: name })),
      changed: it.changed.map(() => ({ name, value: name })),
    })),
    outcome: "message" in witness.outcome ? { ...witness.outcome, message: name } : witness.outcome,
    output: name,
  };
}

/** Stands in for what the build makes. */
export const plainPage: PageParts = {
  script: "document.title;",
  style: "p{margin:0}",
  sha256: (text) => `hash-of-${text.length}`,
};

export function materialOf(witness: Witness, more: Partial<Material> = {}): Material {
  return { witness, exploration: null, sources: [], page: plainPage, ...more };
}
