// Which file of the program a worker runs.

import { spanOf } from "../../../ir/access.js";
import type { Program, SpanId } from "../../../ir/ir.js";

/** Index among the program's workers; null: a file that was not read. */
export function workerFile(program: Program, file: unknown, at: SpanId): number | null {
  const text = String(file);
  const from = spanOf(program, at).uri;
  const wanted = stem(resolved(text, from));
  const files = program.workers?.files ?? [];
  const found = files.findIndex((it) => stem(it.uri) === wanted);
  return found < 0 ? null : found;
}

/** As a URI: `./w.ts` beside the file that names it, a path, or a URI already. */
function resolved(text: string, from: string): string {
  if (text.startsWith("file:")) return text;
  if (text.startsWith("/")) return `file://${text.split("/").map(encodeURIComponent).join("/")}`;
  const folders = from.slice(0, from.lastIndexOf("/")).split("/");
  for (const part of text.split("/")) {
    if (part === "..") folders.pop();
    else if (part !== "." && part !== "") folders.push(encodeURIComponent(part));
  }
  return folders.join("/");
}

/** A program in TypeScript names the file that it is compiled to. */
function stem(uri: string): string {
  return uri.replace(/\.([cm]?)[jt]sx?$/, ".$1");
}
