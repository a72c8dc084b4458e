// Processes as Promela.

import { liveAlong, liveness, type Line, type Option, type Step, targetsOf } from "./line.js";
import type { Process } from "./process.js";

export interface Proctype {
  readonly name: string;
  readonly params: readonly string[];
  readonly process: Process;
  /** It runs from the beginning, and is not started by another. */
  readonly active: boolean;
}

/** Where a process is when one of several ways has ended it. */
const ended = 0;

export function printProctype({ name, params, process, active }: Proctype): string {
  const variables = new Set([...params, ...process.variables]);
  const live = liveness(process.steps, variables);
  const start: Step = {
    number: process.steps.length + 1,
    options: [{ guard: null, meeting: null, lines: process.start }],
  };
  // Most begin by standing right before their first step.
  const [only, ...more] = process.start;
  const immediate = only?.kind === "stand" && more.length === 0 ? only.at.number : null;
  const steps = immediate === null ? [start, ...process.steps] : process.steps;
  const printed = steps.map((it) => printStep(it, live, variables));
  const used = [...process.variables]
    .filter((it) => printed.some(({ text }) => new RegExp(`\\b${it}\\b`).test(text)))
    .map((it) => `, ${it}`);
  const locals = used.length === 0 ? "" : `  int ${used.join("").slice(2)};\n`;
  return [
    `${active ? "active " : ""}proctype ${name}(${params.map((it) => `int ${it}`).join("; ")}) {\n`,
    `  ${steps.length > 250 ? "short" : "byte"} pc = ${immediate ?? start.number};\n`,
    locals,
    `  do\n`,
    ...printed.map(({ text }) => text),
    printed.some(({ ends }) => ends) ? `  :: (pc == ${ended}) -> break\n` : "",
    `  od\n}\n`,
  ].join("");
}

interface Printed {
  readonly text: string;
  /** Some way ends the process by way of `pc`. */
  readonly ends: boolean;
}

type Live = ReturnType<typeof liveness>;

function printStep(step: Step, live: Live, variables: ReadonlySet<string>): Printed {
  const options = step.options.map((it, i) => {
    const end = step.options.length === 1 ? `end${step.number}` : `end${step.number}_${i + 1}`;
    return printOption(step, it, end, live, variables);
  });
  return {
    text: options.map((it) => it.text).join(""),
    ends: options.some((it) => it.ends),
  };
}

function printOption(
  step: Step,
  option: Option,
  end: string,
  live: Live,
  variables: ReadonlySet<string>,
): Printed {
  const { guard, meeting } = option;
  const before = liveAlong(option.lines, live, variables);
  const lines = tidy(option.lines.filter((it, i) => !isDead(it, before[i + 1])));
  const exits = lines.filter((it) => it.kind === "stand" || it.kind === "finish");
  const always = exits.every((it) => it.kind === "finish");
  const dirty = new Set([...(live.get(step) ?? variables), ...targetsOf(option)]);
  const body = printLines(lines, { live, dirty, always, end });
  const condition = guard === null ? `pc == ${step.number}` : `pc == ${step.number} && ${guard}`;
  const runs = lines.some((it) => it.kind === "run");
  const [open, close] = runs ? ["atomic {", "}"] : ["d_step {", "}"];
  const leave = always ? "; break" : "";
  const text =
    meeting === null
      ? `  :: ${open} (${condition}) ->\n${body}    ${close}${leave}\n`
      : `  :: atomic { ${meeting.text};\n    ${open}\n${body}    ${close} }${leave}\n`;
  return { text, ends: !always && exits.some((it) => it.kind === "finish") };
}

function isDead(line: Line, after: ReadonlySet<string> | undefined): boolean {
  return line.kind === "assign" && after?.has(line.target) !== true;
}

interface Ending {
  readonly live: Live;
  /** Variables that may not be 0. */
  readonly dirty: ReadonlySet<string>;
  /** All ways out end the process, so that `pc` needs not say so. */
  readonly always: boolean;
  readonly end: string;
}

function printLines(lines: readonly Line[], { live, dirty, always, end }: Ending): string {
  const exit = (i: number): string => (i === lines.length - 1 ? "" : ` goto ${end};`);
  const text = lines.map((it, i): string => {
    switch (it.kind) {
      case "assign":
        return `      ${it.target} = ${it.value};\n`;
      case "do":
      case "run":
        return `      ${it.text};\n`;
      case "label":
        return `    ${it.label}:\n`;
      case "goto":
        return lines[i - 1]?.kind === "when" ? "" : `      goto ${it.label};\n`;
      case "when": {
        const next = lines[i + 1];
        const otherwise = next?.kind === "goto" ? `goto ${next.label}` : "skip";
        return `      if :: (${it.cond}) -> goto ${it.label} :: else -> ${otherwise} fi;\n`;
      }
      case "stand": {
        const dead = [...dirty].filter((name) => live.get(it.at)?.has(name) !== true).sort();
        const zeros = dead.map((name) => `${name} = 0; `).join("");
        return `      ${zeros}pc = ${it.at.number};${exit(i)}\n`;
      }
      case "finish":
        return `      ${always ? "skip" : `pc = ${ended}`};${exit(i)}\n`;
    }
  });
  const joined = text.join("");
  return joined.includes(`goto ${end};`) ? `${joined}    ${end}:\n      skip\n` : joined;
}

/** Without jumps to the next line, and without labels that nobody jumps to. */
function tidy(lines: readonly Line[]): readonly Line[] {
  const direct = lines.filter((it, i) => {
    const next = lines[i + 1];
    return !(it.kind === "goto" && next?.kind === "label" && next.label === it.label);
  });
  const targets = new Set(
    direct.flatMap((it) => (it.kind === "goto" || it.kind === "when" ? [it.label] : [])),
  );
  return direct.filter((it) => it.kind !== "label" || targets.has(it.label));
}
