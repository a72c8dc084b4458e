import { expect, it } from "vitest";
import { declarationOf } from "../../../language-server/lessons/declarations.js";

const go = `package main

func (s *state) add(n int) {
	// a comment
	s.n += n

}

func Map[T any](of []T) {
	if true {
	}
}
`;

const ts = `class Account {
  balance = 0;

  async deposit(amount: number): Promise<void> {
    this.balance += amount;
  }
}

export async function main(): Promise<void> {
  await deposit(1);
}
`;

it.each([
  [go, "add", ["func (s *state) add(n int) {", "s.n += n", "}"]],
  [go, "Map", ["func Map[T any](of []T) {", "if true {", "}", "}"]],
  [go, "ad", null],
  [
    ts,
    "deposit",
    ["async deposit(amount: number): Promise<void> {", "this.balance += amount;", "}"],
  ],
  [ts, "main", ["export async function main(): Promise<void> {", "await deposit(1);", "}"]],
  [ts, "balance", null],
])("%#: the lines of %s", (text, name, lines) => {
  expect(declarationOf(text, name)).toEqual(lines);
});

it("a class is all of its lines", () => {
  expect(declarationOf(ts, "Account")?.length).toBe(6);
});
