// Writes a schedule down by names that survive edits: only where the processor changes hands, and where a thread goes on
// otherwise than in the first way that is possible.

import type {
  Choice,
  PortableMoment,
  PortablePick,
  PortableSchedule,
  PortableSite,
  PortableThread,
  PortableTurn,
  ThreadId,
} from "../../protocol/witness.js";
import { present } from "../base/assert.js";
import type { Program } from "../ir/ir.js";
import type { Found } from "./explorer.js";
import type { ReplayProblem } from "./replay.js";
import { extentOfSpan, type Sites } from "./sites.js";
import { sameChoice } from "./strategy.js";
import { asItRuns, type Machine } from "./vm/machine.js";
import { aboutOf, entryNamed, noEntry, startedTogether, Walk } from "./walk.js";

/** A schedule of this program by names that survive edits; a problem if it is not possible in it. */
export function toPortable(
  program: Program,
  sites: Sites,
  found: Found,
  machine: Machine,
): PortableSchedule | ReplayProblem {
  const { schedule } = found;
  const entry = entryNamed(program, schedule.entry);
  if (entry === undefined) return noEntry(schedule.entry);
  const { visible, time = "quiet", draws = false } = schedule;
  machine.configure({ ...asItRuns, visible: new Set(visible), time, draws });
  machine.reset(entry);
  const writer = new Writer(program, sites, machine);
  for (const [index, choice] of schedule.choices.entries()) {
    const enabled = machine.halted() === undefined ? machine.enabled() : [];
    if (!enabled.some((it) => sameChoice(it, choice))) {
      return { problem: `step ${index + 1} of the schedule is not possible in this program` };
    }
    writer.step(choice, enabled);
  }
  return writer.finish(found);
}

interface OpenTurn {
  readonly thread: ThreadId;
  readonly picks: PortablePick[];
}

class Writer {
  readonly #sites: Sites;
  readonly #machine: Machine;
  readonly #walk: Walk;
  readonly #siteIndex = new Map<string, number | null>();
  readonly #siteTable: PortableSite[] = [];
  readonly #threadIndex = new Map<ThreadId, number>();
  readonly #threadTable: PortableThread[] = [];
  readonly #turns: PortableTurn[] = [];
  #open: OpenTurn | null = null;

  constructor(program: Program, sites: Sites, machine: Machine) {
    this.#sites = sites;
    this.#machine = machine;
    this.#walk = new Walk(program, machine);
    this.#thread(0);
  }

  step(choice: Choice, enabled: readonly Choice[]): void {
    if (enabled.length > 1) this.#pick(choice, enabled);
    this.#walk.passes(choice);
    this.#machine.step(choice);
  }

  #pick(choice: Choice, enabled: readonly Choice[]): void {
    if (this.#open?.thread !== choice.thread) {
      this.#close();
      this.#open = { thread: choice.thread, picks: [] };
    }
    const first = enabled.find((it) => it.thread === choice.thread);
    if (first !== undefined && sameChoice(first, choice)) return;
    const when = present(this.#moment(choice.thread), "where a thread goes on");
    const { arm, partner, partnerArm } = choice;
    this.#open.picks.push({
      when,
      ...(arm === undefined ? {} : { arm }),
      ...(partner === undefined ? {} : { partner: this.#thread(partner) }),
      ...(partnerArm === undefined ? {} : { partnerArm }),
    });
  }

  #close(): void {
    if (this.#open === null) return;
    const { thread, picks } = this.#open;
    const until = this.#moment(thread);
    const turn = { thread: this.#thread(thread), until };
    this.#turns.push(picks.length === 0 ? turn : { ...turn, picks });
    this.#open = null;
  }

  #moment(thread: ThreadId): PortableMoment | null {
    const moment = this.#walk.momentOf(thread);
    return moment === null ? null : { site: this.#site(moment.extent), before: moment.before };
  }

  #site(extent: string): number | null {
    const known = this.#siteIndex.get(extent);
    if (known !== undefined) return known;
    const site = this.#sites.siteOf(extent);
    const index = site === null ? null : this.#siteTable.push(site) - 1;
    this.#siteIndex.set(extent, index);
    return index;
  }

  #thread(id: ThreadId): number {
    const known = this.#threadIndex.get(id);
    if (known !== undefined) return known;
    const threads = this.#machine.threads();
    const { name, spawnedBy, spawnedAt } = present(threads[id], `thread ${id}`);
    const parent = spawnedBy === null ? null : this.#thread(spawnedBy);
    const site = spawnedAt === null ? null : this.#site(extentOfSpan(spawnedAt));
    const before = startedTogether(threads, id).indexOf(id);
    const index = this.#threadTable.push({ name, parent, site, before }) - 1;
    this.#threadIndex.set(id, index);
    return index;
  }

  finish({
    kind,
    places,
    outcome,
    schedule: { entry, visible, time, draws },
  }: Found): PortableSchedule {
    this.#close();
    const known = (it: number | null): readonly number[] => (it === null ? [] : [it]);
    const siteAt = (place: string): readonly number[] => {
      const site = this.#sites.siteAt(place);
      return site === null ? [] : known(this.#tableIndex(site));
    };
    return {
      entry,
      shows: { kind, sites: places.flatMap(siteAt), about: aboutOf({ outcome }, this.#machine) },
      visible: visible.flatMap((it) => known(this.#site(it))),
      ...(time === undefined ? {} : { time }),
      ...(draws === undefined ? {} : { draws }),
      turns: this.#turns,
      threads: this.#threadTable,
      sites: this.#siteTable,
    };
  }

  #tableIndex(site: PortableSite): number {
    const same = this.#siteTable.findIndex((it) => it.func === site.func && it.at === site.at);
    return same >= 0 ? same : this.#siteTable.push(site) - 1;
  }
}
