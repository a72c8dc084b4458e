import { readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { LabNews } from "../../../protocol/crawl.js";
import { firstChoice, formWords } from "../../../protocol/lab.js";
import { KeptNews } from "../../../src/lab/kept.js";
import { addressOf, ordersOf, problemOf } from "../../../src/lab/orders.js";
import { entryLine, goodForms, sampleOf, sourceOf, twins } from "../../../src/lab/sample-list.js";
import { CrawlerThread } from "../../../src/lab/thread.js";
import { crawlerBundle } from "../../harness/crawler.js";
import { root } from "../../harness/engine.js";

describe("orders", () => {
  it("all forms are one order, so that they run on the same served site", () => {
    const [order, ...more] = ordersOf("run", firstChoice);
    expect(order).toMatchObject({ kind: "run", workers: 8, rounds: 0 });
    expect(order?.kind === "run" ? order.forms : []).toEqual(formWords.map((it) => it.name));
    expect(more).toEqual([]);
  });

  it("a measurement runs the serial crawler, then each form that has workers", () => {
    const kinds = ordersOf("measure", firstChoice).map((it) =>
      it.kind === "curve" ? it.form : it.kind,
    );
    expect(kinds).toEqual(["run", "pool", "channel", "threads"]);
    expect(ordersOf("measure", { ...firstChoice, form: "pool" }).length).toBe(2);
  });

  it("figures from the page are kept within their limits", () => {
    const wild = { ...firstChoice, workers: 1e9, latency: -5, seed: Number.NaN };
    expect(ordersOf("run", wild)[0]).toMatchObject({
      workers: 32,
      site: { options: { latency: 0, seed: 0 } },
    });
  });

  it.each([
    ["example.org", "https://example.org/"],
    ["  http://localhost:8080/a ", "http://localhost:8080/a"],
    ["file:///etc/passwd", null],
    ["javascript:alert(1)", null],
    ["", null],
    ["a b", null],
  ])("%j is %j", (text, address) => {
    expect(addressOf(text)).toBe(address);
  });

  it("a site of somebody else is not measured, and one without an address not run", () => {
    const url = { ...firstChoice, site: "url", url: "https://example.org" } as const;
    expect(problemOf("run", url)).toBeNull();
    expect(problemOf("measure", url)).toContain("generated site");
    expect(problemOf("run", { ...url, url: "ftp://x" })).toContain("http");
  });
});

describe("samples", () => {
  const text = (file: string): string => readFileSync(path.join(root, "samples", file), "utf8");

  it.each([...twins, ...goodForms])("$file is there and has a main", ({ file }) => {
    expect(text(file).split("\n")[entryLine(text(file))]).toContain("func main()");
  });

  it.each(formWords)("$name has a source, and a sample to explore", ({ name }) => {
    const { file } = sampleOf(name);
    for (const it of [file, sourceOf(name)]) expect(entryLine(text(it))).toBeGreaterThan(0);
  });
});

describe("what is kept for a hidden page", () => {
  it("has a bound, and says what was dropped", () => {
    const kept = new KeptNews();
    const events = Array.from({ length: 1_000 }, (_, at) => ({
      kind: "started" as const,
      at,
      task: 1,
    }));
    for (let i = 0; i < 120; i++) kept.add({ kind: "events", events });
    kept.add({ kind: "over" });
    expect(kept.all.length).toBe(101);
    expect(kept.dropped).toBe(20_000);
    kept.clear();
    expect([kept.all.length, kept.dropped]).toEqual([0, 0]);
  });
});

describe("the thread", () => {
  let script = "";
  beforeAll(async () => {
    script = await crawlerBundle("lab");
  });

  interface Heard {
    readonly news: LabNews[];
    readonly over: Promise<boolean>;
    readonly thread: CrawlerThread;
  }

  function listen(onNews: (news: LabNews, thread: CrawlerThread) => void): Heard {
    const news: LabNews[] = [];
    let end: (stopped: boolean) => void = () => undefined;
    const over = new Promise<boolean>((resolve) => {
      end = resolve;
    });
    const thread = new CrawlerThread(script, {
      heard: (it) => {
        news.push(it);
        onNews(it, thread);
      },
      over: end,
    });
    return { news, over, thread };
  }

  it("carries out its orders and is gone", async () => {
    const { news, over, thread } = listen(() => undefined);
    const choice = { ...firstChoice, form: "pool", latency: 0 } as const;
    await thread.run([...ordersOf("run", choice), ...ordersOf("run", choice)]);
    expect(thread.busy).toBe(true);
    expect(await over).toBe(false);
    expect(thread.busy).toBe(false);
    const results = news.flatMap((it) => (it.kind === "result" ? [it.result] : []));
    expect(results.map((it) => [it.form, it.duplicates, it.end])).toEqual([
      ["pool", 0, "done"],
      ["pool", 0, "done"],
    ]);
    await closed(news);
  });

  it.each(formWords)(
    "$name is stopped in the middle: no thread, server or socket stays",
    async ({ name }) => {
      const threads = workers();
      const { news, over, thread } = listen((it, running) => {
        if (it.kind === "events") running.stop();
      });
      await thread.run(
        ordersOf("run", { ...firstChoice, form: name, site: "large", latency: 200 }),
      );
      expect(await over).toBe(true);
      expect(thread.busy).toBe(false);
      const results = news.flatMap((it) => (it.kind === "result" ? [it.result.end] : []));
      expect(results).toEqual(["cancelled"]);
      await closed(news);
      expect(workers()).toBe(threads);
    },
  );

  it("ended from outside, as when its panel is closed: nothing stays", async () => {
    const threads = workers();
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { news, over, thread } = listen((it) => {
      if (it.kind === "events") begun();
    });
    await thread.run(ordersOf("run", { ...firstChoice, form: "threads", latency: 500 }));
    await running;
    await thread.end();
    expect(await over).toBe(true);
    await closed(news);
    expect(workers()).toBe(threads);
  });

  /** The site that was served answers no more. */
  async function closed(news: readonly LabNews[]): Promise<void> {
    const began = news.find((it) => it.kind === "began");
    if (began === undefined) throw new Error("nothing was run");
    const port = Number(new URL(began.start).port);
    const problem = await new Promise<string>((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve("connected");
      });
      socket.once("error", (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? "");
      });
    });
    expect(problem).toBe("ECONNREFUSED");
  }

  function workers(): number {
    return process.getActiveResourcesInfo().filter((it) => it === "Worker" || it === "MessagePort")
      .length;
  }
});
