// Floating-point functions that Go's library has in assembly on amd64, operation by operation, so that the last bits agree.

/** x·y + z, rounded once. */
export function fma(x: number, y: number, z: number): number {
  if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(z)) return x * y + z;
  if (x === 0 || y === 0 || z === 0) return x * y + z;
  const [a, b, c] = [split(x), split(y), split(z)];
  const exponent = Math.min(a.exponent + b.exponent, c.exponent);
  const product = a.digits * b.digits;
  const sum =
    (product << BigInt(a.exponent + b.exponent - exponent)) +
    (c.digits << BigInt(c.exponent - exponent));
  return sum === 0n ? x * y + z : scaled(sum, exponent);
}

const view = new DataView(new ArrayBuffer(8));

/** x = digits · 2^exponent. */
function split(x: number): { readonly digits: bigint; readonly exponent: number } {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  const digits = field === 0 ? fraction : fraction | (1n << 52n);
  return { digits: x < 0 ? -digits : digits, exponent: Math.max(field, 1) - 1075 };
}

/** n · 2^exponent, rounded to nearest, ties to even. */
function scaled(n: bigint, exponent: number): number {
  const negative = n < 0n;
  const size = (negative ? -n : n).toString(2).length;
  // Digits below the last place of the result: below 53, or below the smallest denormal.
  const drop = Math.max(size - 53, -1074 - exponent, 0);
  let digits = negative ? -n : n;
  if (drop > 0) {
    const half = 1n << BigInt(drop - 1);
    const rest = digits & ((1n << BigInt(drop)) - 1n);
    digits >>= BigInt(drop);
    if (rest > half || (rest === half && (digits & 1n) === 1n)) digits++;
  }
  const value = power(Number(digits), exponent + drop);
  return negative ? -value : value;
}

/** x · 2^exponent where the result is exact or infinite. */
function power(x: number, exponent: number): number {
  if (exponent > 971) return x * 2 ** 971 * 2 ** (exponent - 971);
  return exponent < -1022 ? x * 2 ** -1022 * 2 ** (exponent + 1022) : x * 2 ** exponent;
}

const log2e = 1.442695040888963;
const ln2Upper = 0.69314718055966295651160180568695068359375;
const ln2Lower = 0.28235290563031577122588448175013436025525412068e-12;
/** Of the series, from the highest power to the lowest. */
const terms = [
  1.984126984126984127e-4, 1.3888888888888888889e-3, 8.3333333333333333333e-3,
  4.1666666666666666667e-2, 1.6666666666666666667e-1, 0.5, 1,
] as const;

/** As `exp_amd64.s` computes it with fused operations: e^x = 2^k · (e^(r/16))^16. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x === -Infinity) return 0;
  if (x > 7.09782712893384e2) return Infinity;
  const k = roundToEven(log2e * x);
  const r = fma(-ln2Lower, k, fma(-ln2Upper, k, x)) * 0.0625;
  let sum = 2.4801587301587301587e-5;
  for (const term of terms) sum = fma(r, sum, term);
  let y = r * sum;
  for (let i = 0; i < 3; i++) y *= y + 2;
  y = fma(y + 2, y, 1);
  const field = k + 1023;
  if (field >= 2047) return Infinity;
  if (field > 0) return y * 2 ** k;
  if (field < -52) return 0;
  return y * 2 ** (field - 1) * 2 ** -1022;
}

function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : floor + 1;
}

const ln2Hi = 6.9314718036912381649e-1;
const ln2Lo = 1.90821492927058770002e-10;
const logTerms = [
  6.66666666666673513e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
] as const;

/** As `log_amd64.s` computes it, which takes the digits of denormal numbers as they stand. */
export function log(x: number): number {
  if (x === 0) return -Infinity;
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x < 0) return Number.NaN;
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  let k = (high >>> 20) - 0x3fe;
  view.setUint32(0, (high & 0xfffff) | 0x3fe00000);
  let f = view.getFloat64(0);
  if (f < Math.SQRT1_2) {
    k--;
    f *= 2;
  }
  f--;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const [l1, l2, l3, l4, l5, l6, l7] = logTerms;
  const t1 = s2 * (l1 + s4 * (l3 + s4 * (l5 + s4 * l7)));
  const t2 = s4 * (l2 + s4 * (l4 + s4 * l6));
  const half = 0.5 * f * f;
  return k * ln2Hi - (half - (s * (half + (t1 + t2)) + k * ln2Lo) - f);
}
