// What stands in for packages and for globals of the platform: sources of our own, lowered like modules of the program, so that
// the machine sees what they read and write. The user's project need not have installed the packages.

import { modelFolder } from "../../ir/models.js";
import array from "./models/array.ts.txt";
import asyncMutex from "./models/async-mutex.ts.txt";
import events from "./models/events.ts.txt";
import goLibrary from "./models/go-library.ts.txt";
import goroutines from "./models/goroutines.ts.txt";
import pLimit from "./models/p-limit.ts.txt";
import path from "./models/path.ts.txt";
import timersPromises from "./models/timers-promises.ts.txt";
import url from "./models/url.ts.txt";
import webLocks from "./models/web-locks.ts.txt";
import webWorkers from "./models/web-workers.ts.txt";
import web from "./models/web.ts.txt";
import workerThreads from "./models/worker-threads.ts.txt";

export const goLibraryName = "happens-before/go";
/** The file that `happens-before/go` is, and the folder of all it is made of. */
export const goLibraryFolder = `${modelFolder}go/`;
const goLibraryPath = `${goLibraryFolder}go.ts`;
/** What snippets of goroutines have of the language's own objects. */
export const preludePath = pathOfModel("goroutines");

const sources: ReadonlyMap<string, string> = new Map([
  ...goLibraryFiles(),
  [pathOfModel("array"), array],
  [pathOfModel("async-mutex"), asyncMutex],
  [pathOfModel("events"), events],
  [preludePath, goroutines],
  [pathOfModel("p-limit"), pLimit],
  [pathOfModel("path"), path],
  [pathOfModel("timers-promises"), timersPromises],
  [pathOfModel("url"), url],
  [pathOfModel("web-locks"), webLocks],
  [pathOfModel("web"), web],
  [pathOfModel("web-workers"), webWorkers],
  [pathOfModel("worker-threads"), workerThreads],
]);

const modules: ReadonlyMap<string, string> = new Map([
  ["async-mutex", pathOfModel("async-mutex")],
  ["events", pathOfModel("events")],
  [goLibraryName, goLibraryPath],
  ["p-limit", pathOfModel("p-limit")],
  ["path", pathOfModel("path")],
  ["path/posix", pathOfModel("path")],
  ["timers/promises", pathOfModel("timers-promises")],
  ["url", pathOfModel("url")],
  ["worker_threads", pathOfModel("worker-threads")],
]);

/** What workers are made of on the web; in Node the same names come from `worker_threads`. */
export const webWorkerNames: readonly string[] = [
  "MessageChannel",
  "MessagePort",
  "Worker",
  "importScripts",
  "postMessage",
  "self",
];

const globals: ReadonlyMap<string, string> = new Map(
  Object.entries({
    array: ["Array.fromAsync"],
    web: [
      "AbortController",
      "AbortSignal",
      "CustomEvent",
      "DOMException",
      "Event",
      "EventTarget",
      "structuredClone",
    ],
    "web-locks": ["navigator"],
    "web-workers": webWorkerNames,
  }).flatMap(([model, names]) => names.map((it) => [it, pathOfModel(model)] as const)),
);

/** The library's own files, each after a line with its name. */
function goLibraryFiles(): readonly (readonly [string, string])[] {
  const parts = goLibrary.split(/^\/\/ ─── (.+)\n/m).slice(1);
  return parts.flatMap((name, index) =>
    index % 2 === 0 ? [[`${goLibraryFolder}${name}`, parts[index + 1] ?? ""] as const] : [],
  );
}

function pathOfModel(name: string): string {
  return `${modelFolder}${name}.ts`;
}

/** The source of a model, by its path. */
export function modelSource(path: string): string | undefined {
  return sources.get(path);
}

/** The path of the model of a module that the program imports. */
export function modelOfModule(name: string): string | undefined {
  return modules.get(name.replace(/^node:/, ""));
}

/** The path of the model that exports what the program knows as a global. */
export function modelOfGlobal(name: string): string | undefined {
  return globals.get(name);
}

/** The paths of all models of globals. */
export const modelsOfGlobals: readonly string[] = [...new Set(globals.values())];

/** What they export, as programs spell it; of workers only where a program has any. */
export const namesOfModels: readonly string[] = [...globals.keys()].filter(
  (it) => !webWorkerNames.includes(it),
);
