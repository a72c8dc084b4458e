// What a goroutine waits for, by the state that Go prints and by the library's frames on its stack.

import type { Frame, Goroutine } from "./trace.js";

export interface Wait {
  /** `waits to lock a mutex`; `is running` where it does not wait. */
  readonly words: string;
  /** The address of the lock or group it waits for, as Go prints it; null when that is not told. */
  readonly address: string | null;
  /** Nothing that the program does can end it. */
  readonly forever: boolean;
  /** Whether it waits for other goroutines of the program. */
  readonly forOthers: boolean;
}

interface Kind {
  readonly state: RegExp;
  readonly frame: RegExp;
  readonly words: string;
  readonly forever?: boolean;
  /** For the clock or the world outside. */
  readonly outside?: boolean;
}

/** The first that fits: by its state where that is told, else by a frame. */
const kinds: readonly Kind[] = [
  { state: /^chan send \(nil chan\)/, frame: /^$/, words: "sends on a nil channel", forever: true },
  {
    state: /^chan receive \(nil chan\)/,
    frame: /^$/,
    words: "receives from a nil channel",
    forever: true,
  },
  {
    state: /^select \(no cases\)/,
    frame: /^runtime\.block$/,
    words: "is in a select without cases",
    forever: true,
  },
  { state: /^chan send/, frame: /^runtime\.chansend1?$/, words: "waits to send on a channel" },
  {
    state: /^chan receive/,
    frame: /^runtime\.chanrecv[12]?$/,
    words: "waits to receive from a channel",
  },
  { state: /^select/, frame: /^runtime\.selectgo$/, words: "waits in a select" },
  {
    state: /^sync\.WaitGroup\.Wait/,
    frame: /^sync\.\(\*WaitGroup\)\.Wait$/,
    words: "waits for a WaitGroup",
  },
  {
    state: /^sync\.Cond\.Wait/,
    frame: /^sync\.\(\*Cond\)\.Wait$/,
    words: "waits for a condition variable",
  },
  {
    state: /^sync\.RWMutex\.RLock/,
    frame: /^sync\.\(\*RWMutex\)\.RLock$/,
    words: "waits to lock a RWMutex for reading",
  },
  {
    state: /^sync\.RWMutex\.Lock/,
    frame: /^sync\.\(\*RWMutex\)\.Lock$/,
    words: "waits to lock a RWMutex",
  },
  {
    state: /^sync\.Mutex\.Lock/,
    frame: /^(?:internal\/)?sync\.\(\*Mutex\)\.(?:Lock|lockSlow)$/,
    words: "waits to lock a mutex",
  },
  { state: /^semacquire/, frame: /^sync\.runtime_Semacquire/, words: "waits for a semaphore" },
  { state: /^sleep/, frame: /^time\.Sleep$/, words: "sleeps", outside: true },
  {
    state: /^IO wait/,
    frame: /^internal\/poll\.runtime_pollWait$/,
    words: "waits for input or output",
    outside: true,
  },
  { state: /^syscall/, frame: /^syscall\.[Ss]yscall/, words: "is in a system call", outside: true },
];

export function waitOf(goroutine: Goroutine): Wait {
  const { state, frames } = goroutine;
  const isOpaque = state === "" || state === "semacquire";
  const byFrame = kinds.find(({ frame }) => frames.some((it) => frame.test(it.func)));
  const byState = kinds.find((it) => it.state.test(state));
  const kind = isOpaque ? (byFrame ?? byState) : byState;
  if (kind === undefined) {
    const words = state === "" ? "stands" : state === "running" ? "runs" : `is in state "${state}"`;
    return { words, address: null, forever: false, forOthers: false };
  }
  return {
    words: kind.words,
    address: addressIn(frames),
    forever: kind.forever === true,
    forOthers: kind.outside !== true,
  };
}

/** The receiver of the first frame of a lock that has one; Go marks with `?` what may not be it any more. */
function addressIn(frames: readonly Frame[]): string | null {
  for (const { func, args } of frames) {
    if (!/^(?:internal\/)?sync\.\(\*\w+\)\./.test(func)) continue;
    const address = /^(0x[0-9a-f]{4,})(?:,|$)/.exec(args)?.[1];
    if (address !== undefined) return address;
  }
  return null;
}

/** Frames outside of Go's own library, the innermost first. */
export function ownFrames(frames: readonly Frame[]): readonly Frame[] {
  return frames.filter(({ func, file }) => !isLibrary(func, file));
}

/** The module cache and vendored code count as the user's: only Go's own does not. */
function isLibrary(func: string, file: string): boolean {
  const root =
    /^(.*\/)?(?:go|libexec)(?:-?[\d.]+)?\/src\/(?!.*\/src\/)/.exec(file) ??
    /^\$GOROOT\//.exec(file);
  const pkg = func.slice(0, func.search(/\.(?:\(|[^/.]*$)|$/) + 1);
  const hasDomain = /^[\w-]+\.[\w.-]+\//.test(pkg);
  return root !== null && !hasDomain && !func.startsWith("main.");
}
