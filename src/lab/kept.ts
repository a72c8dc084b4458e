import type { LabNews } from "../../protocol/crawl.js";

/** More than the largest crawl of the generated site with all forms tells. */
const mostEvents = 100_000;

/** What the crawl has told, for a page that was hidden meanwhile and begins anew. */
export class KeptNews {
  #news: LabNews[] = [];
  #events = 0;
  #dropped = 0;

  clear(): void {
    this.#news = [];
    this.#events = 0;
    this.#dropped = 0;
  }

  /** Events above the bound are counted instead. */
  add(news: LabNews): void {
    if (news.kind === "events") {
      if (this.#events + news.events.length > mostEvents) {
        this.#dropped += news.events.length;
        return;
      }
      this.#events += news.events.length;
    }
    this.#news.push(news);
  }

  get all(): readonly LabNews[] {
    return this.#news;
  }

  get dropped(): number {
    return this.#dropped;
  }
}
