// The undo log. Searching marks it and takes everything back; a run that is never marked pays nothing. What changes often
// is saved whole at its first change after a mark, so that most changes cost a comparison.

import type { Tracked, Trail, Value } from "./core.js";
import type { Cell } from "./values.js";

/** Objects up to so many cells. */
const savedWhole = 256;

export class UndoLog implements Trail {
  /** Changes with every mark and undo: what was touched in this epoch need not be saved again. */
  epoch = 0;
  /** Whether anything can still be taken back. */
  active = false;
  /** Cells written so far; only grows. */
  writes = 0;
  /** Writes of objects with these ids are not counted. */
  unnoticed: Trail["unnoticed"] = { after: 0, upTo: 0 };
  readonly #log: (() => void)[] = [];

  own<T extends Tracked>(target: T): T {
    if (target.epoch !== this.epoch && this.active) {
      this.#log.push(target.keep());
      target.epoch = this.epoch;
    }
    return target;
  }

  set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    if (this.active) {
      const old = target[key];
      this.#log.push(() => {
        target[key] = old;
      });
    }
    target[key] = value;
  }

  /**
   * `set` of a cell, on its own because it is what programs do most. What was allocated in this epoch goes away with it;
   * other small objects are saved whole at their first change, large ones cell by cell.
   */
  setCell(obj: Cell, index: number, value: Value): void {
    const { cells, id } = obj;
    if (id <= this.unnoticed.after || id > this.unnoticed.upTo) this.writes++;
    if (obj.epoch !== this.epoch && this.active) {
      if (cells.length === 1) {
        this.#keepCell(cells, 0);
        obj.epoch = this.epoch;
      } else if (cells.length <= savedWhole) {
        this.#keepAll(cells);
        obj.epoch = this.epoch;
      } else {
        this.#keepCell(cells, index);
      }
    }
    cells[index] = value;
  }

  #keepCell(cells: Value[], index: number): void {
    const old = cells[index];
    this.#log.push(() => {
      cells[index] = old;
    });
  }

  #keepAll(cells: Value[]): void {
    const old = cells.slice();
    this.#log.push(() => {
      for (let i = 0; i < old.length; i++) cells[i] = old[i];
    });
  }

  onUndo(undo: () => void): void {
    if (this.active) this.#log.push(undo);
  }

  mark(): number {
    this.active = true;
    this.epoch++;
    return this.#log.length;
  }

  undoTo(mark: number): void {
    const log = this.#log;
    while (log.length > mark) (log.pop() as () => void)();
    this.epoch++;
  }
}
