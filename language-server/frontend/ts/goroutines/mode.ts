// Which rules a file that imports `happens-before/go` is read by.

import type { ts } from "ts-morph";
import { goLibraryName } from "../models.js";
import type { Compiler } from "../program.js";

/** At the head of a file: its tasks switch only where they await. */
const tasksComment = /^\s*\/\/\s*hb:tasks\b/m;

/** Whether the file's tasks are goroutines, which may switch at any shared access. */
export function hasGoroutines(ts: Compiler, file: ts.SourceFile): boolean {
  const first = file.statements[0];
  const head = file.text.slice(0, first?.getStart(file) ?? 0);
  return !tasksComment.test(head) && importsGoLibrary(ts, file);
}

export function importsGoLibrary(ts: Compiler, file: ts.SourceFile): boolean {
  return file.statements.some(
    (it) =>
      ts.isImportDeclaration(it) &&
      ts.isStringLiteral(it.moduleSpecifier) &&
      it.moduleSpecifier.text === goLibraryName,
  );
}
