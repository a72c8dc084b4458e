// The sources of `happens-before/go` as one text, from which the TypeScript front end reads them: after a change in `library/`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const files = readdirSync("library")
  .filter((it) => it.endsWith(".ts"))
  .sort();
const text = files.map((it) => `// ─── ${it}\n${readFileSync(`library/${it}`, "utf8")}`).join("");
writeFileSync("language-server/frontend/ts/models/go-library.ts.txt", text);
