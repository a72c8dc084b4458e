// Sites that mean harm, or are just broken: limits hold, nothing hangs.

import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { crawl } from "../harness/crawler.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((it) => it()));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === "/robots.txt") response.writeHead(404).end();
    else listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const html = { "content-type": "text/html" };
const megabyte = Buffer.alloc(1_000_000, "x");

describe("hostile sites", () => {
  it("a body of a gigabyte is cut", async () => {
    let sent = 0;
    const start = await serve((_request, response) => {
      response.writeHead(200, { ...html, "content-length": 1_000_000_000 });
      response.write('<a href="/next">');
      const more = (): void => {
        while (sent < 1_000_000_000 && !response.destroyed) {
          sent += megabyte.length;
          if (!response.write(megabyte)) break;
        }
      };
      response.on("drain", more);
      more();
    });
    const before = process.memoryUsage().rss;
    const { result, events } = await crawl({ form: "pool", start, limits: { pages: 3 } });
    expect(result).toMatchObject({ end: "done", pages: 2, bytes: 2_000_000 });
    expect(events.filter((it) => it.kind === "fetched").map((it) => it.cut)).toEqual([true, true]);
    expect(sent).toBeLessThan(50_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it("redirects without end are left", async () => {
    let asked = 0;
    const start = await serve((_request, response) => {
      response.writeHead(302, { location: `/${++asked}` }).end();
    });
    const { result, events } = await crawl({ form: "mutex", start });
    expect(result).toMatchObject({ end: "done", pages: 6 });
    expect(events.filter((it) => it.kind === "skipped").map((it) => it.reason)).toEqual([
      "more than 5 redirects",
    ]);
  });

  it("an answer that drips is given up", async () => {
    const start = await serve((_request, response) => {
      response.writeHead(200, html);
      const timer = setInterval(() => response.write("<p>"), 5);
      response.on("close", () => {
        clearInterval(timer);
      });
    });
    const { result } = await crawl({ form: "channel", start, limits: { pageMillis: 100 } });
    expect(result).toMatchObject({ end: "done", pages: 1, failed: 1 });
  });

  it("bytes that are no UTF-8 disturb nothing", async () => {
    const start = await serve((request, response) => {
      response.writeHead(200, html);
      const bad = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80]);
      const link = request.url === "/" ? '<a href="/next">' : "";
      response.end(Buffer.concat([bad, Buffer.from(link), bad]));
    });
    const { result } = await crawl({ form: "event-loop", start });
    expect(result).toMatchObject({ end: "done", pages: 2, failed: 0 });
  });

  it("of a million links few are taken", async () => {
    const links = Array.from({ length: 1_000_000 }, (_, i) => `<a href=/${i}>`).join("");
    const start = await serve((request, response) => {
      response.writeHead(200, html).end(request.url === "/" ? links : "");
    });
    const limits = { linksPerPage: 100, bodyBytes: 50_000_000 };
    const { result } = await crawl({ form: "pool", start, limits });
    expect(result).toMatchObject({ end: "done", pages: 101 });
  });

  it("leaves the site neither by link nor by redirect", async () => {
    let other = 0;
    const service = await serve((_request, response) => {
      other++;
      response.writeHead(200, html).end();
    });
    const start = await serve((request, response) => {
      if (request.url === "/away") response.writeHead(302, { location: service }).end();
      else {
        response.writeHead(200, html);
        response.end(
          `<a href="${service}"><a href="//localhost:1/"><a href="file:///etc/passwd">` +
            `<a href="javascript:alert(1)"><a href="https://example.com/"><a href="/away">`,
        );
      }
    });
    const { result, events } = await crawl({ form: "mutex", start });
    expect(other).toBe(0);
    expect(result).toMatchObject({ end: "done", pages: 2 });
    expect(events.filter((it) => it.kind === "skipped").map((it) => it.reason)).toEqual([
      "other site",
      "other site",
      "other site",
      "other site",
    ]);
  });

  it("a connection that is cut at once is a failure", async () => {
    const start = await serve((request) => request.socket.destroy());
    const { result } = await crawl({ form: "serial", start });
    expect(result).toMatchObject({ end: "done", pages: 1, failed: 1 });
  });

  it("ends a crawl that takes too long", async () => {
    let page = 0;
    const start = await serve((_request, response) => {
      response.writeHead(200, html).end(`<a href="/${++page}">`);
    });
    const limits = { pages: 1_000_000, depth: 1_000_000, crawlMillis: 100 };
    const { result } = await crawl({ form: "serial", start, limits });
    expect(result.end).toBe("too long");
  });
});

describe("manners", () => {
  it("robots.txt is kept to", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      if (request.url === "/robots.txt") response.end("User-agent: *\nDisallow: /private\n");
      else response.writeHead(200, html).end('<a href="/private/a"><a href="/open">');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const start = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { result } = await crawl({ form: "pool", start });
    expect(asked).toEqual(["/robots.txt", "/", "/open"]);
    expect(result.pages).toBe(2);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("a site whose robots.txt cannot be had is left alone, and that is said", async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const start = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { result, events } = await crawl({ form: "pool", start });
    expect(result.pages).toBe(0);
    expect(events).toMatchObject([
      { kind: "found" },
      { kind: "skipped", reason: "robots.txt cannot be had" },
    ]);
    await new Promise((resolve) => server.close(resolve));
  });

  it("the rate is kept to", async () => {
    const times: number[] = [];
    const start = await serve((request, response) => {
      times.push(performance.now());
      const links =
        request.url === "/" ? [1, 2, 3, 4].map((it) => `<a href="/${it}">`).join("") : "";
      response.writeHead(200, html).end(links);
    });
    await crawl({ form: "event-loop", start, limits: { rate: 20 } });
    const gaps = times.slice(1).map((it, i) => it - (times[i] ?? 0));
    // Each begins 50 ms after the one before at the earliest; the network may bring two nearer together.
    expect(gaps.length).toBe(4);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(150);
  });

  it("depth and pages are kept to", async () => {
    let page = 0;
    const start = await serve((_request, response) => {
      response.writeHead(200, html).end(`<a href="/${++page}"><a href="/${++page}">`);
    });
    const deep = await crawl({ form: "mutex", start, limits: { depth: 3 } });
    expect(deep.result.pages).toBe(1 + 2 + 4 + 8);
    const many = await crawl({ form: "mutex", start, limits: { pages: 10 } });
    expect(many.result.pages).toBe(10);
  });
});
