import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { panelCommands } from "../../../protocol/panel-commands.js";

// The manifest repeats the list of the panel's commands. `UPDATE=1` writes it there.

interface Command {
  readonly command: string;
  readonly category: string;
  readonly title: string;
  readonly enablement?: string;
}

interface PaletteEntry {
  readonly command: string;
  readonly when?: string;
}

interface Manifest {
  readonly contributes: {
    commands: readonly Command[];
    readonly menus: { commandPalette: readonly PaletteEntry[] };
  };
}

const file = join(import.meta.dirname, "../../../package.json");
const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
const open = "happensBefore.traceOpen";

const wanted = Object.entries(panelCommands).map(
  ([name, title]): Command => ({
    command: `happensBefore.${name}`,
    category: "Happens Before",
    title,
    enablement: open,
  }),
);

const { contributes } = manifest;
const names = new Set(wanted.map((it) => it.command));
const own = <T extends { readonly command: string }>(entries: readonly T[]): readonly T[] =>
  entries.filter((it) => names.has(it.command));

if (process.env["UPDATE"] === "1") {
  const others = <T extends { readonly command: string }>(entries: readonly T[]): readonly T[] =>
    entries.filter((it) => !names.has(it.command));
  contributes.commands = [...others(contributes.commands), ...wanted];
  contributes.menus.commandPalette = [
    ...others(contributes.menus.commandPalette),
    ...wanted.map(({ command }) => ({ command, when: open })),
  ];
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

describe("the manifest", () => {
  it("has the panel's commands, each once, under the names of the list", () => {
    expect(own(contributes.commands)).toEqual(wanted);
  });

  it("shows them in the palette only while a schedule is open", () => {
    expect(own(contributes.menus.commandPalette)).toEqual(
      wanted.map(({ command }) => ({ command, when: open })),
    );
  });
});
