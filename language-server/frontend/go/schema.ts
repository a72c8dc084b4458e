// The contract between `gossa` (Go: sources → go/ssa → JSON) and the lowering to the IR.
// `gossa/export.go` writes it, `decode.ts` narrows it; the golden files in `gossa/testdata` bind both.
//
// One image per package. Operands (type `Operand`) are numbers: `n >= 0` is a register of the
// function (params first, then free variables, then instruction results), `n < 0` is `pool[-n - 1]`.
// Strings that are Go data (constants) carry one byte per character (code points 0-255).

export const imageVersion = 1;

export type Operand = number;
export type TypeIndex = number;
/** Index into `Image.spans`; 0 is "no position". */
export type SpanIndex = number;

export interface Image {
  readonly version: number;
  /** Import path; unique name of the package. Test packages of `p` have `p [test]` / `p_test`. */
  readonly package: string;
  readonly name: string;
  /** Direct imports, sorted: their initialisers run first. */
  readonly imports: readonly string[];
  readonly files: readonly string[];
  /** Rows of five, row 0 all zero: file, start line, start column, end line, end column. Zero-based, columns in UTF-16 units. */
  readonly spans: readonly number[];
  readonly types: readonly TypeRow[];
  readonly pool: readonly PoolRow[];
  /** The type is the variable's own; a `global` row of the pool has the pointer to it. 1: `//go:embed` gives it its value. */
  readonly globals: readonly (readonly [
    name: string,
    type: TypeIndex,
    span: SpanIndex,
    embedded?: 1,
  ])[];
  /** Sorted by name. Bodiless functions (no blocks) are external: models or other images give them meaning. */
  readonly funcs: readonly FuncRow[];
  /** Method tables of every type that may stand in an interface: type, method id, function name. */
  readonly methods: readonly (readonly [TypeIndex, string, string])[];
  /**
   * Where threads the program does not start itself begin: main.main, TestX, ExampleX, BenchmarkX; and drivers that
   * nobody wrote, with what they assume.
   */
  readonly roots: readonly (readonly [
    kind: "main" | "test" | "example" | "benchmark" | "driver" | "rehearsed driver",
    func: string,
    assumption?: string,
  ])[];
  readonly gaps: readonly (readonly [span: SpanIndex, reason: string])[];
  /**
   * Fields whose comments name their lock: the type's qualified name, without type arguments, the field, the path from
   * the struct to the lock ("" where the package declares nothing of that name), the name in the comment and its place.
   */
  readonly guards?: readonly (readonly [
    owner: string,
    field: string,
    lock: string,
    said: string,
    span: SpanIndex,
  ])[];
  /** Locks that a comment says callers hold: the function without type arguments, which parameter's, and the path. */
  readonly requires?: readonly (readonly [
    func: string,
    param: number,
    lock: string,
    shared: 0 | 1,
  ])[];
}

/**
 * Method ids are the name for exported methods and `pkgpath.name` for unexported ones.
 * A named type's name is unique: qualified by import path, with type arguments, and for a type declared
 * inside a function with the function's name (`main.f.T`). Its underlying is -1 where the image does not know it.
 */
export type TypeRow =
  | readonly ["basic", name: string]
  | readonly ["named", name: string, underlying: TypeIndex]
  | readonly ["pointer", elem: TypeIndex]
  | readonly ["slice", elem: TypeIndex]
  | readonly ["array", elem: TypeIndex, length: number]
  | readonly ["map", key: TypeIndex, value: TypeIndex]
  | readonly ["chan", dir: "both" | "send" | "recv", elem: TypeIndex]
  | readonly ["struct", fields: readonly FieldRow[]]
  | readonly ["func", params: readonly TypeIndex[], results: readonly TypeIndex[], variadic: 0 | 1]
  | readonly ["interface", methods: readonly (readonly [id: string, func: TypeIndex])[]]
  | readonly ["tuple", elems: readonly TypeIndex[]]
  /** go/ssa's opaque types: "iter" (of Range), "deferstack". */
  | readonly ["opaque", name: string];

/** Field id: the name if exported, `pkgpath.name` if not (as reflect and identity need it). */
export type FieldRow = readonly [
  name: string,
  type: TypeIndex,
  embedded: 0 | 1,
  tag: string,
  pkg: string,
];

export type PoolRow =
  /** null = the type's zero value (nil included); number for small ints/floats; string for strings and for integers beyond 2^53 and floats that JSON cannot hold (decimal or "NaN", "+Inf", "-Inf", "-0"); [re, im] for complex. */
  | readonly [
      "const",
      type: TypeIndex,
      value: null | boolean | number | string | readonly [number | string, number | string],
    ]
  /** The address of a package-level variable, by qualified name. */
  | readonly ["global", type: TypeIndex, name: string]
  | readonly ["func", type: TypeIndex, name: string];

export interface FuncRow {
  /** Unique across images: `pkg.F`, `(*pkg.T).M`, `pkg.F$1`, `slices.Sort[[]int int]`, … */
  readonly name: string;
  /** For people: `(*Counter).Inc`, `main`, `main$1`. */
  readonly display: string;
  /** Import path of the package whose source holds the body (of the generic origin for instances). */
  readonly pkg: string;
  readonly sig: TypeIndex;
  readonly span: SpanIndex;
  /** Why it has no source of its own ("wrapper for …", "range-over-func yield", …), else "". */
  readonly synthetic: string;
  /** The enclosing function of a literal, else "". */
  readonly parent: string;
  readonly params: readonly (readonly [name: string, span: SpanIndex])[];
  readonly free: readonly (readonly [name: string, span: SpanIndex])[];
  /** Type of each register: params, free variables, instruction results. */
  readonly regs: readonly TypeIndex[];
  /** Index of the block that runs after a recovered panic, or -1. */
  readonly recover: number;
  readonly blocks: readonly BlockRow[];
}

export interface BlockRow {
  /** Predecessors in the order of the phis' edges. */
  readonly preds: readonly number[];
  readonly succs: readonly number[];
  readonly instrs: readonly InstrRow[];
}

export type CallRow =
  | readonly ["static", func: string, args: readonly Operand[]]
  | readonly ["value", func: Operand, args: readonly Operand[]]
  | readonly ["invoke", receiver: Operand, method: string, args: readonly Operand[]]
  | readonly ["builtin", name: string, args: readonly Operand[]];

/** Every row: op, destination register or -1, span, then the op's own fields. */
export type InstrRow =
  /** `made` here and below: the variable or field that a value which go/ssa does not name is made for. */
  | readonly ["Alloc", Operand, SpanIndex, heap: 0 | 1, name: string, made?: string]
  | readonly ["Phi", Operand, SpanIndex, edges: readonly Operand[], name: string]
  | readonly ["Call" | "Go", Operand, SpanIndex, CallRow]
  /** `stack`: in the body of a range-over-func loop, the deferred calls of the function around it. */
  | readonly ["Defer", Operand, SpanIndex, CallRow, stack?: Operand]
  | readonly ["BinOp", Operand, SpanIndex, token: string, x: Operand, y: Operand]
  | readonly ["UnOp", Operand, SpanIndex, token: string, x: Operand, commaOk: 0 | 1]
  | readonly [
      "ChangeType" | "Convert" | "ChangeInterface" | "SliceToArrayPointer" | "MakeInterface",
      Operand,
      SpanIndex,
      x: Operand,
    ]
  | readonly ["MakeClosure", Operand, SpanIndex, func: string, bindings: readonly Operand[]]
  | readonly ["MakeMap", Operand, SpanIndex, reserve: Operand | null, made?: string]
  | readonly ["MakeChan", Operand, SpanIndex, size: Operand, made?: string]
  | readonly ["MakeSlice", Operand, SpanIndex, len: Operand, cap: Operand, made?: string]
  | readonly [
      "Slice",
      Operand,
      SpanIndex,
      x: Operand,
      low: Operand | null,
      high: Operand | null,
      max: Operand | null,
    ]
  | readonly ["FieldAddr" | "Field", Operand, SpanIndex, x: Operand, index: number, name: string]
  | readonly ["IndexAddr" | "Index", Operand, SpanIndex, x: Operand, index: Operand]
  | readonly ["Lookup", Operand, SpanIndex, x: Operand, key: Operand, commaOk: 0 | 1]
  | readonly ["MapUpdate", Operand, SpanIndex, map: Operand, key: Operand, value: Operand]
  | readonly ["Range", Operand, SpanIndex, x: Operand]
  | readonly ["Next", Operand, SpanIndex, iter: Operand, isString: 0 | 1]
  | readonly ["TypeAssert", Operand, SpanIndex, x: Operand, type: TypeIndex, commaOk: 0 | 1]
  | readonly ["Extract", Operand, SpanIndex, tuple: Operand, index: number]
  | readonly [
      "Select",
      Operand,
      SpanIndex,
      blocking: 0 | 1,
      states: readonly (readonly [
        "send" | "recv",
        chan: Operand,
        value: Operand | null,
        SpanIndex,
      ])[],
    ]
  | readonly ["Send", Operand, SpanIndex, chan: Operand, value: Operand]
  | readonly ["Store", Operand, SpanIndex, addr: Operand, value: Operand]
  | readonly ["Return", Operand, SpanIndex, results: readonly Operand[]]
  | readonly ["RunDefers" | "Jump", Operand, SpanIndex]
  | readonly ["Panic" | "If", Operand, SpanIndex, x: Operand];
