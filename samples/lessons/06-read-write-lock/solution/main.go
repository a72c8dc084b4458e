// Lesson 6: A lock for readers and writers
//
// Readers do not disturb each other, so a sync.RWMutex lets many in at once. That holds for as
// long as they only read.
//
// Goal: Two readers may look at the pages at once, and who changes them is alone.
// Find: write-under-rlock
// Fix: Take the lock for writing where the pages change, and only there.
// Hint: Lock and Unlock are for writers, RLock and RUnlock for readers.
// Keep: can print "2 pages, 2 readers at once"
// Keep: can print "2 pages, 1 reader at a time"
// Keep: starts 3 goroutines
// Keep: main as it is
// Keep: look as it is

package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

var (
	mu       sync.RWMutex
	pages    = map[string]string{"/": "home"}
	readers  atomic.Int32
	together atomic.Bool
)

func get(url string) string {
	mu.RLock()
	defer mu.RUnlock()
	return look(url)
}

func put(url, text string) {
	mu.Lock()
	defer mu.Unlock()
	pages[url] = text
}

// look reads a page and notes whether somebody else does at the same time.
func look(url string) string {
	if readers.Add(1) == 2 {
		together.Store(true)
	}
	defer readers.Add(-1)
	return pages[url]
}

func main() {
	var done sync.WaitGroup
	done.Go(func() { _ = get("/") })
	done.Go(func() { _ = get("/") })
	done.Go(func() { put("/a", "about") })
	done.Wait()
	if together.Load() {
		fmt.Println(len(pages), "pages, 2 readers at once")
	} else {
		fmt.Println(len(pages), "pages, 1 reader at a time")
	}
}
