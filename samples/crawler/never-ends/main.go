// The crawler with a coordinator that does not count. It ranges over a channel that nobody closes: when the last page
// is in, it waits for ever.
package main

import (
	"fmt"
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

func worker(url string, f *fetcher, found chan<- []string) {
	found <- f.fetch(url)
}

func coordinator(found chan []string, f *fetcher) int {
	fetched := map[string]bool{}
	for links := range found {
		for _, link := range links {
			if !fetched[link] {
				fetched[link] = true
				go worker(link, f, found)
			}
		}
	}
	return len(fetched)
}

func main() {
	found := make(chan []string)
	go func() {
		found <- []string{"/"}
	}()
	fmt.Println(coordinator(found, newFetcher(site)), "pages")
}
