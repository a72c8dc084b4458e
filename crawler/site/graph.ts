// A website that nobody wrote: the same seed gives the same pages, links, delays and errors.

import type { SiteOptions } from "../../protocol/crawl.js";

export type Answer =
  | { readonly kind: "page"; readonly links: readonly string[]; readonly latency: number }
  | { readonly kind: "redirect"; readonly to: string; readonly latency: number }
  | { readonly kind: "missing"; readonly latency: number }
  | { readonly kind: "broken"; readonly latency: number }
  /** The body breaks off. */
  | { readonly kind: "short"; readonly links: readonly string[]; readonly latency: number }
  /** Never answers. */
  | { readonly kind: "hangs" };

export type Site = ReadonlyMap<string, Answer>;

/** Page `n` of the site. */
export const pathOf = (n: number): string => (n === 0 ? "/" : `/page/${n}`);

/**
 * A tree, so that every page can be reached, and links in any direction besides: cycles, links to itself, links twice.
 * Beside the pages stand the troubles: what is missing, what redirects, what fails, what breaks off.
 */
export function generateSite(options: SiteOptions): Site {
  const random = randomFrom(options.seed);
  const below = (n: number): number => Math.floor(random() * n);
  const links = Array.from({ length: options.pages }, (): string[] => []);
  for (let page = 1; page < options.pages; page++) {
    links[below(page)]?.push(pathOf(page));
    for (let i = 0; i < options.links; i++) links[page]?.push(pathOf(below(options.pages)));
  }
  const site = new Map<string, Answer>();
  const latency = (): number => Math.round(options.latency * (0.5 + random()));
  const kinds = ["missing", "redirect", "broken", "short", "loop", "fragment"] as const;
  for (const [page, out] of links.entries()) {
    if (random() < options.trouble) {
      const kind = kinds[below(kinds.length)] ?? "missing";
      const url = `/${kind}/${page}`;
      if (kind === "fragment") out.push(`${pathOf(below(options.pages))}#part-${page}`);
      else {
        out.push(url);
        site.set(url, trouble(kind, url, pathOf(below(options.pages)), latency()));
      }
    }
    site.set(pathOf(page), { kind: "page", links: out, latency: latency() });
  }
  return site;
}

function trouble(
  kind: "missing" | "redirect" | "broken" | "short" | "loop",
  url: string,
  target: string,
  latency: number,
): Answer {
  switch (kind) {
    case "missing":
      return { kind, latency };
    case "broken":
      return { kind, latency };
    case "redirect":
      return { kind, to: target, latency };
    case "loop":
      return { kind: "redirect", to: url, latency };
    case "short":
      return { kind, links: [target], latency };
  }
}

/** Everything a crawl of the site must ask for, each once. */
export function reachable(site: Site): ReadonlySet<string> {
  const seen = new Set(["/"]);
  for (const path of seen) {
    const answer = site.get(path);
    for (const link of answer === undefined ? [] : linksOf(answer)) seen.add(withoutFragment(link));
  }
  return seen;
}

function linksOf(answer: Answer): readonly string[] {
  switch (answer.kind) {
    case "page":
    case "short":
      return answer.links;
    case "redirect":
      return [answer.to];
    default:
      return [];
  }
}

const withoutFragment = (link: string): string => link.replace(/#.*$/, "");

/** mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
