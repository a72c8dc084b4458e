// Functions whose body stands under another name.

/** What the run-time system provides by linkname in the real library: the bundled packages have it in Go. */
const bodies: Readonly<Record<string, string>> = {
  "sync/atomic.typeOf": "reflect.typeOf",
  "time.now": "time.linkedNow",
  "time.runtimeNow": "time.linkedNow",
  "time.runtimeNano": "time.linkedNano",
  "time.runtimeIsBubbled": "time.linkedBubbled",
};

/** The name under which a function that has no body is known. */
export function linkedName(name: string): string | null {
  return Object.hasOwn(bodies, name) ? (bodies[name] ?? null) : null;
}

/**
 * The pools of library code are always empty, which a pool may be at any time: reusing what another goroutine has
 * put back would order the two, and hide the races of programs that merely print.
 */
const fromLibrary: Readonly<Record<string, string>> = {
  "(*sync.Pool).Get": "(*sync.Pool).fresh",
  "(*sync.Pool).Put": "(*sync.Pool).drop",
};

/** What a call of `name` in bundled code calls. */
export function calledFromLibrary(name: string): string {
  return Object.hasOwn(fromLibrary, name) ? (fromLibrary[name] ?? name) : name;
}
