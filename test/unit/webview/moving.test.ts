import { describe, expect, it } from "vitest";
import { panelCommands } from "../../../protocol/panel-commands.js";
import { effects } from "../../../webview/model/commands.js";
import { fittingZoom, geometryOf, hasText, heightOf } from "../../../webview/model/geometry.js";
import { keyAction, keys } from "../../../webview/model/keys.js";
import { matchWords, nextMatch, searched } from "../../../webview/model/search.js";
import {
  emptyModel,
  type PanelEvent,
  type PanelModel,
  reduce,
} from "../../../webview/model/store.js";
import { deadlock, race } from "./witnesses.js";

const opened = reduce(emptyModel, {
  type: "message",
  message: {
    type: "show",
    origin: { uri: "file:///a.go", line: 3, fingerprint: null },
    title: "main.main",
    summary: [],
    witnesses: [race, deadlock],
    selected: 0,
  },
});

const after = (...events: readonly PanelEvent[]): PanelModel => events.reduce(reduce, opened);

const press = (code: string, key: string, characters = true): ReturnType<typeof keyAction> =>
  keyAction(
    { code, key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false },
    characters,
  );

describe("keys", () => {
  it("are a block by their place, and letters elsewhere by what they write", () => {
    // On a French keyboard the place of W writes z, and that of A writes q.
    expect(press("KeyW", "z")).toEqual(effects.zoomIn);
    expect(press("KeyA", "q")).toEqual(effects.panEarlier);
    expect(press("Digit0", "à")).toEqual(effects.fitAll);
    expect(press("KeyX", "n")).toEqual(effects.nextFailing);
    expect(press("Period", ".")).toEqual(effects.nextInLane);
  });

  it("that write a character can be switched off, and only those", () => {
    const characters = ["c", "w", "s", "a", "d", "f", "g", "h", "n", "p", "0", "/", "?", ".", ","];
    const codes: Readonly<Record<string, string>> = { w: "KeyW", s: "KeyS", a: "KeyA", d: "KeyD" };
    for (const it of characters) {
      expect([it, press(codes[it] ?? "", it)]).not.toEqual([it, null]);
      expect([it, press(codes[it] ?? "", it, false)]).toEqual([it, null]);
    }
    for (const it of ["ArrowDown", "Home", "End", "PageUp", "Enter", " ", "Escape"]) {
      expect([it, press("", it, false)]).not.toEqual([it, null]);
    }
  });

  it("leave the digits and U to others", () => {
    for (const it of Array.from("123456789u")) expect([it, press("", it)]).toEqual([it, null]);
  });

  it("are all in the help, with those that can be switched off marked", () => {
    const marked = keys.filter((it) => it.character === true).map((it) => it.shown);
    for (const it of [", .", "N, P", "C", "W, S", "A, D", "F", "0", "/", "H", "?"]) {
      expect(marked).toContain(it);
    }
  });

  it("and commands do the same: each command has an effect that is taken", () => {
    expect(Object.keys(effects)).toEqual(Object.keys(panelCommands));
    const asked = reduce(opened, {
      type: "message",
      message: { type: "command", command: "goToSource" },
    });
    expect(asked.asked).toBe(1);
  });
});

describe("zooming", () => {
  const room = (least: number): PanelEvent => ({ type: "room", least });

  it("stays between the whole schedule and twice the size of text", () => {
    expect(after(room(0.2), { type: "zoom", times: 0.001 }).zoom.factor).toBe(0.2);
    expect(after(room(0.2), { type: "zoom", times: 99 }).zoom.factor).toBe(2);
    expect(after(room(1), { type: "zoom", times: 0.5 }).zoom.factor).toBe(1);
  });

  it("keeps the whole schedule in sight when the panel changes its size", () => {
    expect(after(room(0.2), { type: "fit" }, room(0.1)).zoom.factor).toBe(0.1);
    expect(after(room(0.2), room(0.1)).zoom.factor).toBe(1);
  });

  it("goes back to text for the step and for another schedule", () => {
    expect(after(room(0.2), { type: "fit" }, { type: "focus" }).zoom.factor).toBe(1);
    expect(after(room(0.2), { type: "fit" }, { type: "choose", witness: 1 }).zoom.factor).toBe(1);
  });

  it("fits any number of steps into any height", () => {
    for (const rows of [1, 20, 400, 50_000]) {
      for (const stuck of [0, 3, 40]) {
        const normal = geometryOf(800, 16);
        const factor = fittingZoom(normal, rows, stuck, 600);
        const fitted = geometryOf(800, 16, factor);
        expect(heightOf(fitted, rows, stuck)).toBeLessThanOrEqual(600);
        expect([rows, hasText(fitted)]).toEqual([rows, rows <= 20]);
      }
    }
  });

  it("moves nothing but what is in sight", () => {
    const panned = after({ type: "pan", direction: 1 }, { type: "pan", direction: 1 });
    expect([panned.row, panned.glance.serial]).toEqual([opened.row, 2]);
  });
});

describe("playing", () => {
  it("has four speeds, with an end by command and in a circle by button", () => {
    const speeds = (event: PanelEvent): number[] =>
      [1, 2, 3].map((n) => after(...new Array<PanelEvent>(n).fill(event)).speed);
    expect(speeds({ type: "speed" })).toEqual([2, 4, 0.5]);
    expect(speeds({ type: "faster", by: 1 })).toEqual([2, 4, 4]);
    expect(speeds({ type: "faster", by: -1 })).toEqual([0.5, 0.5, 0.5]);
  });

  it("without motion jumps to the next switch of lanes and does not play", () => {
    const still: PanelEvent = { type: "still", still: true };
    const first: PanelEvent = { type: "move", move: { kind: "to", row: 0 } };
    const rows = [1, 2, 3].map((n) => {
      const model = after(still, first, ...new Array<PanelEvent>(n).fill({ type: "play" }));
      return [model.row, model.playing];
    });
    expect(rows).toEqual([
      [5, false],
      [6, false],
      [11, false],
    ]);
    expect(after({ type: "play" }, still).playing).toBe(false);
  });
});

describe("searching", () => {
  it("finds words in sentences, objects, and lines by their number", () => {
    expect(searched(race, "LOCKS stats").rows).toEqual([8, 10, 12, 14]);
    expect(searched(race, "l22").rows).toEqual([5, 6]);
    expect(searched(race, "L2").rows).toEqual([]);
    expect(searched(race, "  ").rows).toEqual([]);
  });

  it("goes round what it found, and counts", () => {
    const search = searched(race, "stats.mu");
    expect(search.rows).toEqual([8, 10, 12, 14]);
    expect([nextMatch(search, 8, 1), nextMatch(search, 14, 1), nextMatch(search, 9, -1)]).toEqual([
      10, 8, 8,
    ]);
    expect(nextMatch(search, 0, -1)).toBe(14);
    expect([8, 9].map((it) => matchWords(search, it))).toEqual(["1 of 4", "4 matches"]);
    expect(matchWords(searched(race, "nowhere"), 0)).toBe("no match");
    expect(nextMatch(searched(race, "nowhere"), 0, 1)).toBeNull();
  });

  it("goes on in another schedule, and ends when closed", () => {
    const seeking: PanelEvent[] = [{ type: "seek" }, { type: "search", query: "locks" }];
    const match: PanelEvent = { type: "match", direction: 1 };
    expect(after(...seeking, match).row).toBe(12);
    const other = after(...seeking, { type: "choose", witness: 1 });
    expect(other.search?.rows).toEqual([3, 4]);
    expect(after(...seeking, { type: "close" }).search).toBeNull();
  });
});
