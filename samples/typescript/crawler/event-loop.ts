// The crawler as callbacks on one thread. Between two `await`s nobody else runs, so the test and the set need no lock;
// many pages are on their way at once all the same, which is concurrency without parallelism.

import { fetchPage } from "./site.js";

type FetchPage = (url: string) => Promise<readonly string[]>;

export function crawl(start: string, fetchPage: FetchPage): Promise<number> {
  const fetched = new Set<string>();
  let underway = 0;
  return new Promise((resolve, reject) => {
    const visit = (url: string): void => {
      if (fetched.has(url)) return;
      fetched.add(url);
      underway++;
      fetchPage(url).then((links) => {
        for (const link of links) visit(link);
        underway--;
        if (underway === 0) resolve(fetched.size);
      }, reject);
    };
    visit(start);
  });
}

if (import.meta.main) console.log(await crawl("/", fetchPage), "pages");
