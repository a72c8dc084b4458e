import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../harness/engine.js";

// What VS Code does not say about a walkthrough: a wrong name is just a step that does nothing.

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

const { contributes } = JSON.parse(
  readFileSync(path.join(root, "package.json"), "utf8"),
) as Manifest;
const commands = contributes.commands.map((it) => it.command);
const steps = contributes.walkthroughs.flatMap((it) => it.steps);
const sources = ["src/timeline/timeline.ts"].map((it) => readFileSync(path.join(root, it), "utf8"));

describe("the walkthrough", () => {
  it("has five steps", () => {
    expect(steps.length).toBe(5);
  });

  it.each(steps)("$id: its links are commands, and something completes it", (step) => {
    const links = [...step.description.matchAll(/\(command:([\w.]+)/g)].map((it) => it[1]);
    expect(links.length).toBeGreaterThan(0);
    for (const it of links) expect(commands).toContain(it);
    expect(step.completionEvents.length).toBeGreaterThan(0);
    for (const it of step.completionEvents) {
      const [kind, name = ""] = it.split(":");
      if (kind === "onCommand") expect(commands).toContain(name);
      else {
        const key = name.replace("happensBefore.", "");
        expect(sources.some((text) => text.includes(`setContext("${key}", true)`))).toBe(true);
      }
    }
  });

  it.each(steps)("$id: its picture is described and follows the theme", ({ media }) => {
    expect(media.altText.length).toBeGreaterThan(20);
    const svg = readFileSync(path.join(root, media.svg), "utf8");
    const colors = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map((it) => it[1] ?? "");
    expect(colors.length).toBeGreaterThan(5);
    for (const it of colors) expect(it).toMatch(/^(none$|var\(--vscode-)/);
  });
});
