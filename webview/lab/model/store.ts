// Everything the lab's page remembers, and how messages and clicks change it.

import type { CrawlEvent, FormName, LabNews } from "../../../protocol/crawl.js";
import { firstChoice, type LabChoice, type LabWork, type ToLab } from "../../../protocol/lab.js";
import { type Curve, workerCounts } from "./curve.js";
import { fold, newRun, type Run } from "./run.js";

export interface LabModel {
  readonly choice: LabChoice;
  /** The site that the figures are of, as a text that is the same for the same site. */
  readonly site: string;
  /** The latest crawl of each form on this site. */
  readonly runs: ReadonlyMap<FormName, Run>;
  readonly curves: ReadonlyMap<FormName, Curve>;
  readonly work: LabWork | null;
  /** The form that runs; null: none, or one whose events are not told because it is measured. */
  readonly running: FormName | null;
  /** Whose pages and workers are drawn. */
  readonly shown: FormName | null;
  /** Somebody has picked the one that is drawn: it stays. */
  readonly picked: boolean;
  readonly problem: string | null;
  /** Events that are missing since the page was hidden. */
  readonly gap: number;
  /** What is told to those who do not see the page. */
  readonly said: string;
}

export type LabEvent =
  /** All that came since the last frame. */
  | { readonly type: "messages"; readonly messages: readonly ToLab[] }
  | { readonly type: "choose"; readonly choice: Partial<LabChoice> }
  | { readonly type: "show"; readonly form: FormName };

export function emptyLab(choice: LabChoice | null): LabModel {
  return {
    choice: choice ?? firstChoice,
    site: "",
    runs: new Map(),
    curves: new Map(),
    work: null,
    running: null,
    shown: null,
    picked: false,
    problem: null,
    gap: 0,
    said: "",
  };
}

export function reduceLab(model: LabModel, event: LabEvent): LabModel {
  switch (event.type) {
    case "messages":
      return event.messages.reduce(received, model);
    case "choose":
      return { ...model, choice: { ...model.choice, ...event.choice } };
    case "show":
      return { ...model, shown: event.form, picked: true };
  }
}

function received(model: LabModel, message: ToLab): LabModel {
  switch (message.type) {
    case "choice":
      return { ...model, choice: message.choice };
    case "began":
      return began(model, message.work, message.choice);
    case "news":
      return told(model, message.news);
    case "over":
      return {
        ...model,
        work: null,
        running: null,
        curves: withoutUnfinished(model.curves),
        said: message.stopped ? "Stopped." : overWords(model),
      };
    case "gap":
      return { ...model, gap: message.events };
  }
}

function began(model: LabModel, work: LabWork, choice: LabChoice): LabModel {
  const site = siteKey(choice);
  const same = site === model.site;
  const runs = same ? withoutRerun(model.runs, choice, work) : new Map<FormName, Run>();
  return {
    ...model,
    choice,
    site,
    runs,
    curves: same ? model.curves : new Map(),
    work,
    running: null,
    shown: choice.form === "all" ? (runs.size > 0 ? model.shown : null) : choice.form,
    picked: false,
    problem: null,
    gap: 0,
    said: work === "run" ? "Crawling." : "Measuring throughput.",
  };
}

/** What makes figures comparable. */
export function siteKey({ site, url, latency, seed }: LabChoice): string {
  return site === "url" ? url : `${site} ${latency} ${seed}`;
}

function withoutRerun(
  runs: ReadonlyMap<FormName, Run>,
  { form }: LabChoice,
  work: LabWork,
): ReadonlyMap<FormName, Run> {
  if (work === "measure") return runs;
  if (form === "all") return new Map();
  return new Map([...runs].filter(([name]) => name !== form));
}

function withoutUnfinished(curves: ReadonlyMap<FormName, Curve>): ReadonlyMap<FormName, Curve> {
  return new Map([...curves].filter(([, it]) => it.complete));
}

function overWords({ runs }: LabModel): string {
  const results = [...runs.values()].flatMap(({ result }) => (result === null ? [] : [result]));
  const twice = results.reduce((sum, it) => sum + it.duplicates, 0);
  return `Done. ${results.map((it) => `${it.form}: ${it.pages} pages`).join(", ")}; ${twice} fetched twice.`;
}

/** Events that come in a row are folded at once. */
function told(model: LabModel, news: readonly LabNews[]): LabModel {
  let events: CrawlEvent[] = [];
  let next = model;
  for (const it of news) {
    if (it.kind === "events") {
      events = events.concat(it.events);
      continue;
    }
    next = heard(withEvents(next, events), it);
    events = [];
  }
  return withEvents(next, events);
}

function withEvents(model: LabModel, events: readonly CrawlEvent[]): LabModel {
  const { running } = model;
  const run = running === null ? undefined : model.runs.get(running);
  return run === undefined || events.length === 0 ? model : withRun(model, fold(run, events));
}

function heard(
  model: LabModel,
  news: Exclude<LabNews, { readonly kind: "events" | "over" }> | { readonly kind: "over" },
): LabModel {
  switch (news.kind) {
    case "began": {
      const { form } = news;
      const next = withRun(model, newRun(form, news.workers, news.start));
      return { ...next, running: form, shown: model.picked ? model.shown : form };
    }
    case "result": {
      const { result } = news;
      const run = model.runs.get(result.form) ?? newRun(result.form, result.workers, "");
      return { ...withRun(model, { ...run, result }), running: null };
    }
    case "curve": {
      const { form, points, knee } = news;
      const complete = points.length === workerCounts.length;
      return {
        ...model,
        curves: new Map(model.curves).set(form, { form, points, knee, complete }),
      };
    }
    case "problem":
      return { ...model, problem: news.text };
    case "over":
      return { ...model, running: null };
  }
}

function withRun(model: LabModel, run: Run): LabModel {
  return { ...model, runs: new Map(model.runs).set(run.form, run) };
}
