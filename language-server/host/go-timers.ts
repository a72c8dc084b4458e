// How the channels of timers behave is a setting of the run-time (https://go.dev/doc/godebug): it is asked for in the
// package's own files, in go.mod or go.work, and without that follows from the Go version.

import type { TimerRules } from "../ir/ir.js";

/** `texts`: the files of the main package; `settings` and `goVersion`: of go.mod or go.work, "" for the newest version. */
export function timerRules(
  texts: readonly string[],
  settings: ReadonlyMap<string, string>,
  goVersion: string,
): TimerRules {
  const inFiles = new Map(texts.flatMap(debugLines));
  const asked = inFiles.get("asynctimerchan") ?? settings.get("asynctimerchan");
  if (asked !== undefined) return asked === "0" ? "unbuffered" : "buffered";
  const version = inFiles.get("default") ?? settings.get("default") ?? goVersion;
  const [, major = "", minor = ""] = /^(?:go)?(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (major === "") return "unbuffered";
  return Number(major) === 1 && Number(minor) < 23 ? "buffered" : "unbuffered";
}

/** `//go:debug name=value` before the package clause. */
function debugLines(text: string): (readonly [string, string])[] {
  const head = text.slice(0, text.search(/^package\s/m));
  return [...head.matchAll(/^\/\/go:debug\s+(\w+)=(\S+)/gm)].map(
    ([, name = "", value = ""]) => [name, value] as const,
  );
}
