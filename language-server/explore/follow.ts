// Follows a portable schedule in a program that may have been edited since it was found, and says where that ends.

import type {
  Choice,
  PortableMoment,
  PortablePick,
  PortableSchedule,
  PortableSite,
  PortableTurn,
  ThreadId,
} from "../../protocol/witness.js";
import { present } from "../base/assert.js";
import type { Program } from "../ir/ir.js";
import type { Mapping } from "./mapping.js";
import { extentOfSpan, type Sites } from "./sites.js";
import { fair, type Strategy } from "./strategy.js";
import type { Event, Machine } from "./vm/machine.js";
import { startedTogether, Walk } from "./walk.js";

/** For one execution. Goes on naturally after the last turn, and after a problem. */
export class Follower implements Strategy {
  readonly #machine: Machine;
  readonly #portable: PortableSchedule;
  readonly #sites: Sites;
  readonly #walk: Walk;
  readonly #extents: Mapping["extents"];
  readonly #threads = new Map<number, ThreadId>();
  readonly #otherwise = fair();
  #turn = 0;
  #problem: string | null = null;

  constructor(
    program: Program,
    sites: Sites,
    portable: PortableSchedule,
    { extents }: Mapping,
    machine: Machine,
  ) {
    this.#machine = machine;
    this.#portable = portable;
    this.#sites = sites;
    this.#walk = new Walk(program, machine);
    this.#extents = extents;
  }

  /** After the execution: where the schedule did not fit the program, in one sentence. */
  problem(): string | null {
    if (this.#problem !== null) return this.#problem;
    const turn = this.#current;
    const thread = turn === undefined ? null : this.#thread(turn.thread);
    if (turn === undefined) return null;
    if (thread === null) return `\`${this.#name(turn.thread)}\` is no longer started`;
    const isLast = this.#turn === this.#portable.turns.length - 1;
    if (isLast && (turn.until === null || this.#reached(thread, turn.until))) return null;
    return `\`${this.#name(turn.thread)}\` no longer reaches ${this.#told(turn.until)}`;
  }

  pick(enabled: readonly Choice[], last: Event | undefined): Choice {
    const [only, ...others] = enabled;
    // Asked in any case, because it keeps count of who spins.
    const natural = this.#otherwise.pick(enabled, last);
    const planned = only !== undefined && others.length === 0 ? only : this.#planned(enabled);
    const choice = planned ?? natural;
    this.#walk.passes(choice);
    return choice;
  }

  /** Null when the schedule has nothing (more) to say. */
  #planned(enabled: readonly Choice[]): Choice | null {
    if (this.#problem !== null) return null;
    for (let turn = this.#current; turn !== undefined; turn = this.#current) {
      const thread = this.#thread(turn.thread);
      // What was the only possible step on the way to a thread's start may now be one of several.
      if (thread === null) return null;
      const mine = enabled.filter((it) => it.thread === thread);
      const ends = turn.until === null ? mine.length === 0 : this.#reached(thread, turn.until);
      if (!ends) return this.#inTurn(turn, thread, mine);
      this.#turn++;
    }
    return null;
  }

  get #current(): PortableTurn | undefined {
    return this.#portable.turns[this.#turn];
  }

  /** Null when the thread waits: the others go on until it can. */
  #inTurn(turn: PortableTurn, thread: ThreadId, mine: readonly Choice[]): Choice | null {
    const [first] = mine;
    if (first === undefined) return null;
    const pick = turn.picks?.find((it) => this.#isAt(thread, it.when));
    if (pick === undefined) return first;
    const picked = mine.find((it) => this.#isPicked(it, pick));
    if (picked !== undefined) return picked;
    const where = this.#told(pick.when);
    this.#problem = `\`${this.#name(turn.thread)}\` can no longer go on as before at ${where}`;
    return null;
  }

  #isPicked(choice: Choice, { arm, partner, partnerArm }: PortablePick): boolean {
    const other = partner === undefined ? undefined : this.#thread(partner);
    return choice.arm === arm && choice.partner === other && choice.partnerArm === partnerArm;
  }

  /** Whether the thread stands there, or has gone on from there. */
  #reached(thread: ThreadId, moment: PortableMoment): boolean {
    if (this.#isAt(thread, moment)) return true;
    const extent = moment.site === null ? null : this.#extents[moment.site];
    return typeof extent === "string" && this.#walk.passed(thread, extent) > moment.before;
  }

  #isAt(thread: ThreadId, { site, before }: PortableMoment): boolean {
    const now = this.#walk.momentOf(thread);
    if (now?.before !== before) return false;
    if (site === null) return this.#sites.siteOf(now.extent) === null;
    return now.extent === this.#extents[site];
  }

  /** The thread that is called so by who started it; null when it has not been started. */
  #thread(index: number): ThreadId | null {
    const known = this.#threads.get(index);
    if (known !== undefined) return known;
    const { parent, site, before } = present(this.#portable.threads[index], "thread");
    const starter = parent === null ? null : this.#thread(parent);
    if (parent !== null && starter === null) return null;
    const threads = this.#machine.threads();
    const first = threads.findIndex((it) => {
      const at = it.spawnedAt === null ? null : extentOfSpan(it.spawnedAt);
      return it.spawnedBy === starter && this.#isSite(at, site);
    });
    const id = first < 0 ? undefined : startedTogether(threads, first)[before];
    if (id === undefined) return null;
    this.#threads.set(index, id);
    return id;
  }

  #isSite(extent: string | null, site: number | null): boolean {
    if (site !== null) return extent !== null && extent === this.#extents[site];
    return extent === null || this.#sites.siteOf(extent) === null;
  }

  #name(thread: number): string {
    return present(this.#portable.threads[thread], "thread").name;
  }

  #told(moment: PortableMoment | null): string {
    if (moment?.site === undefined || moment.site === null) return "its end";
    const site = present(this.#portable.sites[moment.site], "site");
    // An access like `x++` passes its place twice.
    const isAccess = /^(load|store|get-prop|set-prop|delete-prop) /.test(`${site.op} `);
    const which = isAccess ? "" : `${ordinal(moment.before + 1)} `;
    return `its ${which}${told(site)}${this.#where(moment.site)}`;
  }

  #where(site: number): string {
    const extent = this.#extents[site] ?? null;
    if (extent === null) return `, which \`${this.#portable.sites[site]?.func ?? ""}\` had`;
    const line = /:(\d+):\d+-\d+:\d+$/.exec(extent)?.[1];
    return ` at line ${Number(line) + 1}`;
  }
}

const words: Readonly<Record<string, string>> = {
  acquire: "lock of",
  release: "unlock of",
  "try-acquire": "try to lock",
  send: "send on",
  recv: "receive from",
  close: "close of",
  load: "read of",
  store: "write of",
  "get-prop": "read of a property",
  "set-prop": "write of a property",
  spawn: "start of",
  "sync wg-wait": "wait for",
  "sync wg-add": "change of",
};

/** `acquire mu` → ``lock of `mu` ``. */
function told({ op }: PortableSite): string {
  const [kind = "", ...rest] = op.split(" ");
  const hasFunction = ["sync", "atomic", "map", "bulk"].includes(kind);
  const verb = hasFunction ? `${kind} ${rest.shift() ?? ""}` : kind;
  const said = words[verb] ?? (hasFunction && kind !== "sync" ? `${verb} of` : verb);
  return rest.length === 0
    ? said.replace(/ (of|on|from|for)$/, "")
    : `${said} \`${rest.join(" ")}\``;
}

function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  const endings: readonly string[] = ["th", "st", "nd", "rd"];
  return `${n}${teens ? "th" : (endings[n % 10] ?? "th")}`;
}
