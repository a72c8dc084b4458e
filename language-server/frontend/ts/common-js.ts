// CommonJS: what `require` gives, and what `module` and `exports` are, in scripts without imports.

import type { ts } from "ts-morph";
import { present } from "../../base/assert.js";
import type { GlobalId, Reg } from "../../ir/ir.js";
import type { TypeId } from "../../ir/types.js";
import { type Fn, type Shared, spanOfNode } from "./context.js";
import { modelOfModule } from "./models.js";
import { fileOf, isCommonJs, requiredFiles, requiredName, type ModuleNames } from "./required.js";

/** The globals of the scripts among the files, which are in the order in which they run. */
export function declareModules(
  shared: Pick<Shared, "ts" | "program" | "checker">,
  files: readonly ts.SourceFile[],
  any: TypeId,
): ReadonlyMap<ts.SourceFile, ModuleNames> {
  const { ts, program } = shared;
  const scripts = files.filter((it) => isCommonJs(ts, it));
  const names = new Map(
    scripts.map((file) => {
      const base = file.fileName.slice(file.fileName.lastIndexOf("/") + 1);
      const span = program.span(spanOfNode(file));
      const global = (name: string): GlobalId =>
        program.global({ name: `${base}#${name}`, type: any, span });
      return [file, { module: global("module"), exports: global("exports") }];
    }),
  );
  const started = new Set<ts.SourceFile>();
  return new Map(
    scripts.map((file) => {
      const starts = [file, ...requiredFiles(shared, file)].flatMap((it) => {
        const own = started.has(it) ? undefined : names.get(it);
        started.add(it);
        return own ?? [];
      });
      return [file, { ...present(names.get(file), "names"), starts }];
    }),
  );
}

/**
 * Gives `module` and `exports` their values, before anything else of the file runs; also those of files that it requires
 * and that require it: what is asked of one that has not run yet is an object without properties, as in Node.
 */
export function startModule(fn: Fn, file: ts.SourceFile): void {
  const span = fn.span(file);
  for (const names of fn.shared.commonJs.get(file)?.starts ?? []) {
    const exports = fn.prim("js.object", [], file);
    const module = fn.prim("js.object", [], file);
    fn.prim("js.define", [module, fn.literal("exports", file), exports], file);
    fn.store(fn.globalAddress(names.module, span), module, span);
    fn.store(fn.globalAddress(names.exports, span), exports, span);
  }
}

/** The global that `module` or `exports` stands for; undefined: it is another name. */
export function moduleName({ shared }: Fn, node: ts.Identifier): GlobalId | undefined {
  if (node.text !== "module" && node.text !== "exports") return undefined;
  return shared.commonJs.get(node.getSourceFile())?.[node.text];
}

/** What the module of a script exports in the end. */
export function exportsOf(fn: Fn, names: ModuleNames, node: ts.Node): Reg {
  const span = fn.span(node);
  return fn.getNamed(fn.load(fn.globalAddress(names.module, span), span), "exports", node);
}

/** `require("…")` of a file of the program or of a model; null: of something else. */
export function lowerRequire(fn: Fn, node: ts.CallExpression): Reg | null {
  const { ts, checker, commonJs, files } = fn.shared;
  const name = requiredName(ts, node);
  if (name === null || !commonJs.has(node.getSourceFile())) return null;
  const file = fileOf(checker, name);
  if (file === undefined || !files.has(file)) return null;
  const names = commonJs.get(file);
  return names === undefined ? namespaceOf(fn, file, node) : exportsOf(fn, names, node);
}

/** The exports of a module with `export`s as one object; a model's default export is what Node gives. */
function namespaceOf(fn: Fn, file: ts.SourceFile, node: ts.CallExpression): Reg | null {
  const { checker, scopes, globals } = fn.shared;
  const symbol = checker.getSymbolAtLocation(file);
  if (symbol === undefined) return null;
  const loaded = checker.getExportsOfModule(symbol).flatMap((it) => {
    const global = globals.get(scopes.resolve(it));
    const span = fn.span(node);
    return global === undefined
      ? []
      : [{ name: it.name, value: fn.load(fn.globalAddress(global, span), span) }];
  });
  const isModel = modelOfModule(requiredName(fn.ts, node)?.text ?? "") === file.fileName;
  const whole = isModel ? loaded.find((it) => it.name === "default") : undefined;
  const object = whole?.value ?? fn.prim("js.object", [], node);
  for (const { name, value } of loaded) {
    if (name !== "default" || whole === undefined) {
      fn.prim("js.define", [object, fn.literal(name, node), value], node);
    }
  }
  return object;
}
