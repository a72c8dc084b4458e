import type { SiteOptions } from "../protocol/crawl.js";
import type { Work } from "./download.js";

/** What a thread of the crawler's bundle is for. */
export type Role =
  | { readonly kind: "lab" }
  | { readonly kind: "pages"; readonly work: Work }
  | { readonly kind: "site"; readonly options: SiteOptions };
