// What a Go installation adds when there is one: types of packages that are neither in the module
// cache nor vendored, as the export data of compiled packages. User code is compiled, never run.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { GoExport } from "./go-message.js";

const run = promisify(execFile);
const timeoutMillis = 20_000;
const maxOutput = 64 << 20;

interface Listed {
  readonly ImportPath: string;
  readonly Export?: string;
  readonly Imports?: readonly string[];
  readonly Standard?: boolean;
}

/** Export data of the paths and of what they need, the standard library apart; empty without Go. */
export async function exportsOf(dir: string, paths: readonly string[]): Promise<GoExport[]> {
  // A path that no module provides makes the go command refuse them all; what the saved package
  // needs is then the next best.
  const stdout = (await list(dir, paths)) ?? (await list(dir, ["."])) ?? "";
  return listed(stdout).flatMap((it) => exportOf(it));
}

/** What `go list` prints; null when there is no Go, no module or no time. */
async function list(dir: string, patterns: readonly string[]): Promise<string | null> {
  const fields = "-json=ImportPath,Export,Imports,Standard";
  const args = ["list", "-e", "-export", "-deps", fields, "--", ...patterns];
  const env = { GOFLAGS: "", GOPROXY: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" };
  try {
    const { stdout } = await run("go", args, {
      cwd: dir,
      timeout: timeoutMillis,
      maxBuffer: maxOutput,
      env: { ...process.env, ...env },
    });
    return stdout;
  } catch {
    return null;
  }
}

/** The go command prints one object after the other, each ending in a brace of its own line. */
function listed(stdout: string): Listed[] {
  return stdout
    .split(/^\}$/m)
    .filter((it) => it.trim() !== "")
    .map((it) => JSON.parse(`${it}}`) as Listed);
}

function exportOf(it: Listed): GoExport[] {
  if (it.Standard === true || it.Export === undefined || it.Export === "") return [];
  try {
    const data = exportSection(readFileSync(it.Export));
    return data === null
      ? []
      : [{ path: it.ImportPath, imports: [...(it.Imports ?? [])].sort(), data }];
  } catch {
    return [];
  }
}

/**
 * The compiler writes an archive whose first member holds the export data: text lines up to
 * `$$B\n`, and the data up to `\n$$\n`.
 */
function exportSection(archive: Buffer): Uint8Array | null {
  const start = archive.indexOf("\n$$B\n");
  const end = archive.indexOf("\n$$\n", start + 5);
  return start < 0 || end < 0 ? null : new Uint8Array(archive.subarray(start + 5, end));
}
