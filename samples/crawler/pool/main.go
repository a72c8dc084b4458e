// The crawler as a fixed pool of workers. Each takes a page from the frontier and puts its new links back.
// Who finds the frontier empty waits on a condition, as another worker may still bring links; the crawl is over when none works.
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

// frontier holds what is still to be fetched, and what anybody has ever seen.
type frontier struct {
	mu      sync.Mutex
	changed *sync.Cond
	queue   []string
	seen    map[string]bool
	working int
}

func newFrontier(start string) *frontier {
	f := &frontier{queue: []string{start}, seen: map[string]bool{start: true}}
	f.changed = sync.NewCond(&f.mu)
	return f
}

// next waits for a page to fetch; false says that the crawl is over.
func (f *frontier) next() (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.queue) == 0 && f.working > 0 {
		f.changed.Wait()
	}
	if len(f.queue) == 0 {
		return "", false
	}
	url := f.queue[0]
	f.queue = f.queue[1:]
	f.working++
	return url, true
}

func (f *frontier) finished(links []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.working--
	for _, link := range links {
		if !f.seen[link] {
			f.seen[link] = true
			f.queue = append(f.queue, link)
		}
	}
	f.changed.Broadcast()
}

func worker(todo *frontier, f *fetcher) {
	for {
		url, ok := todo.next()
		if !ok {
			return
		}
		todo.finished(f.fetch(url))
	}
}

func main() {
	todo := newFrontier("/")
	f := newFetcher(site)
	var pool sync.WaitGroup
	for range 2 {
		pool.Go(func() { worker(todo, f) })
	}
	pool.Wait()
	fmt.Println(len(todo.seen), "pages")
}
