import type { SelectCase } from "../../ir/ir.js";
import type { FuncLowering } from "./lower-func.js";
import type { InstrRow } from "./schema.js";

/** Channels and the deferred calls; says whether it was one. */
export function lowerSync(f: FuncLowering, row: InstrRow): boolean {
  const span = f.span(row[2]);
  switch (row[0]) {
    case "UnOp":
      if (row[3] !== "<-") return false;
      f.emit({ op: "recv", dst: f.dst(row[1]), chan: f.use(row[4]), commaOk: row[5] === 1, span });
      return true;
    case "Send":
      f.emit({ op: "send", chan: f.use(row[3]), value: f.use(row[4]), span });
      return true;
    case "Select": {
      const cases = row[4].map(([dir, chan, value, at]): SelectCase => {
        const sent = value === null ? null : f.use(value);
        return { dir, chan: f.use(chan), value: sent, span: f.span(at === 0 ? row[2] : at) };
      });
      f.emit({ op: "select", dst: f.dst(row[1]), cases, blocking: row[3] === 1, span });
      return true;
    }
    case "RunDefers":
      f.emit({ op: "run-defers", span });
      return true;
    default:
      return false;
  }
}
