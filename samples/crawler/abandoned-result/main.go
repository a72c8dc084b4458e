// The crawler that only wants to know whether some page links to the one it looks for. It leaves at the first that does;
// the other workers wait for ever to send what nobody receives.
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

// linked asks all pages at once whether they link to target.
func linked(target string, pages []string, f *fetcher) bool {
	found := make(chan []string)
	for _, url := range pages {
		go worker(url, f, found)
	}
	for range pages {
		for _, link := range <-found {
			if link == target {
				return true
			}
		}
	}
	return false
}

func main() {
	fmt.Println(linked("/b", []string{"/", "/a"}, newFetcher(site)))
}
