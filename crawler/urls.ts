/**
 * The one spelling of a link, so that the same page is not taken for two: without its fragment, with the default port left
 * out, dots resolved, parameters in their order, and no empty query.
 * @returns `null` for what is no page of `http` or `https`
 */
export function normalise(href: string, base: string): string | null {
  let url: URL;
  try {
    url = new URL(href.trim(), base);
  } catch {
    return null;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  url.hash = "";
  url.username = "";
  url.password = "";
  url.hostname = url.hostname.replace(/\.$/, "");
  if (url.search === "") url.search = "";
  return url.href;
}

export function sameOrigin(url: string, other: string): boolean {
  return new URL(url).origin === new URL(other).origin;
}
