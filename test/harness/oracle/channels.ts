// Channels and select. Who waits is no state: any two threads that stand before opposite operations of an unbuffered
// channel may meet. A default may be taken although a partner stands there, for it may not have arrived yet; but not when
// a case is ready by itself. Two selects with a default never meet.

import type { Choice } from "../../../protocol/witness.js";
import type { Effect } from "./effect.js";
import { outcome, type Result, type Touch } from "./occurrence.js";
import type { ChannelOperation, Operation } from "./program.js";
import type { State } from "./state.js";

type Transfer = Extract<ChannelOperation, { kind: "send" | "recv" | "select" }>;
type Select = Extract<ChannelOperation, { kind: "select" }>;

const plain = -2;

export class Channels {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /** Values that are buffered. */
  count(channel: number): number {
    const { memory, sent, received } = this.#state;
    return memory.get(sent + channel) - memory.get(received + channel);
  }

  isFull(channel: number): boolean {
    return this.count(channel) >= (this.#state.program.channels[channel] ?? 0);
  }

  // ── What can happen ───────────────────────────────────────────────────────────────────────────

  collect(thread: number, operation: Transfer, found: Choice[]): void {
    if (operation.kind !== "select") {
      const { kind, channel } = operation;
      if (this.#isReady(kind, channel)) found.push({ thread });
      else if (kind === "send") this.#partners({ thread }, channel, true, found);
      return;
    }
    operation.cases.forEach(({ dir, channel }, arm) => {
      if (this.#isReady(dir, channel)) {
        found.push({ thread, arm });
      } else if (dir === "send")
        this.#partners({ thread, arm }, channel, !operation.fallback, found);
    });
    const isAnyReady = operation.cases.some((it) => this.#isReady(it.dir, it.channel));
    if (operation.fallback && !isAnyReady) found.push({ thread, arm: -1 });
  }

  /** Without another thread. */
  #isReady(dir: "send" | "recv", channel: number): boolean {
    const { memory, closed } = this.#state;
    if (memory.get(closed + channel) === 1) return true;
    return dir === "send" ? !this.isFull(channel) : this.count(channel) > 0;
  }

  /** Those who could take what the sender, which waits or does not, sends on an unbuffered channel. */
  #partners(sender: Choice, channel: number, waits: boolean, found: Choice[]): void {
    const { program } = this.#state;
    if ((program.channels[channel] ?? 0) > 0) return;
    for (let partner = 0; partner < program.threads.length; partner++) {
      const other = this.#state.standing(partner);
      if (partner === sender.thread || other === undefined) continue;
      if (other.kind === "recv" && other.channel === channel) found.push({ ...sender, partner });
      if (other.kind !== "select" || (other.fallback && !waits)) continue;
      other.cases.forEach((it, partnerArm) => {
        if (it.dir === "recv" && it.channel === channel) {
          found.push({ ...sender, partner, partnerArm });
        }
      });
    }
  }

  // ── Doing it ──────────────────────────────────────────────────────────────────────────────────

  perform(thread: number, operation: ChannelOperation, move: Choice): Effect {
    switch (operation.kind) {
      case "close":
        return this.#close(thread, operation.channel);
      case "send": {
        const value = this.#state.value(thread, operation.value);
        return this.#send(thread, operation.channel, value, move);
      }
      case "recv":
        return this.#receive(thread, operation.channel, plain);
      case "select":
        return this.#select(thread, operation, move);
    }
  }

  #select(thread: number, operation: Select, move: Choice): Effect {
    const arm = move.arm ?? -1;
    const chosen = operation.cases[arm];
    if (chosen === undefined) {
      const touches = operation.cases.map((it): Touch => this.probe(it.channel));
      this.#complete(thread, arm, 0, false);
      return { label: outcome(0, { arm }), touches };
    }
    if (chosen.dir === "recv") return this.#receive(thread, chosen.channel, arm);
    return this.#send(thread, chosen.channel, this.#state.value(thread, chosen.value), move);
  }

  probe(channel: number): Touch {
    return { manner: "probe", object: channel, n: 0 };
  }

  #send(thread: number, channel: number, value: number, move: Choice): Effect {
    const { memory, closed } = this.#state;
    const arm = move.arm ?? plain;
    if (move.partner !== undefined) return this.#meet(thread, channel, value, move);
    if (memory.get(closed + channel) === 1) {
      this.#state.end(thread);
      const touches: readonly Touch[] = [{ manner: "send-closed", object: channel, n: 0 }];
      return { label: outcome(value, { arm, manner: "panic" }), touches };
    }
    const touch = this.put(channel, value);
    this.#complete(thread, arm, 0, false);
    return { label: outcome(value, { arm }), touches: [touch] };
  }

  /** Into the buffer, which has room. */
  put(channel: number, value: number): Touch {
    const { memory, sent } = this.#state;
    const n = memory.get(sent + channel);
    memory.set(this.#state.slot(channel, n), value);
    memory.set(sent + channel, n + 1);
    return { manner: "send", object: channel, n };
  }

  /** Out of the buffer, which is not empty. */
  take(channel: number): Touch {
    const { memory, received } = this.#state;
    const n = memory.get(received + channel);
    memory.set(received + channel, n + 1);
    return { manner: "recv", object: channel, n };
  }

  #receive(thread: number, channel: number, arm: number): Effect {
    if (this.count(channel) === 0) {
      this.#complete(thread, arm, 0, false);
      const touches: readonly Touch[] = [{ manner: "recv-closed", object: channel, n: 0 }];
      return { label: outcome(0, { arm, manner: "closed" }), touches };
    }
    const touch = this.take(channel);
    const value = this.#state.memory.get(this.#state.slot(channel, touch.n));
    this.#complete(thread, arm, value, true);
    return { label: outcome(value, { arm }), touches: [touch] };
  }

  #meet(thread: number, channel: number, value: number, move: Choice): Effect {
    const partner = move.partner ?? -1;
    const arm = move.arm ?? plain;
    const partnerArm = move.partnerArm ?? plain;
    this.#complete(thread, arm, 0, false);
    this.#complete(partner, partnerArm, value, true);
    const theirs: Omit<Result, "value"> = {
      arm: partnerArm,
      partner: thread,
      partnerArm: arm,
      manner: "done",
    };
    return {
      label: outcome(value, { arm, partner, partnerArm }),
      touches: [{ manner: "rendezvous", object: channel, n: 0 }],
      partner,
      partnerLabel: outcome(value, theirs),
    };
  }

  #close(thread: number, channel: number): Effect {
    const { memory, closed } = this.#state;
    if (memory.get(closed + channel) === 1) {
      this.#state.end(thread);
      const touches: readonly Touch[] = [{ manner: "close-closed", object: channel, n: 0 }];
      return { label: outcome(0, { manner: "panic" }), touches };
    }
    memory.set(closed + channel, 1);
    return { label: outcome(0), touches: [{ manner: "close", object: channel, n: 0 }] };
  }

  /** Gives the thread what its operation results in. */
  #complete(thread: number, arm: number, value: number, ok: boolean): void {
    const operation: Operation | undefined = this.#state.standing(thread);
    if (operation?.kind === "recv") {
      this.#state.give(thread, operation.dst, value);
      this.#state.give(thread, operation.ok, ok ? 1 : 0);
    } else if (operation?.kind === "select") {
      this.#state.give(thread, operation.arm, arm);
      this.#state.give(thread, operation.dst, value);
    }
  }
}
