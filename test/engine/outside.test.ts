// Programs that import what nobody models: what they do to their own state is found, with what that rests on; and their twins,
// which do it right, are left alone.

import { afterAll, describe, expect, it } from "vitest";
import { neverCancelled } from "../../language-server/base/cancel.js";
import type { CheckResult } from "../../protocol/finding.js";
import { testEngine, testLimits, tsUnit, uriOf } from "../harness/engine.js";

const { engine, log } = testEngine();
afterAll(async () => {
  await engine.dispose();
  expect(log).toEqual([]);
});

async function check(text: string, file = "example/outside.ts"): Promise<CheckResult> {
  const unit = tsUnit(file, [{ uri: uriOf(file), text }]);
  return engine.check(unit, { explore: true, limits: testLimits }, neverCancelled);
}

interface Case {
  readonly name: string;
  readonly file?: string;
  readonly bad: string;
  readonly good: string;
  readonly code: string;
  readonly line: number;
  /** A part of what is said. */
  readonly says: string;
}

const cases: readonly Case[] = [
  {
    name: "a singleton that is made on first use",
    bad: `import { createClient } from "redis";
let client: unknown;
export async function get(): Promise<unknown> {
  if (client === undefined) {
    const made = createClient();
    await made.connect();
    client = made;
  }
  return client;
}
`,
    good: `import { createClient } from "redis";
let client: Promise<unknown> | undefined;
export async function get(): Promise<unknown> {
  client ??= (async () => {
    const made = createClient();
    await made.connect();
    return made;
  })();
  return client;
}
`,
    code: "check-await-act",
    line: 7,
    says: "(assumes that two calls of `get` may overlap and that replies of `redis` come in any order)",
  },
  {
    name: "a handler that is given to a router",
    bad: `import express from "express";
import { Pool } from "pg";
const pool = new Pool();
let revenue = 0;
express().post("/orders", async (req, res) => {
  const before = revenue;
  const { rows } = await pool.query("select price from products where sku = $1", [req.body.sku]);
  revenue = before + rows[0].price * req.body.quantity;
  res.status(201).json({ revenue });
});
`,
    good: `import express from "express";
import { Pool } from "pg";
const pool = new Pool();
let revenue = 0;
express().post("/orders", async (req, res) => {
  const { rows } = await pool.query("select price from products where sku = $1", [req.body.sku]);
  revenue = revenue + rows[0].price * req.body.quantity;
  res.status(201).json({ revenue });
});
`,
    code: "stale-snapshot",
    line: 8,
    says: '(assumes that two calls of `express.post("/orders")` may overlap',
  },
  {
    name: "an export of a script, with what it requires",
    file: "example/outside.js",
    bad: `const db = require("./nowhere");
const path = require("node:path");
const reserved = {};
exports.reserve = async (sku, n) => {
  const already = reserved[sku] || 0;
  const row = await db.one(path.join("stock", sku));
  if (row.count - already < n) return false;
  reserved[sku] = already + n;
  return true;
};
`,
    good: `const db = require("./nowhere");
const path = require("node:path");
const reserved = {};
exports.reserve = async (sku, n) => {
  const row = await db.one(path.join("stock", sku));
  const already = reserved[sku] || 0;
  if (row.count - already < n) return false;
  reserved[sku] = already + n;
  return true;
};
`,
    code: "stale-snapshot",
    line: 8,
    says: "replies of `./nowhere` come in any order and lead this way",
  },
  {
    name: "what a factory returns",
    bad: `export interface Backend { fetch(key: string): Promise<number> }
export function counter(backend: Backend) {
  let hits = 0;
  async function lookup(key: string): Promise<number> {
    const seen = hits;
    const value = await backend.fetch(key);
    hits = seen + 1;
    return value;
  }
  return { lookup };
}
`,
    good: `export interface Backend { fetch(key: string): Promise<number> }
export function counter(backend: Backend) {
  let hits = 0;
  async function lookup(key: string): Promise<number> {
    const value = await backend.fetch(key);
    hits = hits + 1;
    return value;
  }
  return { lookup };
}
`,
    code: "stale-snapshot",
    line: 7,
    says: "assumes that two calls of `counter().lookup` may overlap)",
  },
  {
    name: "a static method of a class",
    bad: `import { connect } from "somewhere";
export class Database {
  static instance: unknown = null;
  static async get(): Promise<unknown> {
    if (Database.instance === null) Database.instance = await connect();
    return Database.instance;
  }
}
`,
    good: `import { connect } from "somewhere";
export class Database {
  static instance: Promise<unknown> | null = null;
  static async get(): Promise<unknown> {
    Database.instance ??= connect();
    return Database.instance;
  }
}
`,
    code: "check-await-act",
    line: 5,
    says: "`Database.get` may overlap",
  },
  {
    name: "an entry of a map of which a second one is refused",
    bad: `import bcrypt from "bcrypt";
const accounts = new Map<string, string>();
export async function register(email: string, password: string): Promise<void> {
  if (accounts.has(email)) throw new Error("already registered");
  const hash = await bcrypt.hash(password, 12);
  accounts.set(email, hash);
}
`,
    good: `import bcrypt from "bcrypt";
const accounts = new Map<string, string>();
export async function register(email: string, password: string): Promise<void> {
  const hash = await bcrypt.hash(password, 12);
  if (accounts.has(email)) throw new Error("already registered");
  accounts.set(email, hash);
}
`,
    code: "check-await-act",
    line: 6,
    says: "is tested before the await (L4)",
  },
  {
    name: "an argument that is a key of the state",
    bad: `import { charge } from "./payments";
const stock = new Map([["apple", 1]]);
export async function buy(sku: string): Promise<void> {
  const left = stock.get(sku) ?? 0;
  if (left < 1) throw new Error("sold out");
  await charge(sku);
  stock.set(sku, left - 1);
}
`,
    good: `import { charge } from "./payments";
const stock = new Map([["apple", 1]]);
export async function buy(sku: string): Promise<void> {
  const left = stock.get(sku) ?? 0;
  if (left < 1) throw new Error("sold out");
  stock.set(sku, left - 1);
  await charge(sku);
}
`,
    code: "stale-snapshot",
    line: 7,
    says: "replies of `./payments` come in any order",
  },
  {
    name: "two functions that take two locks",
    bad: `import { Mutex } from "async-mutex";
declare function post(what: string): Promise<void>;
const accounts = new Mutex();
const audit = new Mutex();
export async function transfer(): Promise<void> {
  await accounts.runExclusive(async () => {
    await post("transfer");
    await audit.runExclusive(() => post("line"));
  });
}
export async function report(): Promise<void> {
  await audit.runExclusive(async () => {
    await post("report");
    await accounts.runExclusive(() => post("sum"));
  });
}
`,
    good: `import { Mutex } from "async-mutex";
declare function post(what: string): Promise<void>;
const accounts = new Mutex();
const audit = new Mutex();
export async function transfer(): Promise<void> {
  await accounts.runExclusive(async () => {
    await post("transfer");
    await audit.runExclusive(() => post("line"));
  });
}
export async function report(): Promise<void> {
  await accounts.runExclusive(async () => {
    await post("report");
    await audit.runExclusive(() => post("sum"));
  });
}
`,
    code: "lock-order-cycle",
    line: 8,
    says: "assumes that calls of `transfer` and `report` may overlap",
  },
  {
    name: "a flag that is raised after the wait, in a class with a decorator from outside",
    bad: `import { Injectable } from "@nestjs/common";
@Injectable()
export class Reports {
  private running = false;
  constructor(private readonly mailer: { send(text: string): Promise<void> }) {}
  async tick(): Promise<void> {
    if (this.running) return;
    await this.mailer.send("begin");
    this.running = true;
  }
}
`,
    good: `import { Injectable } from "@nestjs/common";
@Injectable()
export class Reports {
  private running = false;
  constructor(private readonly mailer: { send(text: string): Promise<void> }) {}
  async tick(): Promise<void> {
    if (this.running) return;
    this.running = true;
    await this.mailer.send("begin");
  }
}
`,
    code: "check-await-act",
    line: 9,
    says: "`this.running` is tested before the await (L7)",
  },
];

describe("what nobody models", () => {
  it.each(cases)("$name", async ({ file, bad, good, code, line, says }) => {
    const { findings, gaps } = await check(bad, file);
    expect(gaps).toEqual([]);
    expect(
      findings.map((it) => [it.code, it.severity, it.confidence, it.primary.span.start.line + 1]),
    ).toEqual([[code, "warning", "confirmed", line]]);
    expect(findings[0]?.message).toContain(says);
    expect((await check(good, file)).findings).toEqual([]);
  });
});

const lockedOutside = `import { Sema } from "async-sema";
import { save } from "./storage";
const sema = new Sema(1);
let total = 0;
export async function add(amount: number): Promise<void> {
  await sema.acquire();
  try {
    const before = total;
    await save(before + amount);
    total = before + amount;
  } finally {
    sema.release();
  }
}
`;

it("a lock of somebody else may keep others out: nothing is said, and why", async () => {
  const { findings, explorations } = await check(lockedOutside);
  expect(findings).toEqual([]);
  const said = explorations.map((it) => it.unsupported?.reason);
  expect(said).toContain("what async-sema.Sema.acquire keeps out is not modelled");
});

it("a search with made-up replies is not complete, and says whose they are", async () => {
  const { explorations } = await check(`import { log } from "somewhere";
await log("begin");
await log("end");
`);
  const [only] = explorations;
  expect(only?.complete).toBe(false);
  expect(only?.limit).toBe("values");
  expect(only?.unsupported?.reason).toBe("replies of somewhere");
});

it("what a made-up reply leads to is no crash and no wait of the program", async () => {
  const { findings } = await check(`import { find, listen } from "somewhere";
async function load(): Promise<void> {
  const user = await find("ann");
  if (user.age !== 7 || user.age === 7) throw new Error("not found");
}
async function wait(): Promise<void> {
  await new Promise<void>((resolve) => listen(resolve));
}
await Promise.allSettled([load(), wait()]);
`);
  expect(findings).toEqual([]);
});

it("what the program does to itself is told once, not again with an assumption", async () => {
  const { findings } = await check(`declare function pause(): Promise<void>;
class Store {
  private readonly rows = new Map<string, number>();
  async get(id: string): Promise<number> {
    await pause();
    return this.rows.get(id) ?? 0;
  }
  async set(id: string, balance: number): Promise<void> {
    await pause();
    this.rows.set(id, balance);
  }
}
export const store = new Store();
async function withdraw(id: string, amount: number): Promise<void> {
  const balance = await store.get(id);
  await store.set(id, balance - amount);
}
void Promise.all([withdraw("a", 30), withdraw("a", 50)]);
`);
  expect(findings.map((it) => [it.code, it.severity])).toEqual([["stale-snapshot", "error"]]);
});

it("replies that never fail do not tell that a lock is given back when one does", async () => {
  const held = (last: string): string => `import { Mutex } from "somewhere";
import { send, flush } from "elsewhere";
export class Runner {
  private readonly lock = new Mutex();
  async query(text: string): Promise<void> {
    const release = await this.lock.acquire();
    try {
      await send(text);
    } finally {
      ${last}
    }
  }
}
`;
  const bad = await check(held("await flush(); release();"));
  expect(bad.findings.map((it) => [it.code, it.severity])).toEqual([
    ["lock-not-released-on-throw", "information"],
  ]);
  const good = await check(held("release(); await flush();"));
  expect(good.findings).toEqual([]);
});
