import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A copy of `from` in a temporary folder: tests edit and save, and the samples must stay as they are. */
export function copyWorkspace(from: string): string {
  const to = temporaryFolder("hb-workspace-");
  cpSync(from, to, { recursive: true });
  return to;
}

/** A new empty folder that is removed when this process ends. */
export function temporaryFolder(prefix: string): string {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), prefix));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  return folder;
}
