// The entry of all threads of the crawler.

import { parentPort, workerData } from "node:worker_threads";
import { startLab } from "./lab.js";
import type { Role } from "./roles.js";
import { serveSite } from "./site/serve.js";
import { generateSite } from "./site/graph.js";
import { servePages } from "./threads/page-thread.js";

if (parentPort !== null) {
  const port = parentPort;
  const role = workerData as Role;
  switch (role.kind) {
    case "lab":
      startLab(port, import.meta.filename);
      break;
    case "pages":
      servePages(role.work, port);
      break;
    case "site":
      void serveSite(generateSite(role.options), role.options.bytes).then(({ url }) => {
        port.postMessage(url);
      });
  }
}
