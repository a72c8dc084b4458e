import { expect, it } from "vitest";
import type { Diagnostic } from "vscode-languageserver/node";
import { Publisher } from "../../../language-server/server/publisher.js";

const at = (line: number): Diagnostic => ({
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
  message: `line ${line}`,
});

function textOf({ message }: Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

function publisher(): { of: Publisher; sent: string[] } {
  const sent: string[] = [];
  const of = new Publisher((uri, diagnostics) => {
    sent.push(`${uri} ${diagnostics.map(textOf).join(", ")}`);
  });
  return { of, sent };
}

it("sends a file again only when it differs", () => {
  const { of, sent } = publisher();
  of.publish("u", new Map([["a", [at(1)]]]));
  of.publish("u", new Map([["a", [at(1)]]]));
  of.publish("u", new Map([["a", [at(2)]]]));
  expect(sent).toEqual(["a line 1", "a line 2"]);
});

it("clears files that are no longer named, once", () => {
  const { of, sent } = publisher();
  of.publish("u", new Map([["a", [at(1)]]]));
  of.publish("u", new Map());
  of.publish("u", new Map());
  expect(sent).toEqual(["a line 1", "a "]);
});

it("joins what two units say of a file, without saying it twice", () => {
  const { of, sent } = publisher();
  of.publish("u", new Map([["a", [at(1)]]]));
  of.publish("v", new Map([["a", [at(1), at(2)]]]));
  of.publish("u", new Map());
  expect(sent).toEqual(["a line 1", "a line 1, line 2"]);
});
