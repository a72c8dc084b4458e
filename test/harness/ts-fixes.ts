import type { Fix } from "./go-fixes.js";

const folder = "test/fixtures/ts";

/** TypeScript that loses updates, and the edits that put it right: mostly, one call after the other. */
export const tsFixes: readonly Fix[] = [
  {
    file: `${folder}/await-split-rmw/compound.ts`,
    edits: [['Promise.all([add("tea"), add("milk")])', 'add("tea").then(() => add("milk"))']],
  },
  {
    file: `${folder}/await-split-rmw/element.ts`,
    edits: [['Promise.all([hit("home"), hit("home")])', 'hit("home").then(() => hit("home"))']],
  },
  {
    file: `${folder}/await-split-rmw/field.ts`,
    edits: [
      [
        'Promise.all([score.add("ann"), score.add("bob")])',
        'score.add("ann").then(() => score.add("bob"))',
      ],
    ],
  },
  {
    file: `${folder}/stale-snapshot/account.ts`,
    edits: [
      [
        "Promise.all([account.deposit(1), account.deposit(2)])",
        "account.deposit(1).then(() => account.deposit(2))",
      ],
    ],
  },
  {
    file: `${folder}/stale-snapshot/closure.ts`,
    edits: [["Promise.all([next(), next()])", "next().then(() => next())"]],
  },
  {
    file: `${folder}/stale-snapshot/exported.ts`,
    edits: [
      ["    const value = this.value;\n", ""],
      ["this.value = value + step;", "this.value += step;"],
    ],
  },
  {
    file: `${folder}/stale-snapshot/exported-by-name.ts`,
    edits: [
      ["  const before = last;\n", ""],
      ["last = before + amount;", "last += amount;"],
    ],
  },
  {
    file: `${folder}/stale-snapshot/exported-constant.ts`,
    edits: [
      ["  const count = seen.get(key) ?? 0;\n", ""],
      ["seen.set(key, count + 1);", "seen.set(key, (seen.get(key) ?? 0) + 1);"],
    ],
  },
  {
    file: `${folder}/stale-snapshot/loop.ts`,
    edits: [["Promise.all([worker(2), worker(2)])", "worker(2).then(() => worker(2))"]],
  },
  {
    file: `${folder}/stale-snapshot/map-entry.ts`,
    edits: [
      [
        '  await Promise.all([sell("pen", 1), sell("pen", 2)]);',
        '  await sell("pen", 1);\n  await sell("pen", 2);',
      ],
    ],
  },
  {
    file: `${folder}/stale-snapshot/module-variable.ts`,
    edits: [
      [
        '  await Promise.all(["tea", "milk"].map(add));',
        '  await add("tea");\n  await add("milk");',
      ],
    ],
  },
  {
    file: `${folder}/stale-snapshot/spread.ts`,
    edits: [
      ["  const { items } = state;\n  const id", "  const id"],
      ["  state = { items: [", "  const { items } = state;\n  state = { items: ["],
    ],
  },
  {
    file: "samples/typescript/bank.ts",
    edits: [
      [
        "  await Promise.all([account.deposit(10), account.deposit(20)]);",
        "  await account.deposit(10);\n  await account.deposit(20);",
      ],
    ],
  },
];
