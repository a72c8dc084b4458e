// Types of the standard library that only one goroutine at a time may use, and what calls do to them. Their methods
// have no body here (bodies.ts): a call stands for the accesses it makes.

import { underlying } from "../../ir/access.js";
import type { Instr, Program, Reg } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import { calledName } from "./constraints.js";

const unsafeTypes: ReadonlySet<string> = new Set([
  "bufio.ReadWriter",
  "bufio.Reader",
  "bufio.Scanner",
  "bufio.Writer",
  "bytes.Buffer",
  "bytes.Reader",
  "compress/gzip.Reader",
  "compress/gzip.Writer",
  "container/list.List",
  "encoding/csv.Reader",
  "encoding/csv.Writer",
  "encoding/json.Decoder",
  "encoding/json.Encoder",
  "encoding/xml.Decoder",
  "encoding/xml.Encoder",
  "hash.Hash",
  "hash.Hash32",
  "hash.Hash64",
  "math/rand.Rand",
  "math/rand.Source",
  "math/rand.Zipf",
  "math/rand/v2.PCG",
  "math/rand/v2.Rand",
  "net/http.Header",
  "net/url.Values",
  "strings.Builder",
  "strings.Reader",
  "text/tabwriter.Writer",
]);

/** Methods that change nothing. */
const reads =
  /^(Available|Back|BlockSize|Bytes|Cap|Clone|Encode|Err|Front|Get|Has|Len|Size|String|Sum|Sum32|Sum64|Text|Values)$/;
/** Whose `Encode` is theirs alone: for encoders it writes. */
const encodesItself = "net/url.Values";

/** Functions that write to what their first argument holds. */
const writesToFirst = /^(fmt\.Fprint(f|ln)?|io\.(WriteString|Copy|CopyN|CopyBuffer))$/;
/** Functions that take from what their second argument holds. */
const readsFromSecond = /^io\.(Copy|CopyN|CopyBuffer)$/;

export interface UnsafeUse {
  /** What holds the value, or a pointer to it. */
  readonly through: Reg;
  /** `bytes.Buffer`; "": whatever unsafe value the interface holds. */
  readonly type: string;
  readonly write: boolean;
}

/** The uses of unsafe values that a call makes. */
export function unsafeUses(program: Program, instr: Instr): readonly UnsafeUse[] {
  if (instr.op !== "call") return [];
  const { callee, args } = instr;
  const [first, second] = args;
  if (callee.kind === "method")
    return [{ through: callee.receiver, type: "", write: writes("", callee.id) }];
  const name = calledName(program, callee);
  const method = /^\(\*?([^)]*)\)\.(\w+)$/.exec(name);
  if (method !== null) {
    const [, type = "", called = ""] = method;
    if (first === undefined || !unsafeTypes.has(type)) return [];
    return [{ through: first, type, write: writes(type, called) }];
  }
  const uses: UnsafeUse[] = [];
  if (first !== undefined && writesToFirst.test(name))
    uses.push({ through: first, type: "", write: true });
  if (second !== undefined && readsFromSecond.test(name))
    uses.push({ through: second, type: "", write: true });
  return uses;
}

function writes(type: string, method: string): boolean {
  if (method === "Encode" && type !== encodesItself) return true;
  return !reads.test(method);
}

/** The unsafe type behind a type or a pointer to it; "" when there is none. */
export function unsafeTypeOf(program: Program, id: TypeId): string {
  const type = program.types[id];
  if (type?.kind === "named") return unsafeTypes.has(type.name) ? type.name : "";
  return type?.kind === "pointer" ? unsafeTypeOf(program, type.elem) : "";
}

/** Whether it is an interface whose values are the library's, like `hash.Hash`. */
export function isLibraryInterface(program: Program, id: TypeId): boolean {
  return unsafeTypeOf(program, id) !== "" && underlying(program, id).kind === "interface";
}
