// The Go crawler that fetches over HTTP, on the generated site: each page once, and its end is known.

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateSite, reachable } from "../../crawler/site/graph.js";
import { type Served, serveSite } from "../../crawler/site/serve.js";
import { neverCancelled } from "../../language-server/base/cancel.js";
import { site } from "../harness/crawler.js";
import { goIsInstalled } from "../harness/go-oracle.js";
import { goUnit, root, testEngine, testLimits } from "../harness/engine.js";
import { temporaryFolder } from "../harness/vscode/workspace.js";

const samples = path.join(root, "samples");
const run = promisify(execFile);

describe.runIf(goIsInstalled())("the crawler in Go", () => {
  const options = { ...site, pages: 200 };
  const pages = generateSite(options);
  const binary = path.join(temporaryFolder("hb-crawler-"), "http");
  let served: Served;
  beforeAll(async () => {
    await run("go", ["build", "-o", binary, "./crawler/http"], { cwd: samples });
  });
  afterAll(async () => served.close());

  const crawl = async (...args: readonly string[]): Promise<string> => {
    served = await serveSite(pages, options.bytes);
    const { stdout } = await run(binary, [...args, served.url]);
    await served.close();
    return stdout;
  };

  it("fetches each page once, and ends by itself", async () => {
    const said = await crawl("-pages", "10000", "-workers", "8");
    const all = reachable(pages);
    expect(Object.fromEntries(served.asked)).toEqual(
      Object.fromEntries([...all].map((it) => [it, 1])),
    );
    expect(said).toMatch(new RegExp(`^${all.size} pages$`, "m"));
    expect(said).toContain("404 Not Found");
    expect(said).toContain("cut short");
  });

  it("stops at the limit of pages, and says what is left", async () => {
    const said = await crawl("-pages", "10");
    expect([...served.asked.values()]).toEqual(Array.from({ length: 10 }, () => 1));
    expect(said).toMatch(/^10 pages\n\d+ more were found and not fetched$/m);
  });
});

describe("our own check of it", () => {
  const { engine, log } = testEngine();
  afterAll(async () => {
    await engine.dispose();
  });

  it("finds nothing, and says what it does not model", async () => {
    const { findings, explorations } = await engine.check(
      goUnit("samples/crawler/http"),
      { explore: true, limits: testLimits },
      neverCancelled,
    );
    expect(findings).toEqual([]);
    expect(explorations.every((it) => it.complete || it.limit === "unsupported")).toBe(true);
    expect(log).toEqual([]);
  });
});
