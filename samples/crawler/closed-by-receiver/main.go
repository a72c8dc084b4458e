// The crawler whose receiver closes the channel when it has seen enough. A worker that sends after that stops the
// whole program: only who sends knows when nothing more comes.
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

// links collects the links of the pages, but no more than most.
func links(pages []string, most int, f *fetcher) []string {
	found := make(chan []string, len(pages))
	for _, url := range pages {
		go worker(url, f, found)
	}
	var all []string
	for range pages {
		all = append(all, <-found...)
		if len(all) >= most {
			close(found)
			return all[:most]
		}
	}
	return all
}

func main() {
	fmt.Println(links([]string{"/", "/a"}, 2, newFetcher(site)))
}
