// The crawler one page after the other. Nothing can go wrong, and nothing is done while a page is on its way.

import { fetchPage } from "./site.js";

type FetchPage = (url: string) => Promise<readonly string[]>;

export async function crawl(start: string, fetchPage: FetchPage): Promise<number> {
  const fetched = new Set([start]);
  for (const url of fetched) {
    for (const link of await fetchPage(url)) fetched.add(link);
  }
  return fetched.size;
}

if (import.meta.main) console.log(await crawl("/", fetchPage), "pages");
