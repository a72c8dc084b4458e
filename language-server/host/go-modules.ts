// Where the packages of a Go program lie on disk, found without the go command.

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** One module that is known from source: the user's, one of a workspace, or a local replacement. */
export interface LocalModule {
  readonly modulePath: string;
  readonly dir: string;
  readonly goVersion: string;
}

/** What go.mod and go.work say. */
export interface ModuleView {
  readonly main: LocalModule;
  readonly local: readonly LocalModule[];
  /** Module path → version, for the module cache. */
  readonly required: ReadonlyMap<string, string>;
  /** The Go distribution's own sources. */
  readonly standard: boolean;
  /** Settings of the run-time that go.work or go.mod ask for: `asynctimerchan` → `1`. */
  readonly settings: ReadonlyMap<string, string>;
  /** The Go version whose settings hold where nothing is asked for; "" for the newest. */
  readonly settingsVersion: string;
}

interface GoMod {
  readonly modulePath: string;
  readonly goVersion: string;
  readonly required: Map<string, string>;
  readonly replaced: Map<string, { readonly to: string; readonly version: string }>;
  readonly settings: ReadonlyMap<string, string>;
}

/** The module a folder belongs to; a folder without go.mod is a module of its own. */
export function moduleOf(dir: string): ModuleView {
  const root = findUpwards(dir, "go.mod");
  if (root === null) {
    const main = { modulePath: "", dir, goVersion: "" };
    const settings = new Map<string, string>();
    return { main, local: [], required: new Map(), standard: false, settings, settingsVersion: "" };
  }
  const mod = parseGoMod(readText(path.join(root, "go.mod")));
  const standard = mod.modulePath === "std" || mod.modulePath === "cmd";
  const main = {
    modulePath: standard && mod.modulePath === "std" ? "" : mod.modulePath,
    dir: root,
    goVersion: mod.goVersion,
  };
  const local: LocalModule[] = [main];
  const required = new Map(mod.required);
  for (const [from, { to, version }] of mod.replaced) {
    if (/^\.{0,2}[\\/]/.test(to)) local.push(localModule(path.resolve(root, to), from));
    else if (version !== "") required.set(from, `${to}@${version}`);
  }
  local.push(...workspaceModules(root));
  return { main, local, required, standard, ...settingsOf(root, mod) };
}

/** In a workspace go.work has the say. */
function settingsOf(root: string, mod: GoMod): Pick<ModuleView, "settings" | "settingsVersion"> {
  const work = findUpwards(root, "go.work");
  const { settings, goVersion } =
    work === null ? mod : parseGoMod(readText(path.join(work, "go.work")));
  return { settings, settingsVersion: goVersion };
}

function localModule(dir: string, modulePath: string): LocalModule {
  const mod = parseGoMod(readText(path.join(dir, "go.mod")));
  return { modulePath, dir, goVersion: mod.goVersion };
}

function workspaceModules(root: string): LocalModule[] {
  const work = findUpwards(root, "go.work");
  if (work === null) return [];
  const uses = directives(readText(path.join(work, "go.work"))).filter(([verb]) => verb === "use");
  const dirs = uses.map(([, to]) => path.resolve(work, to ?? ".")).filter((it) => it !== root);
  return dirs.map((dir) =>
    localModule(dir, parseGoMod(readText(path.join(dir, "go.mod"))).modulePath),
  );
}

function findUpwards(dir: string, name: string): string | null {
  for (let at = path.resolve(dir); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, name))) return at;
    if (path.dirname(at) === at) return null;
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The lines of go.mod and go.work as words, with the verb of a block put before each of its lines. */
function directives(text: string): string[][] {
  const out: string[][] = [];
  let block: string | null = null;
  for (const raw of text.split("\n")) {
    const words = raw
      .replace(/\/\/.*/, "")
      .split(/\s+/)
      .filter((it) => it !== "")
      .map((it) => it.replace(/^["`]|["`]$/g, ""));
    if (words.length === 0) continue;
    if (block !== null) {
      if (words[0] === ")") block = null;
      else out.push([block, ...words]);
    } else if (words[1] === "(") {
      block = words[0] ?? "";
    } else {
      out.push(words);
    }
  }
  return out;
}

function parseGoMod(text: string): GoMod {
  let modulePath = "";
  let goVersion = "";
  const required = new Map<string, string>();
  const replaced: GoMod["replaced"] = new Map();
  const settings = new Map<string, string>();
  for (const [verb, first = "", ...rest] of directives(text)) {
    if (verb === "module") modulePath = first;
    else if (verb === "go") goVersion = first;
    else if (verb === "godebug") settings.set(...setting(first));
    else if (verb === "require") required.set(first, `${first}@${rest[0] ?? ""}`);
    else if (verb === "replace") {
      const arrow = rest.indexOf("=>");
      replaced.set(first, { to: rest[arrow + 1] ?? "", version: rest[arrow + 2] ?? "" });
    }
  }
  return { modulePath, goVersion, required, replaced, settings };
}

/** `name=value`. */
function setting(text: string): [string, string] {
  const [name = "", value = ""] = text.split("=");
  return [name, value];
}

/** Import path of a folder of a module. */
export function importPathOf(module: LocalModule, dir: string): string {
  const inside = path.relative(module.dir, dir).split(path.sep).join("/");
  if (module.modulePath === "") return inside === "" ? "main" : inside;
  return inside === "" ? module.modulePath : `${module.modulePath}/${inside}`;
}

/** The folder of an import path inside a module, or null when it is another module's. */
export function folderIn(module: LocalModule, importPath: string): string | null {
  if (module.modulePath === "") return null;
  if (importPath === module.modulePath) return module.dir;
  if (!importPath.startsWith(`${module.modulePath}/`)) return null;
  return path.join(module.dir, importPath.slice(module.modulePath.length + 1));
}

/** The folder of a package of a required module in the module cache, or null. */
export function folderInCache(view: ModuleView, importPath: string): string | null {
  for (let prefix = importPath; prefix !== "."; prefix = path.posix.dirname(prefix)) {
    const version = view.required.get(prefix);
    if (version === undefined) continue;
    const escaped = version.replace(/[A-Z]/g, (it) => `!${it.toLowerCase()}`);
    const dir = path.join(moduleCache(), escaped, importPath.slice(prefix.length));
    return existsSync(dir) ? dir : null;
  }
  return null;
}

function moduleCache(): string {
  const { GOMODCACHE, GOPATH } = process.env;
  if (GOMODCACHE !== undefined && GOMODCACHE !== "") return GOMODCACHE;
  const gopath = GOPATH?.split(path.delimiter)[0];
  return path.join(
    gopath === undefined || gopath === "" ? path.join(homedir(), "go") : gopath,
    "pkg",
    "mod",
  );
}
