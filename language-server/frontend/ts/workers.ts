// Which files a program's workers run: those that `new Worker(…)` names in a way that can be read.

import type { ts } from "ts-morph";
import { modelFolder } from "../../ir/models.js";
import type { Compiler } from "./program.js";

/** What a program has to do with threads. */
export interface Threads {
  /** As browsers have them, not as `worker_threads`. */
  readonly web: boolean;
  /** The file that is looked at can only be a worker's: what it talks to is who started it. */
  readonly onlyWorker: boolean;
}

const mostConstants = 4;

type Read = (path: string) => string | undefined;

const workerThreads = /from\s+["'](?:node:)?worker_threads["']/;
const ofTheWeb =
  /\bnew (?:Worker|MessageChannel)\s*\(|\bself\.(?:onmessage|postMessage|addEventListener)\b/;
const sharing = /\bnew SharedArrayBuffer\b|\bAtomics\./;

/** Null: the program has one thread and shares nothing. */
export function threadsOf(
  files: readonly ts.SourceFile[],
  root: ts.SourceFile | undefined,
): Threads | null {
  const own = files.filter((it) => !it.fileName.startsWith(modelFolder) && !it.isDeclarationFile);
  const node = own.some((it) => workerThreads.test(it.text));
  const web = !node && own.some((it) => ofTheWeb.test(it.text));
  if (!node && !web && !own.some((it) => sharing.test(it.text))) return null;
  const text = root?.text ?? "";
  const talksUp = web
    ? /\bself\.(?:onmessage|postMessage|addEventListener)\b/.test(text)
    : /\b(?:parentPort|workerData)\b/.test(text);
  const startsOthers = /\bnew Worker\b|\bisMainThread\b/.test(text);
  return { web, onlyWorker: talksUp && !startsOthers };
}

/** Paths of the files that workers of these files run, in the order of the source. */
export function workerPaths(
  ts: Compiler,
  files: readonly ts.SourceFile[],
  read: Read,
): readonly string[] {
  const paths = new Set<string>();
  for (const file of files) {
    if (!file.text.includes("new Worker") || file.fileName.startsWith(modelFolder)) continue;
    const visit = (node: ts.Node): void => {
      const isWorker =
        ts.isNewExpression(node) &&
        ts.isIdentifier(node.expression) &&
        node.expression.text === "Worker";
      const [first] = isWorker ? (node.arguments ?? []) : [];
      const path = first === undefined ? null : pathNamed(ts, file, first, read);
      if (path !== null) paths.add(path);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return [...paths];
}

/** `followed`: how many constants have led here, which may lead round in circles. */
function pathNamed(
  ts: Compiler,
  file: ts.SourceFile,
  node: ts.Expression,
  read: Read,
  followed = 0,
): string | null {
  const text = node.getText(file);
  if (/^(?:__filename|import\.meta\.(?:url|filename))$/.test(text)) return file.fileName;
  if (ts.isStringLiteralLike(node)) return existing(file.fileName, node.text, read);
  if (ts.isIdentifier(node)) {
    const value = constantOf(ts, file, node.text);
    const follow = value !== undefined && followed < mostConstants;
    return follow ? pathNamed(ts, file, value, read, followed + 1) : null;
  }
  if (ts.isCallExpression(node)) return pathCalled(ts, file, node, read, followed);
  if (!ts.isNewExpression(node) || node.expression.getText(file) !== "URL") return null;
  const [first] = node.arguments ?? [];
  return first === undefined ? null : pathNamed(ts, file, first, read);
}

/** What `fileURLToPath` makes of it, or `path.join` of the file's own folder and a name. */
function pathCalled(
  ts: Compiler,
  file: ts.SourceFile,
  { expression, arguments: args }: ts.CallExpression,
  read: Read,
  followed: number,
): string | null {
  const func = expression.getText(file);
  const [first, second] = args;
  if (first === undefined) return null;
  if (/^(?:url\.)?fileURLToPath$/.test(func)) return pathNamed(ts, file, first, read, followed);
  if (!/^(?:path\.)?(?:join|resolve)$/.test(func) || args.length > 2) return null;
  if (!/^(?:__dirname|import\.meta\.dirname)$/.test(first.getText(file))) return null;
  return second !== undefined && ts.isStringLiteralLike(second)
    ? existing(file.fileName, second.text, read)
    : null;
}

/** What a constant at the top of the file is. */
function constantOf(ts: Compiler, file: ts.SourceFile, name: string): ts.Expression | undefined {
  const constants = file.statements
    .filter(ts.isVariableStatement)
    .filter(({ declarationList: { flags } }) => (flags & ts.NodeFlags.Const) !== 0);
  return constants
    .flatMap((it) => it.declarationList.declarations)
    .find((it) => ts.isIdentifier(it.name) && it.name.text === name)?.initializer;
}

/** The file itself, or the source of what it is compiled to. */
function existing(from: string, name: string, read: Read): string | null {
  const folders = from.slice(0, from.lastIndexOf("/")).split("/");
  for (const part of name.split("/")) {
    if (part === "..") folders.pop();
    else if (part !== "." && part !== "") folders.push(part);
  }
  const path = name.startsWith("/") ? name : folders.join("/");
  const candidates = [path, path.replace(/\.([cm]?)js$/, ".$1ts"), path.replace(/\.js$/, ".tsx")];
  return candidates.find((it) => read(it) !== undefined) ?? null;
}
