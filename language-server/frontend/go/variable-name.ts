/** Names go/ssa gives to memory that is no variable of the source. */
const unnamed = new Set(["", "complit", "new", "varargs", "slicelit", "makeslice", "arraylit"]);

/** Whether a name that go/ssa gives to memory is one the source gives it. */
export function isVariableName(name: string): boolean {
  return !unnamed.has(name) && !name.includes("$") && !name.includes(".");
}
