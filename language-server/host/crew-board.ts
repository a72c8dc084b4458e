// Numbers that the threads of a crew share, as each of them sees them: a thread that is busy reads no messages.

import type { Board } from "../explore/crew.js";

/** Members that a crew may have. */
export const mostMembers = 63;

const cells = { wanted: 0, bell: 1, dismissed: 2, first: 3 } as const;
/** By member: messages that it has not read, executions. */
const perMember = 2;

export class CrewBoard implements Board {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(buffer = new SharedArrayBuffer(4 * (cells.first + perMember * mostMembers))) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  get wanted(): number {
    return Atomics.load(this.#cells, cells.wanted);
  }

  set wanted(count: number) {
    Atomics.store(this.#cells, cells.wanted, count);
  }

  gave(): void {
    Atomics.sub(this.#cells, cells.wanted, 1);
  }

  executions(member: number): number {
    return Atomics.load(this.#cells, cells.first + perMember * member + 1);
  }

  ran(member: number, executions: number): void {
    Atomics.store(this.#cells, cells.first + perMember * member + 1, executions);
  }

  get dismissed(): boolean {
    return Atomics.load(this.#cells, cells.dismissed) === 1;
  }

  /** All of them wake and go. */
  dismiss(): void {
    Atomics.store(this.#cells, cells.dismissed, 1);
    for (let member = 0; member < mostMembers; member++) {
      Atomics.notify(this.#cells, cells.first + perMember * member);
    }
  }

  // ── Messages to a member ──────────────────────────────────────────────────────────────────────

  call(member: number): void {
    Atomics.add(this.#cells, cells.first + perMember * member, 1);
    Atomics.notify(this.#cells, cells.first + perMember * member);
  }

  isCalled(member: number): boolean {
    return Atomics.load(this.#cells, cells.first + perMember * member) > 0;
  }

  answered(member: number): void {
    Atomics.sub(this.#cells, cells.first + perMember * member, 1);
  }

  waitForCall(member: number, millis: number): void {
    Atomics.wait(this.#cells, cells.first + perMember * member, 0, millis);
  }

  // ── Messages to the leader ────────────────────────────────────────────────────────────────────

  /** Changes whenever somebody has told the leader something. */
  get rung(): number {
    return Atomics.load(this.#cells, cells.bell);
  }

  ring(): void {
    Atomics.add(this.#cells, cells.bell, 1);
    Atomics.notify(this.#cells, cells.bell);
  }

  waitForRing(before: number, millis: number): void {
    Atomics.wait(this.#cells, cells.bell, before, millis);
  }
}
