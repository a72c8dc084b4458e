import type { OutcomeKind } from "../../protocol/finding.js";
import type { PanelContent } from "../../protocol/webview.js";
import type { Schedule } from "../../protocol/witness.js";
import { endNames } from "../../wording/ends.js";
import { sizeWords } from "../../wording/size.js";
import { number, orders } from "../../wording/verdict.js";
import { type EndChoice, endChoices } from "./ends.js";
import { outcomeName, outcomeNames } from "./labels.js";
import { groupByOutcome, isDelayed, type OutcomeGroup, scheduleName } from "./story.js";

// What exploring found as a tree: what went wrong, how it ends, and the schedules that end so, the simplest first.

export interface TreeNode {
  /** Stays the same while the content does. */
  readonly id: string;
  readonly level: 1 | 2 | 3;
  readonly kind: OutcomeKind | null;
  readonly label: string;
  /** After the label, less important; a phrase stands below it. */
  readonly more: string;
  readonly below?: true;
  readonly children: readonly TreeNode[];
  /** What choosing it shows: a witness that is there, or a schedule to run; null: nothing, it only has children. */
  readonly shows: number | Schedule | null;
}

export function scheduleTree(content: PanelContent): readonly TreeNode[] {
  const ends = endChoices(content);
  const kinds = groups(content, ends);
  const tree = kinds.map(({ kind, executions, witnesses }): TreeNode => {
    const free = new Set(witnesses);
    const own = ends.filter((it) => it.kind === kind);
    const nodes = own.map((it, index): TreeNode => {
      const its = [...free].filter(
        (at) => at === it.witness || endsLike(content, at, it.end?.label ?? ""),
      );
      for (const at of its) free.delete(at);
      return {
        id: `${kind}/${index}`,
        level: 2,
        kind: null,
        label: it.label === "" ? endNames[kind] : it.label,
        more: it.share,
        children: leaves(content, its, 3),
        shows: it.witness ?? it.end?.schedule ?? null,
      };
    });
    const [first] = witnesses;
    const witness = content.witnesses[first ?? -1];
    return {
      id: kind,
      level: 1,
      kind,
      label: witness === undefined ? outcomeNames[kind] : outcomeName(witness),
      ...(executions === null ? uncounted(content, witnesses) : { more: orders(executions) }),
      children: [...nodes, ...leaves(content, [...free], 2)],
      shows: null,
    };
  });
  const others = ends.filter((it) => it.kind === null);
  const rest = others.map(
    (it, index): TreeNode => ({
      id: `rest/${index}`,
      level: 1,
      kind: null,
      label: "Other ends, only counted",
      more: it.share,
      children: [],
      shows: null,
    }),
  );
  return [...tree, ...rest];
}

/** What stands in the place of a count. */
function uncounted(
  { witnesses }: PanelContent,
  own: readonly number[],
): Pick<TreeNode, "more" | "below"> {
  const shown = own.flatMap((it) => witnesses[it] ?? []);
  if (shown.length === 0 || !shown.every(isDelayed)) return { more: "" };
  return { more: "found where a timer may go off at any moment", below: true };
}

/** Such a schedule is none of those that are counted. */
const delayedWords = "not counted";

/** By outcome, the bad ones first; also those of which only ends are known. */
function groups(content: PanelContent, ends: readonly EndChoice[]): readonly OutcomeGroup[] {
  const known = groupByOutcome(content.witnesses, content.summary);
  const kinds = new Set(ends.flatMap((it) => it.kind ?? []));
  const more = [...kinds].filter((kind) => known.every((it) => it.kind !== kind));
  return [...known, ...more.map((kind) => ({ kind, executions: null, witnesses: [] }))];
}

/** Whether a witness that is not the end's own one printed the same. */
function endsLike({ witnesses }: PanelContent, index: number, label: string): boolean {
  return label !== "" && witnesses[index]?.output.trim() === label;
}

/** Schedules by how hard they are to come by. */
function leaves(content: PanelContent, indices: readonly number[], level: 2 | 3): TreeNode[] {
  const size = (index: number): readonly number[] => {
    const it = content.witnesses[index]?.size;
    return it === undefined ? [] : [it.switches, it.preemptions, it.steps];
  };
  return [...indices]
    .sort((a, b) => compared(size(a), size(b)) || a - b)
    .flatMap((index) => {
      const witness = content.witnesses[index];
      if (witness === undefined) return [];
      return {
        id: `#${index}`,
        level,
        kind: null,
        label: `#${index + 1} ${scheduleName(witness)}`,
        more: isDelayed(witness) ? `${sizeWords(witness)}, ${delayedWords}` : sizeWords(witness),
        children: [],
        shows: index,
      };
    });
}

function compared(a: readonly number[], b: readonly number[]): number {
  for (const [at, it] of a.entries()) {
    const difference = it - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Those that fail, or have the text in them; what is above a hit stays. */
export function filtered(
  tree: readonly TreeNode[],
  { failing, text }: { readonly failing: boolean; readonly text: string },
): readonly TreeNode[] {
  const wanted = text.trim().toLowerCase();
  const kept = (node: TreeNode): TreeNode[] => {
    if (wanted === "" || `${node.label} ${node.more}`.toLowerCase().includes(wanted)) return [node];
    const children = node.children.flatMap(kept);
    return children.length === 0 ? [] : [{ ...node, children }];
  };
  return tree.filter((it) => !failing || (it.kind !== null && it.kind !== "ok")).flatMap(kept);
}

export interface TreeRow {
  readonly node: TreeNode;
  /** Null: has no children. */
  readonly open: boolean | null;
  readonly parent: string | null;
  /** From 1, and of how many. */
  readonly position: number;
  readonly of: number;
}

/** What is seen of a tree of which some nodes are closed. */
export function treeRows(
  nodes: readonly TreeNode[],
  closed: ReadonlySet<string>,
  parent: string | null = null,
): readonly TreeRow[] {
  return nodes.flatMap((node, index) => {
    const open = node.children.length === 0 ? null : !closed.has(node.id);
    const row = { node, open, parent, position: index + 1, of: nodes.length };
    return [row, ...(open === true ? treeRows(node.children, closed, node.id) : [])];
  });
}

export type TreeAction =
  | { readonly kind: "to" | "open" | "close" | "show" | "compare"; readonly id: string }
  | { readonly kind: "none" };

/** What a key means in a tree, as everywhere; null: it is not the tree's. */
export function treeKey(rows: readonly TreeRow[], here: string, key: string): TreeAction | null {
  const index = Math.max(
    0,
    rows.findIndex((it) => it.node.id === here),
  );
  const row = rows[index];
  if (row === undefined) return null;
  const { id } = row.node;
  const to = (at: number): TreeAction => {
    const other = rows[Math.min(rows.length - 1, Math.max(0, at))];
    return { kind: "to", id: other?.node.id ?? id };
  };
  switch (key) {
    case "ArrowDown":
      return to(index + 1);
    case "ArrowUp":
      return to(index - 1);
    case "Home":
      return to(0);
    case "End":
      return to(rows.length - 1);
    case "ArrowRight":
      if (row.open === null) return { kind: "none" };
      return row.open ? to(index + 1) : { kind: "open", id };
    case "ArrowLeft":
      if (row.open === true) return { kind: "close", id };
      return row.parent === null ? { kind: "none" } : { kind: "to", id: row.parent };
    case "Enter":
    case " ":
      if (row.node.shows !== null) return { kind: "show", id };
      return row.open === null ? { kind: "none" } : { kind: row.open ? "close" : "open", id };
    case "c":
    case "C":
      return row.node.shows === null ? null : { kind: "compare", id };
    default:
      return null;
  }
}

/** How the counts come about, a sentence each; nothing is left out that would make them smaller. */
export function countSentences({
  summary,
  witnesses,
}: Pick<PanelContent, "summary" | "witnesses">): readonly string[] {
  const told = summary.flatMap(({ entry, executions, sampled, search }) => {
    const name = summary.length > 1 ? `${entry}: ` : "";
    const each = executions === 1 ? "It stands" : "Each stands";
    return [
      `${name}${orders(executions)} ${executions === 1 ? "was" : "were"} run. ${each} for all orders that nobody can tell apart.`,
      ...(search.blocked === 0
        ? []
        : [`${number(search.blocked)} more were given up: all that was left had been run before.`]),
      ...(sampled === 0 ? [] : [`${number(sampled)} of them were walks at random.`]),
    ];
  });
  if (told.length === 0 || !witnesses.some(isDelayed)) return told;
  return [
    ...told,
    "In these, timers and sleepers wait until nobody else can run. Schedules in which they go on at any moment are looked at besides, and not counted.",
  ];
}
