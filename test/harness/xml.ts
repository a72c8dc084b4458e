// Whether a text is well-formed XML, as far as drawings need: elements, attributes, text and the five entities. A browser's
// parser has the last word elsewhere; this one needs none.

const name = "[A-Za-z_][\\w.:-]*";
const tag = new RegExp(`^<(/?)(${name})((?:\\s+${name}="[^"<]*")*)\\s*(/?)>`);
const reference = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** What is wrong with it; "" when nothing. */
export function xmlErrors(text: string): string {
  if (forbidden.test(text)) return "a character that XML cannot hold";
  if (reference.test(text)) return "an ampersand that is no entity";
  const open: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const found = tag.exec(rest);
    const where = rest.slice(0, 60);
    if (found === null) {
      const end = rest.indexOf("<", 1);
      if (rest.startsWith("<") || open.length === 0) return `no element: ${where}`;
      rest = end < 0 ? "" : rest.slice(end);
      continue;
    }
    const [all, closes = "", element = "", attributes = "", empty = ""] = found;
    const names = [...attributes.matchAll(new RegExp(`(${name})=`, "g"))].map((it) => it[1]);
    if (new Set(names).size < names.length) return `an attribute twice: ${where}`;
    if (closes !== "" && open.pop() !== element) return `closes what is not open: ${where}`;
    if (closes === "" && empty === "") open.push(element);
    rest = rest.slice(all.length);
    if (open.length === 0 && rest.trim() !== "") return `text after the end: ${rest.slice(0, 60)}`;
  }
  return open.length === 0 ? "" : `never closed: ${open.join(", ")}`;
}
