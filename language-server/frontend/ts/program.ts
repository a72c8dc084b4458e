// A compiler over what the host's `readFile` gives: open buffers first, then the disk; the standard library's declarations come with
// the compiler. Nothing else is read.

import type * as TsMorph from "ts-morph";
import type { ts } from "ts-morph";

export type Compiler = typeof TsMorph.ts;

export interface TsInput {
  /** The file that is looked at. */
  readonly uri: string;
  /** Open buffers first, then the disk. */
  readonly readFile: (uri: string) => string | null;
}

const libFolder = "/node_modules/typescript/lib/";

/** Parsed and bound once: the declarations of the standard library never change. */
const libs = new Map<string, ts.SourceFile>();

function loadLibs(tsMorph: typeof TsMorph): void {
  if (libs.size > 0) return;
  const project = new tsMorph.Project({
    useInMemoryFileSystem: true,
    compilerOptions: { target: tsMorph.ts.ScriptTarget.ES2022 },
  });
  project.createSourceFile("/empty.ts", "");
  for (const file of project.getProgram().compilerObject.getSourceFiles()) {
    if (file.fileName.startsWith(libFolder)) libs.set(file.fileName, file);
  }
}

export interface Unit {
  readonly ts: Compiler;
  readonly checker: ts.TypeChecker;
  /** The file itself last, each module after those it imports. */
  readonly files: readonly ts.SourceFile[];
}

/** Parses the file and what it imports by relative paths. */
export function openUnit(input: TsInput, tsMorph: typeof TsMorph): Unit {
  loadLibs(tsMorph);
  const { ts } = tsMorph;
  const root = pathOf(input.uri);
  const read = (path: string): string | undefined => input.readFile(uriOf(path)) ?? undefined;
  const options: ts.CompilerOptions = {
    ...readOptions(ts, root, read),
    target: ts.ScriptTarget.ES2022,
    allowJs: true,
    noLib: false,
    types: [],
    noResolve: false,
    skipLibCheck: true,
    // A file without imports is a module too: its names are not those of the browser's globals.
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  const host = hostOf(ts, read);
  const program = ts.createProgram({ rootNames: [root], options, host });
  const checker = program.getTypeChecker();
  const files: ts.SourceFile[] = [];
  order(ts, checker, program.getSourceFile(root), new Set(), files);
  return { ts, checker, files };
}

/** What the nearest tsconfig says about how code is read; its other settings do not matter here. */
function readOptions(
  ts: Compiler,
  root: string,
  read: (path: string) => string | undefined,
): ts.CompilerOptions {
  let folder = root;
  while (folder.includes("/")) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const text = read(`${folder}/tsconfig.json`);
    if (text === undefined) continue;
    const { config } = ts.parseConfigFileTextToJson(`${folder}/tsconfig.json`, text) as {
      readonly config?: { readonly compilerOptions?: unknown };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? {}, folder);
    const { jsx, paths, experimentalDecorators } = options;
    const kept = { jsx, paths, experimentalDecorators };
    return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
  }
  return {};
}

function hostOf(ts: Compiler, read: (path: string) => string | undefined): ts.CompilerHost {
  return {
    fileExists: (path) => libs.has(path) || read(path) !== undefined,
    readFile: read,
    getSourceFile: (path, version) => {
      const lib = libs.get(path);
      if (lib !== undefined) return lib;
      const text = read(path);
      return text === undefined ? undefined : parse(ts, path, text, version);
    },
    getDefaultLibFileName: () => `${libFolder}lib.es2022.full.d.ts`,
    getDefaultLibLocation: () => libFolder,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => undefined,
    directoryExists: (path) => !path.includes("node_modules"),
  };
}

/** Files as they were parsed last: most do not change between two runs. */
const parsed = new Map<string, { readonly text: string; readonly file: ts.SourceFile }>();
const mostParsed = 500;

function parse(
  ts: Compiler,
  path: string,
  text: string,
  how: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile {
  const known = parsed.get(path);
  if (known?.text === text) return known.file;
  const file = ts.createSourceFile(path, text, how, true);
  parsed.delete(path);
  parsed.set(path, { text, file });
  for (const oldest of parsed.keys()) {
    if (parsed.size <= mostParsed) break;
    parsed.delete(oldest);
  }
  return file;
}

/** Programs that are larger are read in part: what lies beyond is a gap where it is used. */
const mostModules = 60;

/** Depth-first over imports, so that a module comes after what it imports. */
function order(
  ts: Compiler,
  checker: ts.TypeChecker,
  file: ts.SourceFile | undefined,
  seen: Set<ts.SourceFile>,
  files: ts.SourceFile[],
): void {
  if (file === undefined || seen.has(file) || file.isDeclarationFile) return;
  if (seen.size >= mostModules) return;
  seen.add(file);
  for (const statement of file.statements) {
    const imports = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    if (!imports || statement.moduleSpecifier === undefined || isErased(ts, statement)) continue;
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
    const declaration = module?.declarations?.[0];
    if (declaration !== undefined) order(ts, checker, declaration.getSourceFile(), seen, files);
  }
  files.push(file);
}

/** Imports of types leave nothing behind. */
function isErased(ts: Compiler, node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  const named = clause.namedBindings;
  const onlyTypes =
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((it) => it.isTypeOnly);
  return clause.phaseModifier === ts.SyntaxKind.TypeKeyword || onlyTypes;
}

/** The path of a `file:` URI, decoded. */
export function pathOf(uri: string): string {
  return decodeURIComponent(uri.replace(/^file:\/\//, ""));
}

const uris = new Map<string, string>();

/** The URI a path came from: `pathOf` turned back. */
export function uriOf(path: string): string {
  let uri = uris.get(path);
  if (uri === undefined) {
    uri = `file://${path.split("/").map(encodeURIComponent).join("/")}`;
    uris.set(path, uri);
  }
  return uri;
}
