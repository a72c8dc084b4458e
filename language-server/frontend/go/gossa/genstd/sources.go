package genstd

import (
	"bytes"
	"errors"
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"happens-before/gossa"
)

// executed are the packages of the standard library that the machine runs as they are. Every
// package with a folder in overlay/ is executed too: its files are added to, or put in place of,
// those of the Go distribution.
var executed = []string{
	"bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "context",
	"encoding", "encoding/base64", "encoding/binary", "encoding/csv", "encoding/hex", "encoding/json",
	"errors", "flag", "fmt", "hash", "hash/adler32", "hash/crc32", "hash/crc64", "hash/fnv", "html",
	"internal/byteorder", "internal/chacha8rand", "internal/filepathlite", "internal/fmtsort",
	"internal/oserror", "internal/saferio", "internal/strconv",
	"internal/stringslite", "io", "io/fs", "iter", "log", "maps", "math", "math/bits", "math/cmplx",
	"math/rand", "math/rand/v2", "net/url", "path", "path/filepath", "regexp", "regexp/syntax",
	"slices", "sort", "strconv", "strings", "sync", "sync/atomic", "text/scanner", "text/tabwriter",
	"text/template", "text/template/parse", "time", "unicode", "unicode/utf16", "unicode/utf8",
}

// instantiated are the packages whose generic functions need bodies wherever they are used.
var instantiated = []string{
	"cmp", "errors", "iter", "maps", "math/rand/v2", "slices", "sync", "sync/atomic",
}

// pureArch is an architecture that does not exist: no file for a known one fits, so that every
// package takes its portable fallback.
const pureArch = "portable64"

// sources reads the files of packages with their overlays.
type sources struct {
	overlay string
	dirs    map[string]string
}

// files are the Go files of a package without tests; `replace.txt` in the overlay lists those of
// the distribution to leave out, `*` for all, and with `+` those of all to keep.
func (s *sources) files(path string) ([]gossa.RequestFile, [][]byte, error) {
	overlay, dropped, err := s.overlayOf(path)
	if err != nil {
		return nil, nil, err
	}
	texts := map[string][]byte{}
	if dir := s.dirs[path]; dir != "" {
		if err := readFolder(texts, dir, path, dropped); err != nil {
			return nil, nil, err
		}
	}
	for name, text := range overlay {
		texts["overlay/"+path+"/"+name] = text
	}
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	sort.Strings(names)
	var files []gossa.RequestFile
	var payload [][]byte
	for _, name := range names {
		files = append(files, gossa.RequestFile{Name: name, Bytes: len(texts[name])})
		payload = append(payload, texts[name])
	}
	if len(files) == 0 {
		return nil, nil, fmt.Errorf("%s: no Go files", path)
	}
	return files, payload, nil
}

// readFolder adds the files that the build constraints choose. Names do not tell where the Go
// distribution is installed, so that the result is the same everywhere.
func readFolder(texts map[string][]byte, dir, path string, dropped map[string]bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	ctx := context(path)
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || dropped[name] ||
			dropped["*"] && !dropped["+"+name] {
			continue
		}
		if ok, err := ctx.MatchFile(dir, name); err != nil || !ok {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		texts["$GOROOT/"+path+"/"+name] = text
	}
	return nil
}

func context(path string) build.Context {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = "linux", pureArch, false
	ctx.BuildTags = []string{"purego", "osusergo", "netgo"}
	switch path {
	case "internal/goarch", "internal/cpu", "internal/runtime/sys":
		ctx.GOARCH = "amd64"
	}
	return ctx
}

func (s *sources) overlayOf(path string) (files map[string][]byte, dropped map[string]bool, err error) {
	files, dropped = map[string][]byte{}, map[string]bool{}
	dir := filepath.Join(s.overlay, filepath.FromSlash(path))
	entries, err := os.ReadDir(dir)
	if err != nil {
		if os.IsNotExist(err) {
			err = nil
		}
		return files, dropped, err
	}
	for _, e := range entries {
		text, err := readFile(dir, e)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case e.Name() == "replace.txt":
			for line := range bytes.Lines(text) {
				name, _, _ := strings.Cut(string(line), "#")
				if name = strings.TrimSpace(name); name != "" {
					dropped[name] = true
				}
			}
		case strings.HasSuffix(e.Name(), ".go"):
			files[e.Name()] = text
			dropped[e.Name()] = true
		}
	}
	return files, dropped, nil
}

func readFile(dir string, e fs.DirEntry) ([]byte, error) {
	if e.IsDir() {
		return nil, nil
	}
	return os.ReadFile(filepath.Join(dir, e.Name()))
}

// executedPaths joins the list above and the overlays.
func (s *sources) executedPaths() ([]string, error) {
	paths := slices.Concat(executed, bundledPaths)
	err := filepath.WalkDir(s.overlay, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(s.overlay, filepath.Dir(path))
		if strings.HasSuffix(path, ".go") {
			paths = append(paths, filepath.ToSlash(rel))
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	slices.Sort(paths)
	return slices.Compact(paths), err
}
