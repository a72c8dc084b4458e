//go:build go1.21

// The crawler as it was written before Go 1.22, when all rounds of a loop shared one variable: by the time a goroutine
// reads `link`, the loop has moved on, and pages are left out.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// site is a small web with cycles: page → links.
var site = map[string][]string{
	"/":  {"/a", "/b"},
	"/a": {"/b", "/"},
	"/b": {"/a"},
}

// fetcher stands for the network. It stops the program when a page is fetched twice.
type fetcher struct {
	pages map[string][]string
	times map[string]*atomic.Int32
}

func newFetcher(pages map[string][]string) *fetcher {
	f := &fetcher{pages: pages, times: map[string]*atomic.Int32{}}
	for page := range pages {
		f.times[page] = new(atomic.Int32)
	}
	return f
}

func (f *fetcher) fetch(url string) []string {
	if f.times[url].Add(1) > 1 {
		panic("fetched twice: " + url)
	}
	return f.pages[url]
}

// state remembers which pages somebody has begun to fetch.
type state struct {
	mu      sync.Mutex
	fetched map[string]bool
}

// testAndSet says whether url was begun before, and that it is now.
func (s *state) testAndSet(url string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.fetched[url]
	s.fetched[url] = true
	return before
}

func crawl(url string, f *fetcher, s *state) {
	if s.testAndSet(url) {
		return
	}
	var done sync.WaitGroup
	for _, link := range f.fetch(url) {
		done.Add(1)
		go func() {
			defer done.Done()
			crawl(link, f, s)
		}()
	}
	done.Wait()
}

func main() {
	s := &state{fetched: map[string]bool{}}
	crawl("/", newFetcher(site), s)
	fmt.Println(len(s.fetched), "pages")
}
