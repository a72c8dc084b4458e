// Moves a cursor through a schedule that `export/html.ts` has written as a page: the page is complete without this.

import type { TraceDocument } from "../../protocol/trace.js";
import { moved, type Move, startRow } from "../model/cursor.js";
import { stepSentence } from "../model/story.js";
import { keyMove } from "./keys.js";
import "./page.css";
import { drawState } from "./state.js";

const tick = 900;

function need<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`);
  return found;
}

function begin(): void {
  const { witness } = JSON.parse(need("#trace", HTMLScriptElement).textContent) as TraceDocument;
  const last = witness.steps.length - 1;
  if (last < 0) return;
  let row = startRow(witness);
  let timer: ReturnType<typeof setInterval> | null = null;

  const show = (): void => {
    showRow(row, last, stepSentence(witness, row));
    showCode(witness.steps[row]?.span.uri ?? "", witness.steps[row]?.span.start.line ?? -1);
    drawState(need("#state", HTMLElement), witness, row);
  };
  const pause = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    named(need("#play", HTMLButtonElement), "Play (Space)", "false");
  };
  const go = (move: Move): void => {
    row = moved(witness, row, move);
    show();
  };
  const goByHand = (move: Move): void => {
    pause();
    go(move);
  };
  const play = (): void => {
    if (timer !== null) {
      pause();
      return;
    }
    if (row >= last) go({ kind: "to", row: 0 });
    named(need("#play", HTMLButtonElement), "Pause (Space)", "true");
    timer = setInterval(() => {
      go({ kind: "by", rows: 1 });
      if (row >= last) pause();
    }, tick);
  };

  const moves: Readonly<Record<string, Move>> = {
    first: { kind: "to", row: 0 },
    previous: { kind: "by", rows: -1 },
    next: { kind: "by", rows: 1 },
    last: { kind: "to", row: last },
  };
  for (const [id, move] of Object.entries(moves)) {
    need(`#${id}`, HTMLButtonElement).addEventListener("click", () => {
      goByHand(move);
    });
  }
  need("#play", HTMLButtonElement).addEventListener("click", play);
  const scrub = need("#scrub", HTMLInputElement);
  scrub.addEventListener("input", () => {
    goByHand({ kind: "to", row: scrub.valueAsNumber });
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-row]") : null;
    if (target === null) return;
    event.preventDefault();
    goByHand({ kind: "to", row: Number(target.getAttribute("data-row")) });
  });
  document.addEventListener("keydown", (event) => {
    const action = keyMove(event);
    if (action === null) return;
    event.preventDefault();
    if (action === "play") play();
    else goByHand(action);
  });
  for (const id of ["#tools", "#sentence", "#state"]) need(id, HTMLElement).hidden = false;
  show();
}

function named(button: HTMLButtonElement, words: string, pressed: string): void {
  button.title = words;
  button.setAttribute("aria-label", words);
  button.setAttribute("aria-pressed", pressed);
}

/** Puts the cursor on a row, and says what happens there. */
function showRow(row: number, last: number, sentence: string): void {
  need("#counter", HTMLElement).textContent = `${row + 1} / ${last + 1}`;
  need("#sentence", HTMLElement).textContent = sentence;
  const scrub = need("#scrub", HTMLInputElement);
  scrub.value = String(row);
  scrub.setAttribute("aria-valuetext", sentence);
  for (const id of ["#first", "#previous"]) need(id, HTMLButtonElement).disabled = row <= 0;
  for (const id of ["#next", "#last"]) need(id, HTMLButtonElement).disabled = row >= last;
  const cursor = need("#cursor", SVGRectElement);
  const height = cursor.height.baseVal.value;
  cursor.setAttribute("y", String(row * height));
  for (const it of document.querySelectorAll(".transcript a[aria-current]")) {
    it.removeAttribute("aria-current");
  }
  document.querySelector(`.transcript a[data-row="${row}"]`)?.setAttribute("aria-current", "step");
  const lanes = need("#lanes", HTMLElement);
  const head = lanes.querySelector(".heads")?.clientHeight ?? 0;
  keepInSight(lanes, row * height, height * 2, head);
}

function showCode(uri: string, line: number): void {
  for (const it of document.querySelectorAll(".code-line.here")) it.classList.remove("here");
  const file = [...document.querySelectorAll<HTMLElement>("pre[data-uri]")].find(
    (it) => it.dataset["uri"] === uri,
  );
  const shown = file?.querySelector<HTMLElement>(`[data-line="${line}"]`);
  if (file === undefined || shown === null || shown === undefined) return;
  shown.classList.add("here");
  keepInSight(file, shown.offsetTop, shown.offsetHeight * 3, 0);
}

/** Scrolls a box, and nothing around it, until what is at `top` can be seen below what covers its head. */
function keepInSight(box: HTMLElement, top: number, height: number, covered: number): void {
  const room = box.clientHeight - covered;
  if (top < box.scrollTop) box.scrollTop = Math.max(0, top - height);
  else if (top + height > box.scrollTop + room) box.scrollTop = top + height - room;
}

begin();
