/** Lets everybody run who can without time passing. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What a task has done so far, by name. */
export function diary(): {
  readonly lines: string[];
  readonly note: (line: string) => void;
} {
  const lines: string[] = [];
  return {
    lines,
    note: (line) => {
      lines.push(line);
    },
  };
}
