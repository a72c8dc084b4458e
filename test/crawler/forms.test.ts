// Every form on the generated site: each page once, whatever the site does, and its end is known. CRAWL_SEEDS asks for more sites.

import { beforeAll, describe, expect, it } from "vitest";
import { forms } from "../../crawler/forms.js";
import { generateSite, reachable } from "../../crawler/site/graph.js";
import { serveSite } from "../../crawler/site/serve.js";
import { crawl, crawlerBundle, site } from "../harness/crawler.js";

const count = Number(process.env["CRAWL_SEEDS"] ?? "3");
const seeds = Array.from({ length: count }, (_, i) => i + 1);

let threadScript = "";
beforeAll(async () => {
  threadScript = await crawlerBundle("forms");
});

describe("the generated site", () => {
  it("has cycles, errors, redirects and bodies cut short", () => {
    const answers = [...generateSite(site).values()];
    const kinds = new Set(answers.map((it) => it.kind));
    expect([...kinds].sort()).toEqual(["broken", "missing", "page", "redirect", "short"]);
    const reached = reachable(generateSite(site));
    for (let page = 1; page < site.pages; page++) expect(reached).toContain(`/page/${page}`);
    expect(reached.size).toBeGreaterThan(500);
  });

  it("is the same for the same seed", () => {
    expect([...generateSite(site)]).toEqual([...generateSite(site)]);
    expect([...generateSite(site)]).not.toEqual([...generateSite({ ...site, seed: 2 })]);
  });
});

describe.each(forms)("$name", ({ name }) => {
  it.each(seeds)("fetches each page once, seed %i", async (seed) => {
    const options = { ...site, seed };
    const pages = generateSite(options);
    const served = await serveSite(pages, options.bytes);
    try {
      const { result, events } = await crawl({ form: name, start: served.url, threadScript });
      expect(Object.fromEntries(served.asked)).toEqual(
        Object.fromEntries([...reachable(pages)].map((it) => [it, 1])),
      );
      const failing = [...pages.values()].filter(
        ({ kind }) => kind === "missing" || kind === "broken",
      );
      expect(result).toMatchObject({
        end: "done",
        pages: served.asked.size,
        duplicates: 0,
        failed: failing.length,
      });
      const fetching = events.filter((it) => it.kind === "fetching");
      expect(fetching.every((it) => it.time === 1)).toBe(true);
      expect(events.some((it) => it.kind === "fetched" && it.cut)).toBe(true);
    } finally {
      await served.close();
    }
  });
});
