/** The import paths of a Go file, read without a parser: `import` comes before everything else. */
export function importsOfGo(text: string): string[] {
  const out: string[] = [];
  const token = /\/\/[^\n]*|\/\*[^]*?\*\/|"([^"\n]*)"|`([^`]*)`|[A-Za-z_]\w*|[^\s\w]/gy;
  let depth = 0;
  let inImport = false;
  for (let at = 0; at < text.length; ) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) {
      at += 1; // White space, digits, and what is no Go.
      continue;
    }
    at = token.lastIndex;
    const [word] = match;
    const path = match[1] ?? match[2];
    if (path !== undefined) {
      if (inImport) out.push(path);
      if (depth === 0) inImport = false;
    } else if (word === "import" && depth === 0) inImport = true;
    else if (word === "(") depth += 1;
    else if (word === ")") {
      depth -= 1;
      inImport = false;
    } else if (depth === 0 && /^(func|type|var|const)$/.test(word)) break;
  }
  return [...new Set(out)];
}
