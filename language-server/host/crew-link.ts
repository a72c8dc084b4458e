// The two ends of a crew in worker threads. Leader and members talk over ports of their own, and read them when they come
// to it, because neither returns to its event loop while it explores.

import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { Crew, CrewAnswer, CrewOrder, CrewTask, Membership } from "../explore/crew.js";
import { CrewBoard } from "./crew-board.js";
import type { CrewNews, CrewRequest } from "./job-message.js";
import type { Signal } from "./worker-control.js";

/** Nobody waits longer without a look at what else there is. */
const restMillis = 8;

export class LeaderLink implements Crew {
  readonly aloneMillis: number;
  readonly #pool: MessagePort;
  readonly #ports: MessagePort[] = [];
  readonly #lost: number[] = [];
  board = new CrewBoard();
  #nth = 0;
  #rung = 0;

  /** `pool`: whom to ask for threads. */
  constructor(pool: MessagePort, aloneMillis: number) {
    this.#pool = pool;
    this.aloneMillis = aloneMillis;
  }

  gather(task: CrewTask): void {
    this.board = new CrewBoard();
    this.#ports.length = 0;
    this.#lost.length = 0;
    this.#nth++;
    this.#ask({ kind: "gather", nth: this.#nth, task, board: this.board.buffer });
  }

  #ask(request: CrewRequest): void {
    this.#pool.postMessage(request);
  }

  members(): number {
    for (;;) {
      const news = receiveMessageOnPort(this.#pool)?.message as CrewNews | undefined;
      if (news === undefined) return this.#ports.length;
      if (news.nth !== this.#nth) continue;
      if (news.kind === "joined") this.#ports.push(news.port);
      else this.#lost.push(news.member);
    }
  }

  get called(): boolean {
    return this.board.rung !== this.#rung;
  }

  hear(): { readonly from: number; readonly answer: CrewAnswer } | null {
    this.#rung = this.board.rung;
    this.members();
    const lost = this.#lost.pop();
    if (lost !== undefined) return { from: lost, answer: { kind: "spoilt", line: null } };
    for (const [from, port] of this.#ports.entries()) {
      const heard = receiveMessageOnPort(port);
      if (heard !== undefined) return { from, answer: heard.message as CrewAnswer };
    }
    return null;
  }

  tell(member: number, order: CrewOrder): void {
    this.#ports[member]?.postMessage(order);
    this.board.call(member);
  }

  rest(): void {
    this.board.waitForRing(this.#rung, restMillis);
  }

  dismiss(): void {
    this.#ask({ kind: "dismiss" });
    this.board.dismiss();
    for (const it of this.#ports) it.close();
    this.#ports.length = 0;
  }
}

export class MemberLink implements Membership {
  readonly #leader: MessagePort;
  readonly #member: number;
  readonly #board: CrewBoard;
  readonly #signal: Signal;

  constructor(leader: MessagePort, member: number, board: CrewBoard, signal: Signal) {
    this.#leader = leader;
    this.#member = member;
    this.#board = board;
    this.#signal = signal;
  }

  get asked(): boolean {
    return this.#board.wanted > 0;
  }

  /** Who cancels tells the leader, who dismisses. */
  get over(): boolean {
    this.#signal.restWhilePaused();
    return this.#board.dismissed;
  }

  get called(): boolean {
    return this.#board.isCalled(this.#member);
  }

  hear(wait: boolean): CrewOrder | null {
    if (!this.called) {
      if (!wait) return null;
      this.#board.waitForCall(this.#member, restMillis);
    }
    const heard = receiveMessageOnPort(this.#leader);
    if (heard === undefined) return null;
    this.#board.answered(this.#member);
    return heard.message as CrewOrder;
  }

  tell(answer: CrewAnswer): void {
    this.#leader.postMessage(answer);
    this.#board.ring();
  }

  gave(): void {
    this.#board.gave();
  }

  ran(executions: number): void {
    this.#board.ran(this.#member, executions);
  }
}
