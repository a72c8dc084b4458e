import type { JSX } from "preact";
import { duration, endWords } from "../model/compare.js";
import { millisOf, queueOf, type Run, speedOf } from "../model/run.js";
import type { LabModel } from "../model/store.js";
import { labelOf } from "../model/words.js";

/** How far the crawl that is shown has come. */
export function Figures({
  model,
  run,
}: {
  readonly model: LabModel;
  readonly run: Run | null;
}): JSX.Element {
  const running = run !== null && model.running === run.form;
  return (
    <section class="figures-room" aria-label="Progress">
      <Progress model={model} />
      <p class="now">
        {run === null ? (
          <span class="dim">{waitingWords(model)}</span>
        ) : (
          <>
            <b>{labelOf(run.form)}</b>{" "}
            <span class="dim">
              {endWords(run, running)}, {duration(millisOf(run))}
            </span>
          </>
        )}
      </p>
      <dl class="figures">
        {figuresOf(run).map(({ words, value, bad }) => (
          <div key={words} class={bad ? "bad" : ""}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {run === null || run.reasons.size === 0 ? null : (
        <p class="dim reasons">
          Links not followed:{" "}
          {[...run.reasons].map(([reason, count]) => `${count} (${reason})`).join(", ")}.
        </p>
      )}
    </section>
  );
}

function Progress({ model }: { readonly model: LabModel }): JSX.Element {
  return (
    <div class="track" aria-hidden="true">
      {model.work === null ? null : <div class="progress" />}
    </div>
  );
}

function waitingWords({ work }: LabModel): string {
  return work === null
    ? "Nothing has run yet. Choose a crawler and a website, and run it."
    : "Beginning…";
}

interface Figure {
  readonly words: string;
  readonly value: string;
  readonly bad: boolean;
}

function figuresOf(run: Run | null): readonly Figure[] {
  if (run === null) return [];
  const { begun, pages, unlisted, underway, duplicates, failed } = run;
  const plain = (words: string, value: number): Figure => ({
    words,
    value: `${value}`,
    bad: false,
  });
  return [
    { words: "pages", value: `${begun} of ${pages.size + unlisted}`, bad: false },
    plain("in the queue", Math.max(0, queueOf(run))),
    plain("on their way", underway),
    {
      words: "fetched twice",
      value: duplicates === 0 ? "0" : `${duplicates} !`,
      bad: duplicates > 0,
    },
    plain("failed", failed),
    plain("pages/s", Math.round(speedOf(run))),
  ];
}
