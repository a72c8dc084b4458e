// A compiler over what the host's `readFile` gives: open buffers first, then the disk; the standard library's declarations come with
// the compiler. Nothing else is read.

import type * as TsMorph from "ts-morph";
import type { ts } from "ts-morph";
import {
  modelOfGlobal,
  modelOfModule,
  modelSource,
  modelsOfGlobals,
  preludePath,
  namesOfModels,
  webWorkerNames,
} from "./models.js";
import { isCommonJs, requiredFiles } from "./required.js";
import { type Threads, threadsOf, workerPaths } from "./workers.js";

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
  /** Who exports what the program knows as a global of the platform. */
  readonly modelOf: (name: string) => ts.SourceFile | undefined;
  readonly prelude: ts.SourceFile | undefined;
  /** Those that the file itself needs, it last. */
  readonly own: readonly ts.SourceFile[];
  /** Null: it has one thread, and shares nothing. */
  readonly threads: Threads | null;
  /** What workers run, each file with those that it needs before it. */
  readonly workers: readonly (readonly ts.SourceFile[])[];
}

/** Parses the file and what it imports by relative paths. */
export function openUnit(input: TsInput, tsMorph: typeof TsMorph): Unit {
  loadLibs(tsMorph);
  const { ts } = tsMorph;
  const root = pathOf(input.uri);
  const read = (path: string): string | undefined =>
    modelSource(path) ?? input.readFile(uriOf(path)) ?? undefined;
  const options: ts.CompilerOptions = {
    // Without it, modules with JSX are not read.
    jsx: ts.JsxEmit.Preserve,
    ...readOptions(ts, root, read),
    target: ts.ScriptTarget.ES2022,
    allowJs: true,
    noLib: false,
    types: [],
    noResolve: false,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
    // A file without imports is a module too: its names are not those of the browser's globals.
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  const host = hostOf(ts, read);
  const { program, workerFiles } = programWithWorkers(ts, root, read, options, host);
  const checker = program.getTypeChecker();
  const rootFile = program.getSourceFile(root);
  const threads = threadsOf(program.getSourceFiles(), rootFile);
  const modelOf = (name: string): ts.SourceFile | undefined =>
    webWorkerNames.includes(name) && threads?.web !== true
      ? undefined
      : program.getSourceFile(modelOfGlobal(name) ?? "");
  const prelude = program.getSourceFile(preludePath);
  const needed = (path: string): readonly ts.SourceFile[] => {
    const files: ts.SourceFile[] = [];
    order({ ts, checker, modelOf, seen: new Set(), files }, program.getSourceFile(path));
    return files;
  };
  const own = needed(root);
  const workers = workerFiles.map(needed);
  const files = [...new Set([...workers.flat(), ...own])].filter((it) => it !== rootFile);
  if (rootFile !== undefined) files.push(rootFile);
  return { ts, checker, files, modelOf, prelude, own, threads, workers };
}

/** Files of workers are found in files that were read: until there are no more. */
function programWithWorkers(
  ts: Compiler,
  root: string,
  read: (path: string) => string | undefined,
  options: ts.CompilerOptions,
  host: ts.CompilerHost,
): { readonly program: ts.Program; readonly workerFiles: readonly string[] } {
  for (let workerFiles: readonly string[] = []; ; ) {
    const rootNames = [...new Set([root, ...workerFiles, preludePath, ...modelsOfGlobals])];
    const program = ts.createProgram({ rootNames, options, host });
    const own = program.getSourceFiles().filter((it) => !it.isDeclarationFile);
    const found = workerPaths(ts, own, read);
    if (found.every((it) => program.getSourceFile(it) !== undefined)) {
      return { program, workerFiles: found };
    }
    workerFiles = found;
  }
}

/** What the nearest tsconfig says about how code is read and modules are found; its other settings do not matter here. */
function readOptions(
  ts: Compiler,
  root: string,
  read: (path: string) => string | undefined,
): ts.CompilerOptions {
  let folder = root;
  while (folder.includes("/")) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const path = `${folder}/tsconfig.json`;
    if (read(path) !== undefined) return configured(ts, path, read, 0);
  }
  return {};
}

/** `baseUrl` is old, and projects still have it. */
const kept = new Set(["jsx", "paths", "pathsBasePath", "baseUrl", "experimentalDecorators"]);

/** A chain of configurations that is longer is a circle. */
const longestChain = 20;

function configured(
  ts: Compiler,
  path: string,
  read: (path: string) => string | undefined,
  depth: number,
): ts.CompilerOptions {
  const text = read(path);
  if (text === undefined || depth > longestChain) return {};
  const folder = path.slice(0, path.lastIndexOf("/"));
  const { config } = ts.parseConfigFileTextToJson(path, text) as {
    readonly config?: { readonly compilerOptions?: unknown; readonly extends?: unknown };
  };
  const bases = [config?.extends ?? []].flat().filter((it) => typeof it === "string");
  const inherited = bases.map((it) => {
    const base = ts.resolveTripleslashReference(it, path);
    const known = base.endsWith(".json") ? base : `${base}.json`;
    return configured(ts, known, read, depth + 1);
  });
  const { options } = ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? {}, folder);
  const own = Object.entries({
    ...options,
    pathsBasePath: options.paths === undefined ? undefined : folder,
  });
  const given = Object.fromEntries(own.filter(([key, it]) => kept.has(key) && it !== undefined));
  return Object.assign({}, ...inherited, given) as ts.CompilerOptions;
}

function hostOf(ts: Compiler, read: (path: string) => string | undefined): ts.CompilerHost {
  const host: ts.CompilerHost = {
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
    resolveModuleNameLiterals: (literals, from, redirected, options) =>
      literals.map(({ text }) => {
        const model = modelOfModule(text);
        if (model === undefined) {
          return ts.resolveModuleName(text, from, options, host, undefined, redirected);
        }
        return { resolvedModule: { resolvedFileName: model, extension: ts.Extension.Ts } };
      }),
  };
  return host;
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

interface Ordering extends Pick<Unit, "ts" | "checker" | "modelOf"> {
  readonly seen: Set<ts.SourceFile>;
  readonly files: ts.SourceFile[];
}

/** Depth-first over imports and models, so that a module comes after what it needs. */
function order(ordering: Ordering, file: ts.SourceFile | undefined): void {
  const { ts, checker, seen, files } = ordering;
  if (file === undefined || seen.has(file) || file.isDeclarationFile) return;
  if (seen.size >= mostModules) return;
  seen.add(file);
  for (const it of modelsNamedIn(ordering, file)) order(ordering, it);
  for (const statement of file.statements) {
    const imports = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    if (!imports || statement.moduleSpecifier === undefined || isErased(ts, statement)) continue;
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
    const declaration = module?.declarations?.[0];
    if (declaration !== undefined) order(ordering, declaration.getSourceFile());
  }
  if (isCommonJs(ts, file)) for (const it of requiredFiles(ordering, file)) order(ordering, it);
  files.push(file);
}

/** The models of the platform's names that occur in a file. */
function modelsNamedIn({ modelOf }: Ordering, file: ts.SourceFile): readonly ts.SourceFile[] {
  const named = [...namesOfModels, ...webWorkerNames];
  const names = named.filter((it) => file.text.includes(it));
  return names.flatMap((it) => modelOf(it) ?? []);
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
