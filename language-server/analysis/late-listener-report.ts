// How a listener that may come too late becomes a report; the two checks of it share this.

import { spanOf } from "../ir/access.js";
import type { Candidate, Pass } from "./check.js";
import { type LateListener, lateListeners } from "./facts/late-listeners.js";

/** Reports those that wait for another event first, or those that wait for something else. */
export function reportLateListeners(pass: Pass, afterEvent: boolean): void {
  for (const it of pass.get(lateListeners)) {
    if (it.afterEvent === afterEvent) report(pass, it);
  }
}

function report(pass: Pass, late: LateListener): void {
  const { program } = pass;
  const { func, event, listens, emits, waits } = late;
  const span = spanOf(program, listens);
  const before = spanOf(program, late.await);
  const told = emits.map((it) => spanOf(program, it));
  const line = before.start.line + 1;
  const end = waits
    ? `whoever waits for it waits for ever`
    : "an error that nobody listens for ends the program";
  const candidate: Candidate = waits
    ? { outcome: "leak", places: [[span]], renames: "defect", sometimes: true }
    : { outcome: "panic", places: told.map((it) => [it]), renames: "defect", sometimes: true };
  pass.report({
    message: `\`${event}\` is listened for only after the wait before it (L${line}): if it is emitted meanwhile, ${end}`,
    primary: { span, message: waits ? "waits here for the event" : "listens from here on" },
    related: [
      { span: before, message: "the event may come while this one waits here" },
      ...told.slice(0, 2).map((it) => ({ span: it, message: `\`${event}\` is emitted here` })),
    ],
    severity: "warning",
    confidence: "possible",
    candidate,
    assumed: true,
    subject: { func: func.name, path: event },
  });
}
