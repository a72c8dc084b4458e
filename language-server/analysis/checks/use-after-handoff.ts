import type { Check } from "../check.js";
import { reportRaces } from "../race-report.js";

export const useAfterHandoff: Check = {
  code: "use-after-handoff",
  language: "go",
  doc: {
    title: "an object is used after it was sent to another goroutine",
    text: `Sending a pointer, slice or map through a channel hands over what it points to: from then on the receiver works with it.
Whoever sends it and then goes on to write it, or to read what the receiver writes, races with the receiver.
The usual case is a buffer or struct that is reused in the next round of a loop.
Use the object before the send, send a copy, or make a new one for each round.`,
    bad: `package main

import "fmt"

type job struct{ id int }

func main() {
	jobs := make(chan *job)
	done := make(chan bool)
	go func() {
		fmt.Println((<-jobs).id)
		done <- true
	}()
	j := &job{id: 1}
	jobs <- j
	j.id = 2
	<-done
}
`,
    good: `package main

import "fmt"

type job struct{ id int }

func main() {
	jobs := make(chan *job)
	done := make(chan bool)
	go func() {
		fmt.Println((<-jobs).id)
		done <- true
	}()
	j := &job{id: 1}
	jobs <- j
	<-done
	j.id = 2
}
`,
    since: "0.1.0",
    severity: "error",
  },
  run: (pass) => {
    reportRaces(pass, "use-after-handoff");
  },
};
