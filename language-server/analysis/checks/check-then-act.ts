import type { Check, Pass } from "../check.js";
import { splitUpdates } from "../facts/split-updates.js";
import { reportSplit } from "../split-report.js";

export const checkThenAct: Check = {
  code: "check-then-act",
  language: "go",
  doc: {
    title: "a test and the act on it are two critical sections",
    text: `The test holds the lock, and so does the act, but the lock is given back in between.
Another goroutine may act meanwhile, so that what was tested is no longer true: two goroutines both find the page missing and both fetch it.
Hold the lock from the test to the end of the act, or test again after taking it the second time.`,
    bad: `package main

import (
	"fmt"
	"sync"
)

type session struct{ user string }

type sessions struct {
	mu  sync.Mutex
	all map[string]*session
}

func (s *sessions) get(user string) *session {
	s.mu.Lock()
	known := s.all[user]
	s.mu.Unlock()
	if known != nil {
		return known
	}
	made := &session{user: user}
	s.mu.Lock()
	s.all[user] = made
	s.mu.Unlock()
	return made
}

func main() {
	s := &sessions{all: map[string]*session{}}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { fmt.Println(s.get("ann").user) })
	}
	wg.Wait()
}
`,
    good: `package main

import (
	"fmt"
	"sync"
)

type session struct{ user string }

type sessions struct {
	mu  sync.Mutex
	all map[string]*session
}

func (s *sessions) get(user string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.all[user]; known != nil {
		return known
	}
	made := &session{user: user}
	s.all[user] = made
	return made
}

func main() {
	s := &sessions{all: map[string]*session{}}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { fmt.Println(s.get("ann").user) })
	}
	wg.Wait()
}
`,
    since: "0.1.0",
    severity: "warning",
  },
  run: (pass: Pass) => {
    for (const it of pass.get(splitUpdates)) {
      if (it.by !== "branch" || it.read.guard !== "lock") continue;
      reportSplit(
        pass,
        it,
        ({ name, lock, read, write }) =>
          `\`${name}\` is tested (L${read}) and changed (L${write}) under \`${lock}\`, but not under one hold of it: another goroutine may change it in between`,
      );
    }
  },
};
