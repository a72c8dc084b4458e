// A place in a queue that somebody else opens.

export interface Place<T> {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
}

export function place<T>(): Place<T> {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** A place through which nothing is handed over. */
export interface Gate {
  readonly promise: Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  const { promise, open } = place<undefined>();
  return {
    promise,
    open: () => {
      open(undefined);
    },
  };
}
