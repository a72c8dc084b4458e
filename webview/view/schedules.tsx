import type { JSX } from "preact";
import type { PanelContent } from "../../protocol/webview.js";
import type { Schedule } from "../../protocol/witness.js";
import { sizeWords } from "../../wording/size.js";
import { outcomeName, outcomeNames } from "../model/labels.js";
import { badgeOf, groupByOutcome, type OutcomeGroup, scheduleName } from "../model/story.js";
import { Ends } from "./ends.js";
import { OutcomeIcon } from "./icons.js";

interface Props {
  readonly content: PanelContent;
  readonly selected: number;
  readonly choose: (witness: number) => void;
  readonly show: (schedule: Schedule) => void;
}

/** What exploring found, by outcome, with a schedule for each that failed. */
export function Schedules({ content, selected, choose, show }: Props): JSX.Element {
  const badge = badgeOf(content.summary);
  return (
    <section class="pane schedules" aria-label="Schedules">
      <h2>Schedules</h2>
      <p class={`badge-line ${badge.tone}`}>
        <span class={`badge ${badge.tone}`}>{badge.short}</span> {badge.long}
      </p>
      {groupByOutcome(content.witnesses, content.summary).map((group) => (
        <div key={group.kind} class="group">
          <h3>
            <OutcomeIcon kind={group.kind} />
            {groupName(content, group)}
            {group.executions === null ? null : (
              <span class="count">{group.executions.toLocaleString("en-US")}</span>
            )}
          </h3>
          <ul>
            {group.witnesses.map((index) => (
              <li key={index}>
                <button
                  type="button"
                  class="schedule"
                  aria-current={index === selected}
                  onClick={() => {
                    choose(index);
                  }}
                >
                  {nameOf(content, index)}
                </button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <Ends content={content} selected={selected} show={show} />
    </section>
  );
}

function groupName(content: PanelContent, group: OutcomeGroup): string {
  const first = content.witnesses[group.witnesses[0] ?? -1];
  return first === undefined ? outcomeNames[group.kind] : outcomeName(first);
}

function nameOf(content: PanelContent, index: number): JSX.Element {
  const witness = content.witnesses[index];
  if (witness === undefined) return <span>#{index + 1}</span>;
  return (
    <>
      <span class="number">#{index + 1}</span>
      <span class="what" title={scheduleName(witness)}>
        {scheduleName(witness)}
      </span>
      <span class="dim">{sizeWords(witness)}</span>
    </>
  );
}
