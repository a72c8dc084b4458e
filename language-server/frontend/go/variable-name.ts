/** Names go/ssa gives to memory and merged values that are no variable of the source. */
const unnamed = new Set([
  "",
  "complit",
  "new",
  "varargs",
  "slicelit",
  "makeslice",
  "arraylit",
  "rangeindex",
  "&&",
  "||",
]);

/** Whether a name that go/ssa gives to memory is one the source gives it. */
export function isVariableName(name: string): boolean {
  return !unnamed.has(name) && !name.includes("$") && !name.includes(".");
}
