import { h } from "preact";
import { describe, expect, it } from "vitest";
import type { ExplorationSummary } from "../../../protocol/finding.js";
import type { PanelContent } from "../../../protocol/webview.js";
import type { Schedule, Witness } from "../../../protocol/witness.js";
import { geometryOf } from "../../../webview/model/geometry.js";
import { layOut } from "../../../webview/model/timeline.js";
import { Headline } from "../../../webview/view/headline.js";
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
        compare: nothing,
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
    const [first, button] = buttons({ ...race, contrast: { schedule: other, steps: [6, 11] } });
    expect(first?.text).toBe("Compare the two");
    expect(button?.text).toBe("show the nearest passing schedule");
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
