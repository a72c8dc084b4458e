// Go strings are byte strings: one character of code 0–255 per byte. Here they meet Unicode.

const runeError = 0xfffd;

export interface Decoded {
  readonly rune: number;
  readonly size: number;
}

const invalid: Decoded = { rune: runeError, size: 1 };

/** The rune that begins at byte `at`; an invalid sequence is one byte of U+FFFD. */
export function decodeRune(text: string, at: number): Decoded {
  const first = text.charCodeAt(at);
  if (first < 0x80) return { rune: first, size: 1 };
  if (first < 0xc2 || first > 0xf4) return invalid;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + size > text.length) return invalid;
  let rune = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const next = text.charCodeAt(at + i);
    if ((next & 0xc0) !== 0x80) return invalid;
    rune = (rune << 6) | (next & 0x3f);
  }
  const overlong = (size === 3 && rune < 0x800) || (size === 4 && rune < 0x10000);
  const surrogate = rune >= 0xd800 && rune <= 0xdfff;
  return overlong || surrogate || rune > 0x10ffff ? invalid : { rune, size };
}

/** The bytes of a code point; what is none becomes U+FFFD. */
export function encodeRune(rune: number | bigint): string {
  let r = typeof rune === "bigint" ? runeError : rune;
  if (r < 0 || r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff)) r = runeError;
  if (r < 0x80) return String.fromCharCode(r);
  if (r < 0x800) return String.fromCharCode(0xc0 | (r >> 6), 0x80 | (r & 0x3f));
  if (r < 0x10000)
    return String.fromCharCode(0xe0 | (r >> 12), 0x80 | ((r >> 6) & 0x3f), 0x80 | (r & 0x3f));
  return String.fromCharCode(
    0xf0 | (r >> 18),
    0x80 | ((r >> 12) & 0x3f),
    0x80 | ((r >> 6) & 0x3f),
    0x80 | (r & 0x3f),
  );
}

/** Bytes to text for people. */
export function toText(bytes: string): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, at);
    text += String.fromCodePoint(rune);
    at += size;
  }
  return text;
}
