import type { Gap } from "../../../protocol/finding.js";
import type { Span } from "../../../protocol/span.js";
import type { CancelToken } from "../../base/cancel.js";
import type { TimerRules } from "../../ir/ir.js";
import type { Lowered } from "../frontend.js";
import { lowerEntries } from "./entries.js";
import { lowerInits } from "./inits.js";
import { Universe, type Unit } from "./link.js";
import { uriOf } from "./link-spans.js";
import { ProgramLowering } from "./program.js";
import type { FuncRow } from "./schema.js";

/**
 * Images of packages → one program. `images`: what the user's package imports from its own module, in any order,
 * then the package with its test variants. `stdImage`: images of bundled packages by import path. Never throws on bad input.
 */
export function lowerGo(
  images: readonly string[],
  stdImage: (path: string) => string | null,
  cancel: CancelToken,
  timers: TimerRules = "unbuffered",
): Lowered {
  const universe = new Universe(images, stdImage);
  const program = new ProgramLowering(universe, cancel);
  program.builder.timers = timers;
  program.keepType("runtime", "errorString");
  program.keepType("runtime", "plainError");
  // The run-time calls these on the value of a panic that nobody recovers.
  program.useMethodId("Error");
  program.useMethodId("String");
  for (const unit of universe.targets) {
    for (const row of unit.image.funcs) {
      if (row.name !== `${unit.path}.init` && !isPromoted(row)) program.func(row.name, unit);
    }
  }
  program.drain();
  lowerEntries(program);
  program.drain();
  lowerInits(program);
  lowerComments(program);
  return { program: program.builder.build(), gaps: gapsOf(universe) };
}

/**
 * Methods that structs have from what is embedded in them: nobody wrote them, and there are thousands where many types embed
 * one that has hundreds. They are lowered where something calls them.
 */
function isPromoted({ synthetic }: FuncRow): boolean {
  return synthetic.startsWith("wrapper for ");
}

/** What comments say of locks: of the user's own code only. */
function lowerComments({ universe, builder, spans }: ProgramLowering): void {
  for (const unit of universe.users) {
    for (const [owner, field, lock, said, span] of unit.image.guards ?? []) {
      builder.addGuard({ owner, field, lock, said, span: spans.id(unit, span) });
    }
    for (const [func, param, lock, shared] of unit.image.requires ?? []) {
      builder.addRequirement({ func, param, lock, shared: shared === 1 });
    }
  }
}

function gapsOf(universe: Universe): Gap[] {
  const known = universe.users.flatMap((unit) =>
    unit.image.gaps.map(([span, reason]): Gap => ({ span: spanIn(unit, span), reason })),
  );
  const refused = universe.refusals.map(
    ({ unit, reason }): Gap => ({ span: unit === null ? nowhere : spanIn(unit, 0), reason }),
  );
  return [...known, ...refused];
}

const nowhere: Span = {
  uri: "",
  start: { line: 0, character: 0 },
  end: { line: 0, character: 0 },
};

/** A place in a package; without one, the beginning of its first file. */
function spanIn(unit: Unit, index: number): Span {
  const row = unit.image.spans.slice(index * 5, index * 5 + 5);
  const [file = 0, startLine = 0, start = 0, endLine = 0, end = 0] = row;
  return {
    uri: uriOf(unit.image.files[file] ?? ""),
    start: { line: startLine, character: start },
    end: { line: endLine, character: end },
  };
}
