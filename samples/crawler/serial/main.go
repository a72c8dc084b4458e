// The serial crawler: one goroutine, one page after the other. The baseline the others are measured against.
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

func crawl(url string, f *fetcher, fetched map[string]bool) {
	if fetched[url] {
		return
	}
	fetched[url] = true
	for _, link := range f.fetch(url) {
		crawl(link, f, fetched)
	}
}

func main() {
	fetched := map[string]bool{}
	crawl("/", newFetcher(site), fetched)
	fmt.Println(len(fetched), "pages")
}
