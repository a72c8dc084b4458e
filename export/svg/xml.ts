// Markup as text. Everything that comes from the program goes through `escapeXml`, in text and in attributes alike.

type Attributes = Readonly<Record<string, string | number>>;

/** An element; children are markup already. Numbers are cut to tenths. */
export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly string[]
): string {
  const list = Object.entries(attributes)
    .map(
      ([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escapeXml(value)}"`,
    )
    .join("");
  return children.length === 0
    ? `<${name}${list}/>`
    : `<${name}${list}>${children.join("")}</${name}>`;
}

/** Safe as text and in double quotes, in XML and HTML. What XML cannot hold at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}
