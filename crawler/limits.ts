/** What a crawl may use at most. Times in milliseconds, sizes in bytes. */
export interface Limits {
  readonly pages: number;
  /** Links from the start; the start is 0. */
  readonly depth: number;
  /** Redirects in a row. */
  readonly redirects: number;
  /** From asking for a page to its last byte. */
  readonly pageMillis: number;
  readonly bodyBytes: number;
  readonly linksPerPage: number;
  /** Pages that may begin per second. */
  readonly rate: number;
  /** Connections open at a time. */
  readonly connections: number;
  readonly crawlMillis: number;
}

/** For the generated site: generous, as it is our own. */
export const siteLimits: Limits = {
  pages: 2_000,
  depth: 1_000,
  redirects: 5,
  pageMillis: 5_000,
  bodyBytes: 1_000_000,
  linksPerPage: 1_000,
  rate: Infinity,
  connections: 128,
  crawlMillis: 120_000,
};

/** For a site that somebody types: few pages, slowly, as a guest. */
export const guestLimits: Limits = {
  ...siteLimits,
  pages: 60,
  depth: 4,
  pageMillis: 10_000,
  linksPerPage: 200,
  rate: 5,
  connections: 4,
};
