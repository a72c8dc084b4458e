import { h } from "preact";
import { describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../../protocol/finding.js";
import type { PanelContent } from "../../../protocol/webview.js";
import type { Schedule, Witness } from "../../../protocol/witness.js";
import { geometryOf } from "../../../webview/model/geometry.js";
import { layOut } from "../../../webview/model/timeline.js";
import { Headline } from "../../../webview/view/headline.js";
import { Schedules } from "../../../webview/view/schedules.js";
import { StepRow } from "../../../webview/view/step-row.js";
import { type Element, elements } from "./markup.js";
import { at, deadlock, race } from "./witnesses.js";

const other: Schedule = { ...race.schedule, choices: [{ thread: 1 }] };

const summary: ExplorationSummary = {
  entry: "main.main",
  span: at("file:///a.go", 1),
  executions: 64,
  complete: false,
  limit: "time",
  estimate: 4000,
  sampled: 0,
  depth: 2000,
  unsupported: null,
  outcomes: [{ kind: "race", executions: 40 }],
  ends: [
    { kind: "race", label: "2 pages", executions: 40, schedule: race.schedule },
    { kind: "ok", label: "3 pages", executions: 20, schedule: other },
    { kind: "ok", label: "", executions: 3, schedule: null },
  ],
  search: { blocked: 0, conservative: 0, states: 0 },
};

const content: PanelContent = {
  origin: { uri: "file:///a.go", line: 3, fingerprint: null },
  title: "main.main",
  summary: [summary],
  witnesses: [race, deadlock],
  selected: 0,
};

const nothing = (): void => undefined;

function click(element: Element | undefined): void {
  const { onClick } = element?.props ?? {};
  if (typeof onClick !== "function") throw new Error("nothing to click on");
  (onClick as () => void)();
}

describe("the list of ends", () => {
  const shown: Schedule[] = [];
  const all = elements(
    h(Schedules, { content, selected: 0, choose: nothing, show: (it) => shown.push(it) }),
  );
  const list = all.find((it) => it.tag === "ul" && it.props["aria-labelledby"] === "ends");
  const lines = list?.inside.flatMap((it) => it.inside) ?? [];

  it("has a name, and a line for each end", () => {
    expect(all.find((it) => it.props["id"] === "ends")).toMatchObject({
      tag: "h3",
      text: "How it ends",
    });
    expect(lines.map((it) => [it.tag, it.text])).toEqual([
      ["button", "Data race2 pages40 of 64 orders so far"],
      ["button", "3 pages20 of 64 orders so far"],
      ["span", "Passes3 of 64 orders so far"],
      ["span", "others1 of 64 orders so far"],
    ]);
  });

  it("marks the one that is shown, and asks for the schedule of the one that is chosen", () => {
    expect(lines.map((it) => it.props["aria-current"])).toEqual([
      true,
      false,
      undefined,
      undefined,
    ]);
    click(lines[1]);
    expect(shown).toEqual([other]);
  });

  it("is not there when no end is known", () => {
    const empty = { ...content, summary: [{ ...summary, ends: [] }] };
    const without = elements(
      h(Schedules, { content: empty, selected: 0, choose: nothing, show: nothing }),
    );
    expect(without.some((it) => it.props["id"] === "ends")).toBe(false);
  });
});

describe("the headline", () => {
  const shown: Schedule[] = [];
  const of = (witness: Witness): readonly Element[] =>
    elements(
      h(Headline, {
        content,
        witness,
        stale: false,
        go: nothing,
        refresh: nothing,
        show: (it) => shown.push(it),
      }),
    );

  it("says how hard the schedule is to come by, and what was looked at", () => {
    const size = { preemptions: 1, switches: 2, steps: 21, minimal: true };
    const line = of({ ...race, size }).find((it) => it.props["class"] === "size");
    expect(line?.text).toBe(
      "3 goroutines · 2 switches (1 forced), 21 steps, no smaller schedule exists · " +
        "64 orders so far, about 4,000; 40 fail; may miss cases.",
    );
  });

  it("offers the nearest run that passes, where there is one", () => {
    const buttons = (witness: Witness): readonly Element[] =>
      of(witness).filter((it) => it.tag === "button");
    expect(buttons(race)).toEqual([]);
    const [button] = buttons({ ...race, contrast: { schedule: other, steps: [6, 11] } });
    expect(button?.text).toBe("Show the nearest passing schedule");
    click(button);
    expect(shown).toEqual([other]);
  });

  it("offers a run in which the write is not seen, where there is one", () => {
    const message = "crawl /b still sees a = 0 after crawl /a wrote 1: nothing orders the two";
    const weak = { ...other, weak: true } as const;
    const elements = of({ ...race, stale: { schedule: weak, message } });
    const button = elements.find((it) => it.tag === "button");
    expect(elements.find((it) => it.props["class"] === "nearest")?.text).toContain(message);
    expect(button?.text).toBe("Show a run in which the write is not seen");
    click(button);
    expect(shown.at(-1)).toEqual(weak);
  });
});

describe("a step that does not matter", () => {
  const row = (essential: boolean): Element | undefined => {
    const steps = race.steps.map((it) => ({ ...it, essential }));
    const timeline = layOut({ ...race, steps });
    const [first] = timeline.rows;
    if (first === undefined) throw new Error("no row");
    const geometry = geometryOf(900, 3);
    const props = { witness: race, timeline, geometry, row: first, here: false, lit: false };
    const shown = { ...props, found: false };
    return elements(h(StepRow, { ...shown, go: nothing }))[0];
  };

  it("says so to those who cannot see it", () => {
    const label = "1. main adds 1 to wg, which is 1.";
    expect(row(true)?.props["aria-label"]).toBe(label);
    expect(row(false)?.props["aria-label"]).toBe(
      `${label} It would end the same way without this step.`,
    );
    expect(row(false)?.props["class"]).toContain("aside");
  });
});
