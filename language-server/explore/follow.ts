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
import { extentOfSpan, type Resolved, type Sites } from "./sites.js";
import { fair, type Strategy } from "./strategy.js";
import type { Event, Machine } from "./vm/machine.js";
import { startedTogether, Walk } from "./walk.js";

/** Places that are scheduling points, as far as the program still has them. */
export function visibleIn(sites: Sites, portable: PortableSchedule): ReadonlySet<string> {
  const found = portable.visible.flatMap((it) => {
    const resolved = sites.resolve(present(portable.sites[it], "site"));
    return resolved === null ? [] : [resolved.extent];
  });
  return new Set(found);
}

/** For one execution. Goes on naturally after the last turn, and after a problem. */
export class Follower implements Strategy {
  readonly #machine: Machine;
  readonly #portable: PortableSchedule;
  readonly #sites: Sites;
  readonly #walk: Walk;
  readonly #resolved: readonly (Resolved | null)[];
  readonly #threads = new Map<number, ThreadId>();
  readonly #otherwise = fair();
  #turn = 0;
  #problem: string | null = null;

  constructor(program: Program, sites: Sites, portable: PortableSchedule, machine: Machine) {
    this.#machine = machine;
    this.#portable = portable;
    this.#sites = sites;
    this.#walk = new Walk(program, machine);
    this.#resolved = portable.sites.map((it) => sites.resolve(it));
  }

  /** Where the schedule no longer fits the program, in one sentence. */
  get problem(): string | null {
    return this.#problem;
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
      if (thread === null) return this.#fail(`\`${this.#name(turn.thread)}\` is no longer started`);
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

  #inTurn(turn: PortableTurn, thread: ThreadId, mine: readonly Choice[]): Choice | null {
    const [first] = mine;
    if (first === undefined) {
      return this.#fail(
        `\`${this.#name(turn.thread)}\` no longer reaches ${this.#told(turn.until)}`,
      );
    }
    const pick = turn.picks.find((it) => this.#isAt(thread, it.when));
    if (pick === undefined) return first;
    const picked = mine.find((it) => this.#isPicked(it, pick));
    if (picked !== undefined) return picked;
    const where = this.#told(pick.when);
    return this.#fail(`\`${this.#name(turn.thread)}\` can no longer go on as before at ${where}`);
  }

  #isPicked(choice: Choice, { arm, partner, partnerArm }: PortablePick): boolean {
    const with_ = partner === undefined ? undefined : this.#thread(partner);
    return choice.arm === arm && choice.partner === with_ && choice.partnerArm === partnerArm;
  }

  /** Whether the thread stands there, or has gone on from there. */
  #reached(thread: ThreadId, moment: PortableMoment): boolean {
    if (this.#isAt(thread, moment)) return true;
    const extent = moment.site === null ? null : this.#resolved[moment.site]?.extent;
    return typeof extent === "string" && this.#walk.passed(thread, extent) > moment.before;
  }

  #isAt(thread: ThreadId, { site, before }: PortableMoment): boolean {
    const now = this.#walk.momentOf(thread);
    if (now?.before !== before) return false;
    if (site === null) return this.#sites.siteOf(now.extent) === null;
    return now.extent === this.#resolved[site]?.extent;
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
    if (site !== null) return extent !== null && extent === this.#resolved[site]?.extent;
    return extent === null || this.#sites.siteOf(extent) === null;
  }

  #fail(problem: string): null {
    this.#problem = problem;
    return null;
  }

  #name(thread: number): string {
    return present(this.#portable.threads[thread], "thread").name;
  }

  #told(moment: PortableMoment | null): string {
    if (moment?.site === undefined || moment.site === null) return "its end";
    const site = present(this.#portable.sites[moment.site], "site");
    return `its ${ordinal(moment.before + 1)} ${told(site)}${this.#where(moment.site)}`;
  }

  #where(site: number): string {
    const extent = this.#resolved[site]?.extent;
    if (extent === undefined) return `, which \`${this.#portable.sites[site]?.func ?? ""}\` had`;
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
  spawn: "start of a thread",
  "sync wg-wait": "wait for",
  "sync wg-add": "change of",
};

/** `acquire mu` → ``lock of `mu` ``. */
function told({ op }: PortableSite): string {
  const parts = op.split(" ");
  const twoWords = parts.slice(0, 2).join(" ");
  const [verb, on] =
    words[twoWords] === undefined
      ? [words[parts[0] ?? ""] ?? parts[0] ?? "", parts.slice(1)]
      : [words[twoWords], parts.slice(2)];
  return on.length === 0 ? (verb ?? "") : `${verb ?? ""} \`${on.join(" ")}\``;
}

function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  const endings: readonly string[] = ["th", "st", "nd", "rd"];
  return `${n}${teens ? "th" : (endings[n % 10] ?? "th")}`;
}
