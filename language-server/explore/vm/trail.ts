// The undo log: a flat stack of (target, key, old value). Searching marks it and takes everything back;
// a run that is never marked pays nothing.

import type { Trail, Value } from "./core.js";
import type { Cell } from "./values.js";

type Slots = Record<PropertyKey, unknown>;

const callback: unique symbol = Symbol("callback");
const snapshot: unique symbol = Symbol("snapshot");
/** Objects up to so many cells. */
const savedWhole = 256;

function restore({ cells }: Cell, saved: readonly Value[]): void {
  for (let i = 0; i < saved.length; i++) cells[i] = saved[i];
}

export class UndoLog implements Trail {
  /** Changes with every mark and undo: what was touched in this epoch need not be saved again. */
  epoch = 0;
  /** Whether anything can still be taken back. */
  active = false;
  readonly #log: unknown[] = [];

  set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    if (this.active) this.#log.push(target, key, target[key]);
    target[key] = value;
  }

  /**
   * `set` of a cell, on its own because it is what programs do most. What was allocated in this epoch goes away with it;
   * other small objects are saved whole at their first change, large ones cell by cell.
   */
  setCell(obj: Cell, index: number, value: Value): void {
    const { cells } = obj;
    if (obj.epoch !== this.epoch && this.active) {
      if (cells.length <= savedWhole) {
        this.#log.push(obj, snapshot, cells.slice());
        obj.epoch = this.epoch;
      } else {
        this.#log.push(cells, index, cells[index]);
        obj.written = true;
      }
    }
    cells[index] = value;
  }

  onUndo(undo: () => void): void {
    if (this.active) this.#log.push(undo, callback, undefined);
  }

  mark(): number {
    this.active = true;
    this.epoch++;
    return this.#log.length;
  }

  undoTo(mark: number): void {
    const log = this.#log;
    while (log.length > mark) {
      const old = log.pop();
      const key = log.pop() as PropertyKey;
      const target = log.pop();
      if (key === callback) (target as () => void)();
      else if (key === snapshot) restore(target as Cell, old as readonly Value[]);
      else (target as Slots)[key] = old;
    }
    this.epoch++;
  }
}
