import { describe, expect, it } from "vitest";
import { present } from "../../../language-server/base/assert.js";
import type { PlayAnswer, PlayEnd, PlayState, Reach, Way } from "../../../protocol/play.js";
import type { PanelContent } from "../../../protocol/webview.js";
import type { Choice } from "../../../protocol/witness.js";
import {
  beginPlay,
  choicesOf,
  hintedMove,
  memoryOf,
  type PlayModel,
  type Question,
  reducePlay,
} from "../../../webview/model/scheduler.js";
import { schedulerAction } from "../../../webview/model/scheduler-keys.js";
import {
  announcement,
  endSentence,
  goalSentence,
  hintSentence,
  limitWords,
  reachWords,
  scoreWords,
  waysWords,
} from "../../../webview/model/scheduler-words.js";
import { emptyModel, type PanelModel, reduce } from "../../../webview/model/store.js";
import { at, race } from "./witnesses.js";

const uri = race.steps[0]?.span.uri ?? "";
const base = { ...race.schedule, program: "p", entry: "main.main", visible: ["b", "a"] };
const content: PanelContent = {
  origin: { uri, line: 0, fingerprint: null },
  title: "main.main",
  summary: [],
  witnesses: [
    { ...race, schedule: base },
    { ...race, schedule: { ...base, visible: ["c"], draws: true } },
    { ...race, schedule: { ...base, entry: "other", visible: ["z"] } },
  ],
  selected: 0,
};
const witness = present(content.witnesses[0], "witness");

const one: Choice = { thread: 1 };
const two: Choice = { thread: 2 };
const lost: PlayEnd = { kind: "race", label: "x = 1" };
const kept: PlayEnd = { kind: "race", label: "x = 2" };
const crash: PlayEnd = { kind: "panic", label: "panic: boom" };

/** Somebody stands there and can let thread 1 or 2 run. */
function standing(choices: readonly Choice[], end: PlayEnd | null = null): PlayState {
  const move = (choice: Choice) => ({
    choice,
    text: "writes x = 1",
    span: at(uri, 12),
    switches: true,
    preempts: true,
  });
  const size = { preemptions: 1, switches: 2, steps: choices.length, minimal: false };
  return {
    witness: { ...race, size, schedule: { ...base, choices } },
    moves: end === null ? [move(one), move(two)] : [],
    blocked: [],
    end,
  };
}

const reach: Reach = {
  ends: [
    { ...kept, ways: 5 },
    { ...lost, ways: 3 },
    { kind: "ok", label: "", ways: 7 },
  ],
  limit: null,
  natural: kept,
};

const asked = ({ outbox }: PlayModel, about: Question["about"]): Question =>
  present(
    outbox.find((it) => it.about === about),
    about,
  );

/** With an answer to the latest question of the kind. */
function told(model: PlayModel, about: Question["about"], answer: PlayAnswer): PlayModel {
  return reducePlay(model, { type: "answer", id: present(model.waiting[about], about), answer });
}

const stateTold = (model: PlayModel, state: PlayState): PlayModel =>
  told(model, "state", { kind: "state", state });

/** After the first answers: at the start, two can run. */
function begun(): PlayModel {
  const first = beginPlay(content, witness, null, 0);
  const started = told(first, "start", { kind: "reach", reach });
  return stateTold(started, standing([{ thread: 0 }]));
}

const picked = (model: PlayModel, move: number): PlayModel =>
  reducePlay(model, { type: "pick", move });

describe("choices of somebody who is the scheduler", () => {
  it("begin with none, at all places that any schedule of the entry sees", () => {
    const model = beginPlay(content, witness, null, 0);
    const { schedule } = model;
    expect(schedule).toEqual({
      program: "p",
      entry: "main.main",
      visible: ["a", "b", "c"],
      choices: [],
      draws: true,
    });
    expect(model.outbox.map((it) => it.about)).toEqual(["start", "state", "reach"]);
    expect(new Set(model.outbox.map((it) => it.id)).size).toBe(3);
  });

  it("include what went on by itself", () => {
    const model = begun();
    expect(choicesOf(model)).toEqual([{ thread: 0 }]);
    const next = picked(model, 1);
    expect(choicesOf(next)).toEqual([{ thread: 0 }, two]);
    expect(asked(next, "state").schedule.choices).toEqual([{ thread: 0 }, two]);
    expect(next.state).toBe(null);
    const on = stateTold(next, standing([{ thread: 0 }, two, two]));
    expect(choicesOf(on)).toEqual([{ thread: 0 }, two, two]);
    expect(on.marks).toEqual([1, 3]);
  });

  it("are taken back one by one and brought again, and branch", () => {
    let model = begun();
    model = stateTold(picked(model, 0), standing([{ thread: 0 }, one]));
    model = stateTold(picked(model, 1), standing([{ thread: 0 }, one, two]));
    model = reducePlay(model, { type: "undo" });
    expect(choicesOf(model)).toEqual([{ thread: 0 }, one]);
    expect(choicesOf(reducePlay(model, { type: "redo" }))).toEqual([{ thread: 0 }, one, two]);
    model = reducePlay(model, { type: "restart" });
    expect(choicesOf(model)).toEqual([{ thread: 0 }]);
    expect(reducePlay(model, { type: "undo" }).at).toBe(0);
    expect(choicesOf(reducePlay(model, { type: "redo" }))).toEqual([{ thread: 0 }, one]);
    model = stateTold(model, standing([{ thread: 0 }]));
    model = picked(model, 1);
    expect(choicesOf(model)).toEqual([{ thread: 0 }, two]);
    expect(reducePlay(model, { type: "redo" }).outbox).toEqual([]);
  });

  it("cannot be made before it is known what there is to choose, or of what is not there", () => {
    const model = picked(begun(), 0);
    expect(picked(model, 0).at).toBe(model.at);
    expect(picked(begun(), 7).outbox).toEqual([]);
  });

  it("go to the end by themselves when asked, which is one choice to take back", () => {
    const model = reducePlay(begun(), { type: "finish" });
    expect(asked(model, "state").ask).toEqual({ kind: "state", finish: true });
    const over = stateTold(model, standing([{ thread: 0 }, one, two], kept));
    expect(over.state?.end).toEqual(kept);
    expect(reducePlay(over, { type: "finish" }).outbox).toEqual([]);
    expect(choicesOf(reducePlay(over, { type: "undo" }))).toEqual([{ thread: 0 }]);
  });

  it("drop answers to questions that are no longer of interest", () => {
    const before = begun();
    const late = present(before.waiting.state, "question");
    const model = picked(before, 0);
    const answer: PlayAnswer = { kind: "state", state: standing([two]) };
    expect(reducePlay(model, { type: "answer", id: late, answer }).state).toBe(null);
  });
});

describe("what is remembered", () => {
  it("leads back to the same place of the same program, with what was taken back", () => {
    let model = begun();
    model = stateTold(picked(model, 0), standing([{ thread: 0 }, one]));
    model = reducePlay(model, { type: "undo" });
    const again = beginPlay(content, witness, memoryOf(model), 40);
    expect(choicesOf(again)).toEqual(choicesOf(model));
    expect(again.goal).toEqual(lost);
    expect(again.outbox.map((it) => it.about)).toEqual(["start", "state", "reach", "best"]);
    expect(again.outbox.every((it) => it.id > 40)).toBe(true);
    expect(choicesOf(reducePlay(again, { type: "redo" }))).toEqual([{ thread: 0 }, one]);
  });

  it("is of no use for another program", () => {
    const memory = memoryOf(begun());
    const other = { ...witness, schedule: { ...witness.schedule, program: "q" } };
    const model = beginPlay({ ...content, witnesses: [other] }, other, memory, 0);
    expect(choicesOf(model)).toEqual([]);
    expect(model.goal).toBe(null);
  });
});

describe("the goal", () => {
  it("is the bad end that does not come by itself, and its best score is asked for", () => {
    const first = beginPlay(content, witness, null, 0);
    const model = told(first, "start", { kind: "reach", reach });
    expect(model.goal).toEqual(lost);
    expect(goalSentence(model)).toBe("Make it go wrong: data race, x = 1.");
    expect(asked(model, "best").ask).toEqual({ kind: "way", raceFree: false, end: lost });
  });

  it("is rather a crash than a race, and whatever else is aimed at", () => {
    const first = beginPlay(content, witness, null, 0);
    const ends = [{ ...crash, ways: 9 }, ...reach.ends];
    const model = told(first, "start", { kind: "reach", reach: { ...reach, ends } });
    expect(model.goal).toEqual(crash);
    const aimed = reducePlay(model, { type: "aim", end: kept });
    expect(goalSentence(aimed)).toBe(
      "Make it go wrong: data race, x = 2. It goes wrong even when nobody interferes.",
    );
  });

  it("is none where nothing can go wrong", () => {
    const fine: Reach = { ...reach, ends: [{ kind: "ok", label: "", ways: 2 }] };
    const first = beginPlay(content, witness, null, 0);
    expect(goalSentence(first)).toBe("Looking at how it can end…");
    const whole = told(first, "start", { kind: "reach", reach: fine });
    expect(goalSentence(whole)).toBe("Whatever you pick, it ends well.");
    expect(reducePlay(whole, { type: "hint" }).outbox).toEqual([]);
    const cut = told(first, "start", { kind: "reach", reach: { ...fine, limit: "states" } });
    expect(goalSentence(cut)).toBe("Nothing that goes wrong was found. Try for yourself.");
  });
});

const way: Way = {
  choices: [two, two, one],
  turns: [
    { thread: 2, name: "w2", steps: 2, until: at(uri, 12) },
    { thread: 1, name: "w1", steps: 1, until: "end" },
  ],
  preemptions: 1,
  switches: 2,
};

function hinted(answer: Extract<PlayAnswer, { kind: "way" }>): PlayModel {
  const model = reducePlay(begun(), { type: "hint" });
  expect(hintSentence(model)).toBe("Looking for a way…");
  return told(model, "hint", answer);
}

describe("a hint", () => {
  it("says how to go on, and for how long", () => {
    let model = hinted({ kind: "way", way, complete: true });
    expect(hintSentence(model)).toBe("Let w2 run until L12, then w1 to its end.");
    expect(hintedMove(model)).toBe(1);
    model = picked(model, 1);
    model = stateTold(model, standing([{ thread: 0 }, two, two]));
    expect(hintSentence(model)).toBe("Let w1 run to its end.");
    expect(hintedMove(model)).toBe(0);
  });

  it("is over when somebody goes another way, and there again when he comes back", () => {
    let model = hinted({ kind: "way", way, complete: true });
    model = stateTold(picked(model, 0), standing([{ thread: 0 }, one]));
    expect(hintedMove(model)).toBe(null);
    expect(hintSentence(model)).toBe("");
    model = stateTold(reducePlay(model, { type: "undo" }), standing([{ thread: 0 }]));
    expect(hintedMove(model)).toBe(1);
  });

  it("says that there is no way only when all were tried", () => {
    expect(hintSentence(hinted({ kind: "way", way: null, complete: true }))).toBe(
      "No way leads to data race, x = 1 from there: undo.",
    );
    expect(hintSentence(hinted({ kind: "way", way: null, complete: false }))).toBe(
      "No way was found from there, but not all were tried.",
    );
  });
});

describe("the end", () => {
  const over = (end: PlayEnd): PlayModel =>
    stateTold(picked(begun(), 0), standing([{ thread: 0 }, one], end));

  it("is compared with the best", () => {
    const model = over(lost);
    expect(endSentence(model)).toBe("Well done: data race, x = 1. 2 switches (1 forced).");
    const best = (preemptions: number, switches: number, proven: boolean): string =>
      endSentence({ ...model, best: { preemptions, switches, proven } });
    expect(best(1, 2, true)).toMatch(/2 switches \(1 forced\): nobody needs fewer\.$/);
    expect(best(1, 2, false)).toMatch(/2 switches \(1 forced\), as few as are known\.$/);
    expect(best(1, 1, true)).toMatch(/2 switches \(1 forced\); 1 switch is enough\.$/);
    expect(scoreWords({ ...model, best: { preemptions: 1, switches: 1, proven: false } })).toBe(
      "Score: 2 switches (1 forced). Best known: 1 switch.",
    );
  });

  it("may be another one, a good one, or none that can be told", () => {
    expect(endSentence(over(crash))).toBe("It goes wrong, though not as planned: panic: boom.");
    expect(endSentence(over({ kind: "ok", label: "x = 2" }))).toBe(
      "It ends well: x = 2. Undo, and try another way.",
    );
    expect(endSentence(over({ kind: null, label: "cgo is not modelled" }))).toBe(
      "This schedule cannot be followed to its end: cgo is not modelled.",
    );
  });
});

describe("what is said aloud", () => {
  it("is what happened and what there is to pick", () => {
    const model = begun();
    expect(announcement(model)).toMatch(/^\d+\. .* You can pick 1: crawl .a writes x = 1; 2: /);
    expect(announcement(picked(model, 0))).toBe("");
  });

  it("is what can still come, and how sure that is", () => {
    expect(reachWords(reach)).toBe(
      "You may still reach: data race, x = 2, 5 ways; data race, x = 1, 3 ways; ends well, 7 ways.",
    );
    const fine: Reach = { ...reach, ends: [{ kind: "ok", label: "", ways: 1 }] };
    expect(reachWords(fine)).toBe("It can only end well from here: ends well, 1 way.");
    expect(reachWords({ ...fine, limit: "states" })).toBe(
      "You may still reach: ends well, at least 1 way.",
    );
  });

  it("shortens numbers that nobody reads", () => {
    const words = (ways: number): string => waysWords({ kind: "ok", label: "", ways }, null);
    expect(words(12_345)).toBe("12,345 ways");
    expect(words(2_400_000)).toBe("about 2.4 million ways");
    expect(words(103_000_000_000)).toBe("about 103 billion ways");
    expect(words(Number.MAX_SAFE_INTEGER)).toBe("more than 9 quadrillion ways");
  });

  it("tells of every limit", () => {
    expect(limitWords(null)).toBe("");
    const limits = ["states", "time", "cancelled", "endless", "depth", "unsupported", "values"];
    for (const it of limits) expect(limitWords(it as Reach["limit"])).toMatch(/\.$/);
  });
});

describe("keys", () => {
  const none = { code: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
  const event = (type: string): unknown => ({ kind: "event", event: { type } });

  it("pick by digit, and leave those with Control to the editor", () => {
    expect(schedulerAction({ ...none, key: "3" })).toEqual({
      kind: "event",
      event: { type: "pick", move: 2 },
    });
    expect(schedulerAction({ ...none, key: "0" })).toBe(null);
    expect(schedulerAction({ ...none, ctrlKey: true, key: "3" })).toBe(null);
  });

  it("undo, redo, start again, hint and finish", () => {
    expect(schedulerAction({ ...none, key: "u" })).toEqual(event("undo"));
    expect(schedulerAction({ ...none, key: "U", shiftKey: true })).toEqual(event("redo"));
    expect(schedulerAction({ ...none, key: "r" })).toEqual(event("restart"));
    expect(schedulerAction({ ...none, key: "x" })).toEqual(event("hint"));
    expect(schedulerAction({ ...none, key: "b" })).toEqual(event("finish"));
  });
});

describe("the panel", () => {
  const shown = reduce(emptyModel, { type: "message", message: { type: "show", ...content } });
  const open = (model: PanelModel): PanelModel =>
    reduce(model, { type: "message", message: { type: "command", command: "beTheScheduler" } });

  it("opens and closes the game, and goes on where it was left", () => {
    expect(open(emptyModel).play).toBe(null);
    let model = open(shown);
    const answer: PlayAnswer = { kind: "state", state: standing([{ thread: 0 }]) };
    const id = present(model.play?.waiting.state, "question");
    model = reduce(model, { type: "message", message: { type: "played", id, answer } });
    model = reduce(model, { type: "scheduler", event: { type: "pick", move: 1 } });
    const choices = choicesOf(present(model.play, "play"));
    expect(choices).toEqual([{ thread: 0 }, two]);
    model = reduce(model, { type: "scheduler-close" });
    expect(model.play).toBe(null);
    expect(choicesOf(present(open(model).play, "play"))).toEqual(choices);
  });

  it("starts again when another program is shown, and says so when the old one is asked about", () => {
    const model = open(shown);
    const id = present(model.play?.waiting.state, "question");
    const answer: PlayAnswer = { kind: "changed", message: "Edited." };
    const changed = reduce(model, { type: "message", message: { type: "played", id, answer } });
    expect(changed.play?.trouble).toEqual({ kind: "changed", message: "Edited." });
    const other = { ...witness, schedule: { ...witness.schedule, program: "q" } };
    const message = { type: "show", ...content, witnesses: [other] } as const;
    const again = reduce(changed, { type: "message", message });
    expect(again.play?.schedule.program).toBe("q");
    expect(again.play?.trouble).toBe(null);
    expect(again.play?.outbox.every((it) => it.id > id)).toBe(true);
  });
});
