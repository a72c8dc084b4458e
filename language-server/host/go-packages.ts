// A package folder → what `gossa` needs to analyse it: its files, those of packages of the same
// program with their bodies, and of everything else the types.

import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Unit } from "../engine/engine.js";
import { importsOfGo } from "./go-imports.js";
import type { TimerRules } from "../ir/ir.js";
import type { GoPackage } from "./go-message.js";
import {
  folderIn,
  folderInCache,
  importPathOf,
  moduleOf,
  readText,
  type LocalModule,
  type ModuleView,
} from "./go-modules.js";
import { timerRules } from "./go-timers.js";

export interface Collected {
  readonly packages: readonly GoPackage[];
  readonly check: string;
  /** Import paths that are neither the standard library's nor found on disk. */
  readonly unresolved: readonly string[];
  readonly dir: string;
  /** Changes when the module's requirements do. */
  readonly requirements: string;
  readonly timers: TimerRules;
}

const encoder = new TextEncoder();
/** Bigger files are generated tables; the go command would take them, an editor does not. */
const maxFileBytes = 4 << 20;

/** Reads the unit's package and, breadth first, what it imports. */
export function collectPackages(unit: Unit, bundled: ReadonlySet<string>): Collected {
  return isFile(unit.uri) ? new Collector(unit, bundled).run() : collectUnsaved(unit);
}

function isFile(uri: string): boolean {
  return uri.startsWith("file:");
}

/** A buffer that was never saved is a package of its own. */
function collectUnsaved(unit: Unit): Collected {
  const files = unit.overlays.map((it) => ({ name: it.uri, text: encoder.encode(it.text) }));
  const target = { path: "main", goVersion: "", files, tests: true, typesOnly: false, kept: false };
  return {
    packages: [target],
    check: "main",
    unresolved: [],
    dir: "",
    requirements: "",
    timers: timerRules(
      unit.overlays.map((it) => it.text),
      new Map(),
      "",
    ),
  };
}

interface Source {
  readonly importPath: string;
  readonly dir: string;
  readonly goVersion: string;
  readonly tests: boolean;
  readonly typesOnly: boolean;
}

class Collector {
  readonly #overlays: ReadonlyMap<string, string>;
  readonly #unitPath: string;
  readonly #dir: string;
  readonly #single: string | null;
  readonly #view: ModuleView;
  readonly #bundled: ReadonlySet<string>;
  readonly #packages: GoPackage[] = [];
  readonly #unresolved: string[] = [];
  readonly #seen = new Set<string>();
  readonly #queue: Source[] = [];
  /** Texts of the package that is checked. */
  readonly #checked: string[] = [];

  constructor(unit: Unit, bundled: ReadonlySet<string>) {
    const saved = unit.overlays.filter((it) => isFile(it.uri));
    this.#overlays = new Map(saved.map((it) => [fileURLToPath(it.uri), it.text]));
    this.#unitPath = fileURLToPath(unit.uri);
    // A folder may be called like a file.
    const single = this.#unitPath.endsWith(".go") && !isFolder(this.#unitPath);
    this.#single = single ? this.#unitPath : null;
    this.#dir = this.#single === null ? this.#unitPath : path.dirname(this.#unitPath);
    this.#view = moduleOf(this.#dir);
    this.#bundled = bundled;
  }

  run(): Collected {
    const { main, standard, settings, settingsVersion } = this.#view;
    const check = importPathOf(main, this.#dir);
    this.#enqueue({
      importPath: check,
      dir: this.#dir,
      goVersion: main.goVersion,
      // The tests of the standard library are not what somebody who opens it works on.
      tests: !standard,
      typesOnly: false,
    });
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#read(next, next.importPath === check);
    }
    return {
      packages: this.#packages,
      check,
      unresolved: this.#unresolved,
      dir: this.#dir,
      requirements:
        readText(path.join(main.dir, "go.mod")) + readText(path.join(main.dir, "go.sum")),
      timers: timerRules(this.#checked, settings, settingsVersion),
    };
  }

  #enqueue(source: Source): void {
    if (this.#seen.has(source.importPath)) return;
    this.#seen.add(source.importPath);
    this.#queue.push(source);
  }

  #read(source: Source, isTarget: boolean): void {
    const files: { name: string; text: Uint8Array }[] = [];
    for (const file of this.#goFiles(source.dir, isTarget)) {
      if (!source.tests && file.endsWith("_test.go")) continue;
      if (isExported(file)) continue;
      const text = this.#overlays.get(file) ?? readText(file);
      files.push({ name: pathToFileURL(file).href, text: encoder.encode(text) });
      if (isTarget) this.#checked.push(text);
      for (const importPath of importsOfGo(text)) this.#resolve(importPath);
    }
    if (files.length === 0) return;
    const { importPath, goVersion, tests, typesOnly } = source;
    this.#packages.push({ path: importPath, goVersion, files, tests, typesOnly, kept: false });
  }

  /** Files on disk and unsaved new ones, sorted. */
  #goFiles(dir: string, isTarget: boolean): string[] {
    if (isTarget && this.#single !== null) return [this.#single];
    const names = new Set<string>();
    try {
      for (const entry of readdirSync(dir)) {
        const file = path.join(dir, entry);
        if (entry.endsWith(".go") && isRead(file)) names.add(file);
      }
    } catch {
      // A folder that is not there yet has only its unsaved files.
    }
    for (const file of this.#overlays.keys()) {
      if (path.dirname(file) === dir && file.endsWith(".go")) names.add(file);
    }
    return [...names].sort();
  }

  #resolve(importPath: string): void {
    if (this.#seen.has(importPath) || this.#bundled.has(importPath)) return;
    const local = this.#localFolder(importPath);
    if (local !== null) {
      const { module, dir } = local;
      const { goVersion } = module;
      this.#enqueue({ importPath, dir, goVersion, tests: false, typesOnly: false });
      return;
    }
    if (importPath.split("/")[0]?.includes(".") !== true) return; // The standard library.
    const dir = this.#vendored(importPath) ?? folderInCache(this.#view, importPath);
    if (dir !== null) {
      this.#enqueue({ importPath, dir, goVersion: "", tests: false, typesOnly: true });
      return;
    }
    if (this.#view.standard) return; // Vendored into the Go distribution.
    this.#seen.add(importPath);
    this.#unresolved.push(importPath);
  }

  #localFolder(importPath: string): { module: LocalModule; dir: string } | null {
    for (const module of this.#view.local) {
      const dir = folderIn(module, importPath);
      if (dir !== null && isFolder(dir)) return { module, dir };
    }
    return null;
  }

  #vendored(importPath: string): string | null {
    const dir = path.join(this.#view.main.dir, "vendor", importPath);
    return isFolder(dir) ? dir : null;
  }
}

function isRead(file: string): boolean {
  const stat = statSync(file);
  return !stat.isDirectory() && stat.size <= maxFileBytes;
}

function isFolder(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Tests that were exported here run the program in their own way; they are no part of it. */
function isExported(file: string): boolean {
  return /^hb_(?:gates|replay|[a-z]+_[0-9a-f]{8})_test\.go$/.test(path.basename(file));
}
