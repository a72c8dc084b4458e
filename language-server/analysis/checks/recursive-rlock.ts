import type { Check, Pass } from "../check.js";
import { expressionOf, funcWords, lineOf } from "../facts/names.js";
import { recursiveReads, type RecursiveRead } from "../facts/recursive-reads.js";
import { siteOf, sitesOf } from "../sites.js";
import { spanOf } from "../../ir/access.js";

export const recursiveRlock: Check = {
  code: "recursive-rlock",
  language: "go",
  doc: {
    title: "a lock is taken for reading by who reads already",
    text: `A goroutine that holds a lock for reading and takes it for reading again gets it, unless somebody waits to write in between: then the second \`RLock\` waits for the writer, and the writer for the first one.
That needs an unlucky moment, so it shows up in production and not in tests.
Split the inner function in two, one that takes the lock and one that expects it to be held.
It is reported only where some goroutine may come to take the lock for writing meanwhile.`,
    bad: `package main

import "sync"

type store struct {
	mu    sync.RWMutex
	items map[string]int
}

func (s *store) get(key string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.items[key]
}

func (s *store) sum(keys []string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	total := 0
	for _, key := range keys {
		total += s.get(key)
	}
	return total
}

func (s *store) set(key string, value int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[key] = value
}

func main() {
	s := &store{items: map[string]int{}}
	done := make(chan bool)
	go func() {
		s.set("a", 1)
		done <- true
	}()
	_ = s.sum([]string{"a"})
	<-done
}
`,
    good: `package main

import "sync"

type store struct {
	mu    sync.RWMutex
	items map[string]int
}

func (s *store) sum(keys []string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	total := 0
	for _, key := range keys {
		total += s.items[key]
	}
	return total
}

func (s *store) set(key string, value int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[key] = value
}

func main() {
	s := &store{items: map[string]int{}}
	done := make(chan bool)
	go func() {
		s.set("a", 1)
		done <- true
	}()
	_ = s.sum([]string{"a"})
	<-done
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run,
};

function run(pass: Pass): void {
  for (const it of pass.get(recursiveReads)) report(pass, it);
}

function report(pass: Pass, { read, again, writers, assumed }: RecursiveRead): void {
  const { program } = pass;
  const { func, held, span, inside } = read;
  const name = expressionOf(program, func, held.reg) || "the lock";
  const [writer] = writers;
  const by = writer === undefined ? "" : ` (L${lineOf(program, writer)})`;
  const how = inside === null ? "again here" : `again by ${funcWords(program, inside.func)}`;
  const places = writers.map((it) => [spanOf(program, again), spanOf(program, it)]);
  pass.report({
    message: `\`${name}\` is held for reading (taken at L${lineOf(program, held.span)}) and taken for reading ${how}: if \`Lock\`${by} comes in between, each waits for the other forever`,
    primary: siteOf(
      program,
      span,
      inside === null ? "taken again here" : "taken again by this call",
    ),
    related: sitesOf(program, [
      [held.span, `\`${name}\` is taken here`],
      ...(inside === null ? [] : [[inside.span, "and taken again here"] as const]),
      ...writers.map((it) => [it, "taken for writing here, meanwhile"] as const),
    ]),
    severity: "error",
    confidence: "possible",
    candidate: { outcome: "deadlock", places, or: { outcome: "leak", places } },
    assumed,
    subject: { func: func.name, path: held.path.text },
  });
}
