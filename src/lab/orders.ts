import type { LabOrder, SiteChoice, SiteOptions } from "../../protocol/crawl.js";
import { formWords, type LabChoice, labLimits, type LabWork } from "../../protocol/lab.js";

/** About 20 ms of computing a page. */
const heavyRounds = 60_000;

/** What the thread is told, one order after the other. */
export function ordersOf(work: LabWork, given: LabChoice): readonly LabOrder[] {
  const choice = withinLimits(given);
  const site = siteOf(choice);
  const rounds = choice.site === "heavy" ? heavyRounds : 0;
  const { workers, form } = choice;
  if (work === "run") {
    const forms = form === "all" ? formWords.map((it) => it.name) : [form];
    return [{ kind: "run", forms, site, workers, rounds }];
  }
  const measured = formWords.filter((it) => it.hasWorkers && (form === "all" || it.name === form));
  return [
    // What the others are compared with.
    { kind: "run", forms: ["serial"], site, workers, rounds },
    ...measured.map(({ name }): LabOrder => ({ kind: "curve", form: name, site, rounds })),
  ];
}

/** Why it cannot run; null: it can. */
export function problemOf(work: LabWork, choice: LabChoice): string | null {
  if (choice.site === "url" && addressOf(choice.url) === null)
    return "Type the address of a page that begins with http:// or https://.";
  if (work === "measure" && choice.site === "url")
    return "Throughput is measured on the generated site only: other sites are asked for few pages a second.";
  return null;
}

/** An address as it was meant; null: it is none of a page. */
export function addressOf(text: string): string | null {
  const trimmed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:/i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(full)) return null;
  const { protocol, hostname, href } = new URL(full);
  return (protocol === "http:" || protocol === "https:") && hostname !== "" ? href : null;
}

function withinLimits(choice: LabChoice): LabChoice {
  return {
    ...choice,
    workers: within(choice.workers, 1, labLimits.workers),
    latency: within(choice.latency, 0, labLimits.latency),
    seed: within(choice.seed, 0, labLimits.seed),
  };
}

function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, Math.round(value))) : least;
}

function siteOf({ site, url, latency, seed }: LabChoice): SiteChoice {
  if (site === "url") return { kind: "url", url: addressOf(url) ?? url };
  const options: SiteOptions = { seed, pages: 40, links: 3, latency, trouble: 0.25, bytes: 2_000 };
  switch (site) {
    case "small":
      return { kind: "generated", options };
    case "large":
      return { kind: "generated", options: { ...options, pages: 500 } };
    case "heavy":
      return { kind: "generated", options: { ...options, pages: 60, trouble: 0 } };
  }
}
