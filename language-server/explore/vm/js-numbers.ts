// Numbers of what tasks touch, the same in every execution of a program: an object is named by the task that made it and
// by how many that task had made before, a task by who asked for it and how many tasks that one had asked for before.

import { everything } from "./touch.js";

export class Numbers {
  readonly #known = new Map<string, number>();
  readonly #names: string[] = ["everything"];

  /** Of that key, whatever the execution; above `everything`. */
  of(key: string, name = ""): number {
    let number = this.#known.get(key);
    if (number === undefined) {
      number = everything + 1 + this.#known.size;
      this.#known.set(key, number);
      this.#names[number] = name;
    }
    return number;
  }

  /** What people call it. */
  nameOf(number: number): string {
    return this.#names[number] ?? "";
  }
}
