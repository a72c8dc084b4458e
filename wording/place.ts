import type { Span } from "../protocol/span.js";

/** Last part of a URI, as people spell it. */
export function fileName(uri: string): string {
  const last = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // a stray % in a name
  }
}

/** How to call a file among others: by the last part of its URI, with as many folders before it as tell it from the others. */
export function distinctName(uri: string, among: readonly string[]): string {
  const parts = uri.split("/");
  for (let length = 1; length < parts.length; length++) {
    const end = parts.slice(-length);
    const alone = among.every((it) => it === uri || !it.endsWith(`/${end.join("/")}`));
    if (alone) return end.map(fileName).join("/");
  }
  return uri;
}

/** `store.go:14`: lines are counted from 1 where people see them. */
export function fileAndLine({ uri, start }: Pick<Span, "uri" | "start">): string {
  return `${fileName(uri)}:${start.line + 1}`;
}
