import type { Finding } from "../../protocol/finding.js";

// Expectations live in the fixture, beside the line they are about:
//
//     x++          // want lost-update "written by"
//     print(x)     // also lost-update
//     v.SetInt(1)  // miss lost-update: reflect is not modelled
//     once.Do(f)   // false lost-update: once is not seen as ordering
//
// `want` is a finding's primary place, `also` one of its related places; the quoted text is a substring of the
// message. `miss` and `false` record what the tool gets wrong today: the line should have a finding and has none,
// or has one and should not. They fail when that changes. Wants and findings match one to one.

export type Role = "want" | "also" | "miss" | "false";

export interface Want {
  /** Zero-based. */
  readonly line: number;
  readonly role: Role;
  readonly code: string;
  readonly text: string;
}

const expectation = /^\s*(want|also|miss|false) ([a-z-]+)(?: "([^"]*)"|: (.*))?\s*$/;

export function parseWants(source: string, codes: readonly string[]): Want[] {
  return source.split("\n").flatMap((text, line) =>
    text
      .split("//")
      .slice(1)
      .flatMap((comment): Want[] => {
        const match = expectation.exec(comment);
        if (match === null) return [];
        const [, role, code = "", quoted] = match;
        if (!codes.includes(code)) throw new Error(`${line + 1}: no check is called ${code}`);
        return [{ line, role: role as Role, code, text: quoted ?? "" }];
      }),
  );
}

/** The differences as lines of text; empty when the fixture is right. */
export function compareWants(wants: readonly Want[], findings: readonly Finding[]): string[] {
  const unmatched = findings.flatMap(sitesOf);
  const problems: string[] = [];
  for (const want of wants) {
    const index = unmatched.findIndex((it) => matches(want, it));
    if (want.role === "miss" && index >= 0) {
      problems.push(`${want.line + 1}: found at last: turn miss into want`);
    }
    if (want.role !== "miss" && index < 0) {
      problems.push(`${want.line + 1}: no finding for ${want.role} ${want.code} "${want.text}"`);
    }
    if (index >= 0) unmatched.splice(index, 1);
  }
  // Related places are compared only in fixtures that name some.
  const strict = wants.some((it) => it.role === "also");
  const extra = unmatched.filter((it) => it.role === "want" || strict);
  return [
    ...problems,
    ...extra.map((it) => `${it.line + 1}: unexpected ${it.role} ${it.code} "${it.text}"`),
  ];
}

function matches(want: Want, site: Want): boolean {
  const role = want.role === "also" ? "also" : "want";
  return (
    site.role === role &&
    site.code === want.code &&
    site.line === want.line &&
    site.text.includes(want.text)
  );
}

function sitesOf(finding: Finding): Want[] {
  const at = (role: Role, line: number, text: string): Want => ({
    line,
    role,
    code: finding.code,
    text,
  });
  return [
    at("want", finding.primary.span.start.line, finding.message),
    ...finding.related.map((it) => at("also", it.span.start.line, it.message)),
  ];
}
