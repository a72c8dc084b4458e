import robotsParser from "robots-parser";
import { type Agent, request } from "undici";
import { type Body, discard } from "./body.js";
import { userAgent } from "./download.js";

/** What a site asks of crawlers. */
export interface Robots {
  allows(url: string): boolean;
  /** Why it does not allow what it does not. */
  readonly refusal: string;
  /** Milliseconds between two pages, if it says. */
  readonly delay: number | null;
}

interface Rules {
  isAllowed(url: string, agent: string): boolean | undefined;
  getCrawlDelay(agent: string): number | undefined;
}
// Its types speak of a default export; what it exports is the function itself.
const parse = robotsParser as unknown as (url: string, text: string) => Rules;

const anything: Robots = { allows: () => true, refusal: "", delay: null };
const nothing: Robots = {
  allows: () => false,
  refusal: "robots.txt cannot be had",
  delay: null,
};
const mostBytes = 500_000;

/** No robots.txt allows everything; one that cannot be had allows nothing (RFC 9309, 2.3.1). */
export async function robotsOf(
  start: string,
  agent: Agent,
  cancelled: AbortSignal,
): Promise<Robots> {
  const url = new URL("/robots.txt", start).href;
  const signal = AbortSignal.any([AbortSignal.timeout(5_000), cancelled]);
  try {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      headers: { "user-agent": userAgent, "accept-encoding": "identity" },
      signal,
    });
    if (statusCode !== 200) {
      discard(body);
      return statusCode >= 500 ? nothing : anything;
    }
    const rules = parse(url, await textOf(body));
    const seconds = rules.getCrawlDelay(userAgent);
    return {
      allows: (it) => rules.isAllowed(it, userAgent) !== false,
      refusal: "robots.txt",
      delay: seconds === undefined ? null : Math.min(seconds, 30) * 1000,
    };
  } catch {
    return nothing;
  }
}

async function textOf(body: Body): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) break;
  }
  discard(body);
  return Buffer.concat(chunks).subarray(0, mostBytes).toString("utf8");
}
