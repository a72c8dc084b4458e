// The generated website, served on loopback only.

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Site } from "./graph.js";

export interface Served {
  /** Its start page. */
  readonly url: string;
  /** Path → how often it was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  /** Open connections are cut. */
  readonly close: () => Promise<void>;
}

/** @param bytes of text on a page */
export async function serveSite(site: Site, bytes: number): Promise<Served> {
  const asked = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  const text = "Lorem ipsum dolor sit amet. ".repeat(Math.ceil(bytes / 28)).slice(0, bytes);
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path === "/robots.txt") {
      response.writeHead(404).end();
      return;
    }
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const answer = site.get(path) ?? { kind: "missing", latency: 0 };
    if (answer.kind === "hangs") return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      reply(response, path, answer, text);
    }, answer.latency);
    timers.add(timer);
  });
  server.keepAliveTimeout = 1_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    close: async () => {
      for (const it of timers) clearTimeout(it);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function reply(
  response: ServerResponse,
  path: string,
  answer: Exclude<Answer, { readonly kind: "hangs" }>,
  text: string,
): void {
  switch (answer.kind) {
    case "missing":
      response.writeHead(404).end();
      return;
    case "broken":
      response.writeHead(500).end();
      return;
    case "redirect":
      response.writeHead(302, { location: answer.to }).end();
      return;
    case "short": {
      const page = html(path, answer.links, text);
      response.writeHead(200, { "content-type": "text/html", "content-length": page.length + 500 });
      response.write(page, () => response.destroy());
      return;
    }
    case "page":
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(html(path, answer.links, text));
  }
}

function html(path: string, links: readonly string[], text: string): string {
  const items = links.map((it) => `<li><a href="${it}">${it}</a></li>`).join("");
  return `<!doctype html><title>${path}</title><h1>${path}</h1><ul>${items}</ul><p>${text}</p>`;
}
