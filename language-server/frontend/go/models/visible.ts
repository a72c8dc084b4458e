import type { FuncRow } from "../schema.js";

// Synchronisation written in Go that must stay a scheduling point although it is library code: what the user calls
// is the synchronisation itself. Everything else of the standard library synchronises without being scheduled.
const scheduled: readonly string[] = [
  "(*sync.Once).",
  "(*sync.Cond).",
  "(*sync.rlocker).",
  "(*sync.Map).enter",
  "(*sync/atomic.",
  "context.closeDone",
  "context.isClosed",
];

/**
 * Whether the function's synchronisation is scheduled, and shown at its nearest caller that has a place: it is
 * lowered as user code without spans. Wrappers and method values of modelled methods are of this kind.
 */
export function schedules(func: FuncRow): boolean {
  return (
    scheduled.some((it) => func.name.startsWith(it)) ||
    /^(?:wrapper|bound method wrapper|thunk|promotion wrapper) /.test(func.synthetic)
  );
}
