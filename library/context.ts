import { chan, type Chan } from "./channel.js";

/** Go's `context.Context`, as far as it cancels: `done` is closed when there is a reason to stop. */
export interface Context {
  readonly done: Chan<never>;
  /** `null` as long as nobody has cancelled. */
  err(): Error | null;
}

export type CancelFunc = () => void;

export const canceled = new Error("context canceled");
export const deadlineExceeded = new Error("context deadline exceeded");

class Node implements Context {
  readonly done = chan<never>();
  readonly #children = new Set<Node>();
  #reason: Error | null = null;

  err(): Error | null {
    return this.#reason;
  }

  /** Only the first reason counts. */
  cancel(reason: Error): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.done.close();
    for (const it of this.#children) it.cancel(reason);
    this.#children.clear();
  }

  adopt(child: Node): void {
    if (this.#reason !== null) child.cancel(this.#reason);
    else this.#children.add(child);
  }

  release(child: Node): void {
    this.#children.delete(child);
  }
}

const root = new Node();

/** Never cancelled. */
export function background(): Context {
  return root;
}

export function withCancel(parent: Context): readonly [Context, CancelFunc] {
  const node = childOf(parent);
  return [
    node,
    () => {
      leave(parent, node, canceled);
    },
  ];
}

/** Cancelled after so many milliseconds at the latest; call the function to free the timer before. */
export function withTimeout(parent: Context, millis: number): readonly [Context, CancelFunc] {
  const node = childOf(parent);
  const timer = setTimeout(() => {
    leave(parent, node, deadlineExceeded);
  }, millis);
  return [
    node,
    () => {
      clearTimeout(timer);
      leave(parent, node, canceled);
    },
  ];
}

/** Go's `time.After`: the time is sent once. */
export function after(millis: number): Chan<number> {
  const timer = chan<number>(1);
  setTimeout(() => {
    timer.trySend(Date.now());
  }, millis);
  return timer;
}

function childOf(parent: Context): Node {
  const node = new Node();
  // The root is never cancelled, and must not keep what nobody else does.
  if (parent instanceof Node && parent !== root) parent.adopt(node);
  return node;
}

function leave(parent: Context, node: Node, reason: Error): void {
  if (parent instanceof Node) parent.release(node);
  node.cancel(reason);
}
