// A function or class as it stands in a text, found without reading the language: a lesson asks only whether it was changed.

/**
 * The lines of what is declared under the name, at the top of the file or as a method, without indentation, empty lines and
 * comments of their own; null when there is nothing of the name.
 */
export function declarationOf(text: string, name: string): readonly string[] | null {
  const lines = text.split("\n");
  const head = headOf(name);
  const first = lines.findIndex((it) => head.test(it));
  const indent = /^\s*/.exec(lines[first] ?? "")?.[0] ?? "";
  if (first < 0) return null;
  const length = lines.slice(first).findIndex((it) => it.startsWith(`${indent}}`));
  return lines
    .slice(first, length < 0 ? undefined : first + length + 1)
    .map((it) => it.trim())
    .filter((it) => it !== "" && !it.startsWith("//"));
}

function headOf(name: string): RegExp {
  const named = name.replaceAll("$", "\\$");
  const go = `func (?:\\([^)]*\\) )?${named}[\\[(]`;
  const ts = `(?:export )?(?:(?:async )?function\\*? |class )${named}\\b`;
  const method = `[ \\t]+(?:async )?${named}\\([^;]*\\{$`;
  return new RegExp(`^(?:${go}|${ts}|${method})`);
}
