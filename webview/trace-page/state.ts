import type { Witness } from "../../protocol/witness.js";
import { objectName, threadName } from "../model/labels.js";
import { channelWords, lockWord, thingsAt } from "../model/shared-things.js";
import { stateAt, type StateAt, type Variable } from "../model/state.js";
import { waitSentence } from "../model/story.js";

/** The program after a step: values, locks, who may run, who waits and why. */
export function drawState(section: HTMLElement, witness: Witness, row: number): void {
  const [title, body] = section.children;
  if (title === undefined || body === undefined) return;
  const state = stateAt(witness, row);
  title.textContent = `State after step ${row + 1}`;
  body.replaceChildren(
    ...variables(witness, state.variables),
    ...things(witness, row),
    ...facts("Who can run now", runnable(witness, state)),
    ...facts(
      "Who waits, and why",
      state.blocked.map((it) => waitSentence(witness, it)),
    ),
  );
}

function variables(witness: Witness, list: readonly Variable[]): readonly Node[] {
  if (list.length === 0) return [made("p", "dim", "No variable has changed yet.")];
  const table = made("table");
  const head = made("tr");
  for (const it of ["Name", "Before", "Now"]) {
    const cell = made("th", "", it);
    cell.setAttribute("scope", "col");
    head.append(cell);
  }
  table.append(head);
  for (const it of list) {
    const line = made("tr", it.changed ? "changed" : "");
    const name = made("th", "", it.name);
    name.append(made("span", "dim", ` of ${threadName(witness, it.thread)}`));
    name.setAttribute("scope", "row");
    line.append(
      name,
      made("td", "", it.before ?? "–"),
      made("td", "", `${it.now}${it.changed ? " *" : ""}`),
    );
    table.append(line);
  }
  return [table];
}

/** Locks, channels, wait groups and awaits. */
function things(witness: Witness, row: number): readonly Node[] {
  const { locks, channels, counters, awaits } = thingsAt(witness, row);
  const names = (list: readonly number[]): string =>
    list.map((it) => threadName(witness, it)).join(", ");
  const told = (object: number, words: string, waiters: readonly number[]): string =>
    `${objectName(witness, object)}: ${words}${waiters.length === 0 ? "" : `; waited for by ${names(waiters)}`}`;
  return [
    ...facts(
      "Locks",
      locks.map((it) =>
        told(it.object, `${lockWord(it)} ${names(it.holders)}`.trimEnd(), it.waiters),
      ),
    ),
    ...facts(
      "Channels",
      channels.map((it) => told(it.object, channelWords(it), it.waiters)),
    ),
    ...facts(
      "Wait groups",
      counters.map((it) => told(it.object, `at ${it.value}`, it.waiters)),
    ),
    ...facts(
      "Awaiting",
      awaits.map((it) => `${threadName(witness, it.thread)} ${it.text} since step ${it.since + 1}`),
    ),
  ];
}

function runnable(witness: Witness, { runnable: list, next }: StateAt): readonly string[] {
  if (list === null) return ["The schedule ends here."];
  if (list.length === 0) return ["Nobody."];
  return list.map((it) => `${threadName(witness, it)}${it === next ? " (runs next)" : ""}`);
}

function facts(title: string, list: readonly string[]): readonly Node[] {
  if (list.length === 0) return [];
  const items = made("ul");
  items.append(...list.map((it) => made("li", "", it)));
  return [made("h3", "", title), items];
}

/** An element with text in it, which stays text. */
function made(name: string, className = "", text = ""): HTMLElement {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  if (text !== "") element.textContent = text;
  return element;
}
