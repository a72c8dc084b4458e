// The crawler with channels again, and this one fetches over HTTP: pages of one origin, each once, at most so many,
// and it ends by itself or on Ctrl+C. It reads no robots.txt, so crawl what is yours:
//
//	go run ./crawler/http -pages 50 -workers 4 http://localhost:8080/
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"
)

// mostBytes of a page are read; links behind them are not found.
const mostBytes = 1 << 20

// page is what came of fetching one.
type page struct {
	url   string
	says  string // its status, or what went wrong
	links []string
}

func main() {
	most := flag.Int("pages", 50, "fetch at most so many pages")
	workers := flag.Int("workers", 4, "fetch so many at a time")
	patience := flag.Duration("timeout", 10*time.Second, "wait so long for one page")
	flag.Parse()
	address := "http://localhost:8080/"
	if flag.NArg() > 0 {
		address = flag.Arg(0)
	}
	start, err := url.Parse(address)
	if err != nil || start.Host == "" || flag.NArg() > 1 || *most < 1 || *workers < 1 {
		fmt.Fprintln(os.Stderr, "usage: http [-pages N] [-workers N] [-timeout 10s] [URL]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	pages, left := crawl(ctx, newClient(*patience), start, *workers, *most)
	fmt.Println(pages, "pages")
	if left > 0 {
		fmt.Println(left, "more were found and not fetched")
	}
}

// newClient follows no redirect: where one leads is a link like any other, and may have been fetched.
func newClient(patience time.Duration) *http.Client {
	return &http.Client{
		Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// crawl fetches what can be reached from start. Workers share nothing: this goroutine alone knows what was seen, and
// counts the pages that are on their way, so that it knows when the crawl is over.
func crawl(ctx context.Context, client *http.Client, start *url.URL, workers, most int) (pages, left int) {
	todo := make(chan string)
	found := make(chan page)
	for range workers {
		go func() {
			for url := range todo {
				found <- fetch(ctx, client, url)
			}
		}()
	}
	first := spelled(start)
	seen := map[string]bool{first: true}
	queue := []string{first}
	underway := 0
	for {
		// Asked once: a Ctrl+C between two looks would leave nothing to wait for.
		goesOn := len(queue) > 0 && pages < most && ctx.Err() == nil
		if underway == 0 && !goesOn {
			break
		}
		var hand chan<- string // nil is never ready: there is nothing to hand out
		next := ""
		if goesOn {
			hand, next = todo, queue[0]
		}
		select {
		case hand <- next:
			queue = queue[1:]
			pages++
			underway++
		case it := <-found:
			underway--
			fmt.Println(it.says, it.url)
			for _, link := range it.links {
				if !seen[link] {
					seen[link] = true
					queue = append(queue, link)
				}
			}
		}
	}
	close(todo)
	return pages, len(queue)
}

// fetch gets one page. Of a body that breaks off it keeps what came.
func fetch(ctx context.Context, client *http.Client, address string) page {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{url: address, says: "failed: " + err.Error()}
	}
	response, err := client.Do(request)
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return page{url: address, says: "failed: " + err.Error()}
	}
	defer response.Body.Close()
	it := page{url: address, says: response.Status}
	if target := response.Header.Get("Location"); target != "" {
		it.links = resolve(request.URL, []string{target})
		return it
	}
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		return it
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBytes))
	if err != nil {
		it.says += ", cut short"
	}
	it.links = resolve(request.URL, hrefs(string(body)))
	return it
}

var (
	unseen = regexp.MustCompile(`(?is)<!--.*?-->|<(?:script|style|textarea)\b.*?</(?:script|style|textarea)\s*>`)
	anchor = regexp.MustCompile(`(?is)<a\s(?:[^>"']|"[^"]*"|'[^']*')*>`)
	href   = regexp.MustCompile(`(?is)\shref\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)
)

// hrefs finds where the anchors of a page lead, without those in comments and scripts.
func hrefs(text string) []string {
	var found []string
	for _, tag := range anchor.FindAllString(unseen.ReplaceAllString(text, ""), -1) {
		if value := href.FindStringSubmatch(tag); value != nil {
			found = append(found, html.UnescapeString(strings.Trim(value[1], `"'`)))
		}
	}
	return found
}

// resolve gives the links that stay on the site of base, spelled so that no page has two names.
func resolve(base *url.URL, links []string) []string {
	var kept []string
	for _, link := range links {
		to, err := base.Parse(strings.TrimSpace(link))
		if err == nil && to.Scheme == base.Scheme && strings.EqualFold(to.Host, base.Host) {
			kept = append(kept, spelled(to))
		}
	}
	return kept
}

// spelled is the one name of a page: without fragment, and with a path.
func spelled(it *url.URL) string {
	to := *it
	to.Host = strings.ToLower(to.Host)
	to.User = nil
	to.Fragment, to.RawFragment = "", ""
	to.ForceQuery = false
	if to.Path == "" {
		to.Path = "/"
	}
	return to.String()
}
