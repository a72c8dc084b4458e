// Cancel in the middle: soon over, and nothing stays open.

import { beforeAll, describe, expect, it } from "vitest";
import { forms } from "../../crawler/forms.js";
import { generateSite } from "../../crawler/site/graph.js";
import { serveSite } from "../../crawler/site/serve.js";
import { crawl, crawlerBundle, site } from "../harness/crawler.js";

let threadScript = "";
beforeAll(async () => {
  threadScript = await crawlerBundle("cancel");
});

/** What keeps a process alive, but for what was there before. */
function open(): readonly string[] {
  return process.getActiveResourcesInfo().filter((it) => it !== "Immediate");
}

describe.each(forms)("$name", ({ name }) => {
  it("leaves no socket, timer or thread", async () => {
    const served = await serveSite(generateSite({ ...site, latency: 20 }), site.bytes);
    const before = open();
    const stop = new AbortController();
    let fetched = 0;
    const { result } = await crawl({
      form: name,
      start: served.url,
      threadScript,
      cancelled: stop.signal,
      heard: (it) => {
        if (it.kind === "fetched" && ++fetched === 5) stop.abort();
      },
    });
    expect(result.end).toBe("cancelled");
    expect(result.pages).toBeLessThan(site.pages);
    await served.close();
    // Closing takes some turns of the event loop.
    for (let turn = 0; turn < 500 && open().length >= before.length; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    // The server was open before and is not now.
    expect(open().length).toBeLessThan(before.length);
  });

  it("cancels a page that hangs", async () => {
    const served = await serveSite(new Map([["/", { kind: "hangs" }]]), 0);
    const stop = new AbortController();
    const { result } = await crawl({
      form: name,
      start: served.url,
      threadScript,
      cancelled: stop.signal,
      heard: (it) => {
        if (it.kind === "fetching") setTimeout(stop.abort.bind(stop), 20);
      },
    });
    expect(result).toMatchObject({ end: "cancelled", pages: 1 });
    await served.close();
  });

  it("gives up a page that hangs", async () => {
    const served = await serveSite(new Map([["/", { kind: "hangs" }]]), 0);
    const { result, events } = await crawl({
      form: name,
      start: served.url,
      threadScript,
      limits: { pageMillis: 50 },
    });
    expect(result).toMatchObject({ end: "done", pages: 1, failed: 1 });
    expect(events.find((it) => it.kind === "failed")).toMatchObject({
      reason: "no answer within 50 ms",
    });
    await served.close();
  });
});
