import type { OracleProgram } from "./program.js";

/** Numbers of the objects that are not channels: one row for each kind, cells first. */
export class Objects {
  readonly mutex: number;
  readonly rwmutex: number;
  readonly group: number;
  readonly once: number;
  readonly cond: number;
  readonly timer: number;
  readonly count: number;

  constructor(program: OracleProgram) {
    this.mutex = program.cells;
    this.rwmutex = this.mutex + program.mutexes;
    this.group = this.rwmutex + program.rwmutexes;
    this.once = this.group + program.groups;
    this.cond = this.once + program.onces;
    this.timer = this.cond + program.conds;
    this.count = this.timer + program.timers.length;
  }
}
