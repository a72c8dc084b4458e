// 64-bit integers: numbers while they are safe integers, bigints beyond. "Canonical" is exactly that, so that
// `===` compares and JavaScript maps find them.

export type Int = number | bigint;

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** The canonical form of a value that is in range. */
export function canonical(n: bigint): Int {
  return n <= maxSafe && n >= -maxSafe ? Number(n) : n;
}

export function wrapInt64(n: bigint): Int {
  return canonical(BigInt.asIntN(64, n));
}

export function wrapUint64(n: bigint): Int {
  return canonical(BigInt.asUintN(64, n));
}

export function wrap64(n: bigint, signed: boolean): Int {
  return signed ? wrapInt64(n) : wrapUint64(n);
}

/** How integers of a type wrap around. `shift` is 32 minus the width for the small ones. */
export interface IntKind {
  readonly bits: 8 | 16 | 32 | 64;
  readonly signed: boolean;
  readonly shift: number;
}

const kinds: Readonly<Record<string, IntKind>> = {
  int: { bits: 64, signed: true, shift: 0 },
  int8: { bits: 8, signed: true, shift: 24 },
  int16: { bits: 16, signed: true, shift: 16 },
  int32: { bits: 32, signed: true, shift: 0 },
  int64: { bits: 64, signed: true, shift: 0 },
  uint: { bits: 64, signed: false, shift: 0 },
  uint8: { bits: 8, signed: false, shift: 24 },
  uint16: { bits: 16, signed: false, shift: 16 },
  uint32: { bits: 32, signed: false, shift: 0 },
  uint64: { bits: 64, signed: false, shift: 0 },
  uintptr: { bits: 64, signed: false, shift: 0 },
};

export function intKind(basic: string): IntKind | undefined {
  return kinds[basic];
}

/** Any integer, wrapped to the kind. */
export function wrapTo(kind: IntKind, n: Int): Int {
  if (kind.bits === 64) {
    if (typeof n === "number" && Number.isSafeInteger(n) && (kind.signed || n >= 0)) return n + 0;
    return wrap64(BigInt(n), kind.signed);
  }
  const low = typeof n === "bigint" ? Number(BigInt.asIntN(32, n)) : lowWord(n);
  return kind.signed ? (low << kind.shift) >> kind.shift : (low << kind.shift) >>> kind.shift;
}

/** The low 32 bits; `| 0` is exact for safe integers of either sign. */
function lowWord(n: number): number {
  return n | 0;
}

/** A float as an integer: truncated; out of range as amd64 does it. */
export function truncate(kind: IntKind, value: number): Int {
  const whole = Math.trunc(value) + 0;
  if (Number.isSafeInteger(whole)) return wrapTo(kind, whole);
  if (!Number.isFinite(whole)) return wrapTo(kind, -(2n ** 63n));
  const n = BigInt(whole);
  if (kind.bits === 64 && !kind.signed && n > 0n && n < 2n ** 64n) return canonical(n);
  return wrapTo(kind, n >= -(2n ** 63n) && n < 2n ** 63n ? n : -(2n ** 63n));
}

/** As a float64, correctly rounded. */
export function toFloat(n: Int): number {
  return Number(n);
}
