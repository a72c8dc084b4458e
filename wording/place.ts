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

/** `store.go:14`: lines are counted from 1 where people see them. */
export function fileAndLine({ uri, start }: Pick<Span, "uri" | "start">): string {
  return `${fileName(uri)}:${start.line + 1}`;
}
