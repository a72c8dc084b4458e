// A thread that downloads and reads pages. What crosses is plain: a url to it, a `Download` from it.

import type { MessagePort } from "node:worker_threads";
import { Agent } from "undici";
import { download, type Download, type Work } from "../download.js";

/** To a thread: a page, or that it is over. */
export type Order = { readonly kind: "page"; readonly url: string } | { readonly kind: "stop" };

export function servePages(work: Work, port: MessagePort): void {
  const agent = new Agent({ connections: 2, pipelining: 1 });
  const stop = new AbortController();
  port.on("message", (order: Order) => {
    if (order.kind === "stop") {
      stop.abort();
      void agent.destroy().then(() => {
        port.close();
      });
      return;
    }
    void download(order.url, agent, work, stop.signal).then((it: Download) => {
      port.postMessage(it);
    });
  });
}
