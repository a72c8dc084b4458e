/** Stable under edits elsewhere in the file: 16 hexadecimal digits of code + function + accessed path. */
export function fingerprintOf(code: string, func: string, path: string): string {
  const text = `${code}\n${func}\n${path}`;
  return fnv1a(text, 0x811c9dc5) + fnv1a(text, 0x01234567);
}

/** FNV-1a over UTF-16 units, 32 bits. */
function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}
