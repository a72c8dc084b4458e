// One page over the network, within limits. Whatever the other side does, this ends and says how.

import { pbkdf2Sync } from "node:crypto";
import { type Agent, request } from "undici";
import { type Body, discard } from "./body.js";
import { LinkReader } from "./link-reader.js";
import type { Limits } from "./limits.js";
import { normalise } from "./urls.js";

export type Download =
  | {
      readonly kind: "page";
      readonly links: readonly string[];
      readonly bytes: number;
      /** The body was longer than allowed, or broke off. */
      readonly cut: boolean;
    }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface Work {
  readonly limits: Limits;
  /** Rounds of hashing per page: what a page costs besides waiting. */
  readonly rounds: number;
}

export const userAgent = "HappensBeforeCrawler/1.0";
const failed = (reason: string): Download => ({ kind: "failed", reason });

export async function download(
  url: string,
  agent: Agent,
  work: Work,
  cancelled: AbortSignal,
): Promise<Download> {
  const late = AbortSignal.timeout(work.limits.pageMillis);
  const signal = AbortSignal.any([late, cancelled]);
  try {
    return await ask(url, agent, work, signal);
  } catch (error) {
    if (cancelled.aborted) return failed("cancelled");
    if (late.aborted) return failed(`no answer within ${work.limits.pageMillis} ms`);
    return failed(reasonOf(error));
  }
}

async function ask(url: string, agent: Agent, work: Work, signal: AbortSignal): Promise<Download> {
  const headers = { "user-agent": userAgent, "accept-encoding": "identity", accept: "text/html" };
  const {
    statusCode,
    headers: got,
    body,
  } = await request(url, { dispatcher: agent, headers, signal });
  const location = one(got["location"]);
  if (statusCode >= 300 && statusCode < 400 && location !== undefined) {
    discard(body);
    const to = normalise(location, url);
    return to === null
      ? failed(`redirects to ${location.slice(0, 100)}`)
      : { kind: "redirect", to };
  }
  if (statusCode !== 200) {
    discard(body);
    return failed(`status ${statusCode}`);
  }
  const type = one(got["content-type"]) ?? "text/html";
  if (!/html/i.test(type)) {
    discard(body);
    return { kind: "page", links: [], bytes: 0, cut: false };
  }
  return read(url, body, work);
}

async function read(url: string, body: Body, { limits, rounds }: Work): Promise<Download> {
  const reader = new LinkReader(url, limits.linksPerPage);
  let bytes = 0;
  let cut = false;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const room = limits.bodyBytes - bytes;
      reader.read(chunk.length > room ? chunk.subarray(0, room) : chunk);
      bytes += Math.min(chunk.length, room);
      if (chunk.length > room || reader.isFull) {
        cut = true;
        break;
      }
    }
  } catch (error) {
    // What came before the connection broke is still a page. A page that takes too long is none.
    if (isAbort(error) || bytes === 0) throw error;
    cut = true;
  } finally {
    discard(body);
  }
  if (rounds > 0) pbkdf2Sync(url, "page", rounds, 32, "sha256");
  return { kind: "page", links: reader.end(), bytes, cut };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && /abort|timeout/i.test(error.name);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return code === "" ? error.message.slice(0, 200) : code;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
