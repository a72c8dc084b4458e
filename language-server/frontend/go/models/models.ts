import { atomicModels } from "./atomic.js";
import type { Model } from "./model.js";
import { runtimeModels } from "./runtime.js";
import { syncModels } from "./sync.js";
import { timeModels } from "./time.js";

const models = new Map<string, Model>(
  [syncModels, atomicModels, timeModels, runtimeModels].flatMap((it) => Object.entries(it)),
);

/** What a function means, by its qualified name; null: its body, if it has one, says. */
export function modelOf(name: string): Model | null {
  const bracket = name.indexOf("[");
  if (bracket < 0) return models.get(name) ?? null;
  const plain = `${name.slice(0, bracket)}[]${name.slice(name.lastIndexOf("]") + 1)}`;
  return models.get(plain) ?? null;
}
