package gossa_test

import (
	"bytes"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"happens-before/gossa"
	"happens-before/gossa/genstd"
)

// typedLines are put behind the heads of functions.
var typedLines = []string{
	"\thbN := 0; go func() { hbN++ }(); hbN++; _ = hbN\n",
	"\ttype local struct{ a int; b []string }; var hbI any = local{1, nil}; _ = hbI\n",
	"\tfor hbI := range 3 { defer func() { println(hbI) }() }\n",
	"\tvar hbMap = map[string][]func() error{}; _ = hbMap[\"ä𝒳\"]\n",
	"\tif true {\n",
	"\tvar hbUnused int\n",
	"\n",
}

// typedDeclarations are put between declarations.
var typedDeclarations = []string{
	"// A comment.\n",
	"\nfunc hbAdded[T any](v T) []T { return []T{v} }\n\nvar hbVar = hbAdded(1)\n",
	"\nfunc init() { println(1) }\n",
	"\nfunc _() { println(2) }\n",
	"\ntype hbType struct{ hbField int }\n\nfunc (t *hbType) HbMethod() int { return t.hbField }\n",
}

// edited is the text after one edit more, or first again.
func edited(r *rand.Rand, text, first []byte) []byte {
	lines := strings.SplitAfter(string(text), "\n")
	var heads, ends []int
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "func ") && strings.HasSuffix(line, "{\n"):
			heads = append(heads, i+1)
		case line == "}\n":
			ends = append(ends, i+1)
		}
	}
	insert := func(at int, line string) []byte {
		return []byte(strings.Join(lines[:at], "") + line + strings.Join(lines[at:], ""))
	}
	switch n := r.Intn(12); {
	case n == 0:
		return first
	case n < 3:
		at := r.Intn(len(lines))
		return []byte(strings.Join(lines[:at], "") + strings.Join(lines[at+1:], ""))
	case n == 3:
		return insert(ends[r.Intn(len(ends))], typedDeclarations[r.Intn(len(typedDeclarations))])
	case n == 4:
		return damaged(r, text)
	default:
		return insert(heads[r.Intn(len(heads))], typedLines[r.Intn(len(typedLines))])
	}
}

// TestKept: an image with rows of the one before is byte for byte the one that a new session writes.
func TestKept(t *testing.T) {
	edits := 12
	if n, err := strconv.Atoi(os.Getenv("EDITS")); err == nil {
		edits = n
	}
	types, err := genstd.Types("overlay")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := gossa.ReadBundle(types)
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []struct{ path, file string }{
		{"database/sql", "sql.go"}, {"net/rpc", "server.go"}, {"slices", "sort.go"}, {"encoding/json", "decode.go"},
	} {
		t.Run(target.path, func(t *testing.T) {
			dir := filepath.Join(runtime.GOROOT(), "src", filepath.FromSlash(target.path))
			first := read(t, filepath.Join(dir, target.file))
			path := "example.org/" + target.path
			images := func(session *gossa.Session, text []byte) [][]byte {
				return handle(t, session, folder(t, dir, path, target.file, state{text: text, line: -1}))
			}
			warm := gossa.NewSession(bundle)
			r := rand.New(rand.NewSource(1))
			text, lent, written := first, 0, 0
			for range edits {
				before := warm.Mentions(path)
				got := images(warm, text)
				for name, it := range warm.Mentions(path) {
					written++
					if before[name] == it {
						lent++
					}
				}
				want := images(gossa.NewSession(bundle), text)
				if len(got) != len(want) {
					t.Fatalf("%d images, not %d", len(got), len(want))
				}
				for i := range want {
					if !bytes.Equal(got[i], want[i]) {
						t.Fatalf("image %d differs: %s", i, difference(got[i], want[i]))
					}
				}
				text = edited(r, text, first)
			}
			t.Logf("%d of %d rows were lent", lent, written)
			if lent == 0 {
				t.Error("no row was lent")
			}
		})
	}
}

// difference is the first line in which two images differ.
func difference(got, want []byte) string {
	left, right := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(left), len(right)) {
		if !bytes.Equal(left[i], right[i]) {
			at := 0
			for at < min(len(left[i]), len(right[i])) && left[i][at] == right[i][at] {
				at++
			}
			part := func(line []byte) string { return string(line[max(0, at-80):min(len(line), at+80)]) }
			return "line " + strconv.Itoa(i) + "\n" + part(left[i]) + "\nnot\n" + part(right[i])
		}
	}
	return "their lengths"
}

// TestKeptAcross: packages that import each other's edited packages lend what still holds, and nothing else.
func TestKeptAcross(t *testing.T) {
	bundle := stubs(t)
	parts := [][]string{
		{"type T struct{ a int }", "type T struct{ a, b int }", "type T struct{ m sync.Mutex; a int }"},
		{"func (t *T) Add(n int) { t.a += n }", "func (t *T) Add(n int) { t.a -= n }", "func (t *T) Add(n int) int { return t.a }"},
		{"func Each[E any](list []E, f func(E)) { for _, it := range list { f(it) } }",
			"func Each[E any](list []E, f func(E)) { for i := range list { go f(list[i]) } }"},
		{"const Size = 4", "const Size = 5"},
		{"var _ = sync.Mutex{}"},
	}
	users := [][]string{
		{"type User struct{ p.T }"},
		{"func one(u *User) { u.Add(p.Size) }", "func one(u *User) { go u.Add(1) }"},
		{"func two(u *User) { p.Each([]*User{u}, one) }", "func two(u *User) { var a any = u; _ = a.(interface{ Add(int) }) }"},
		{"func three(u *User) { f := u.Add; f(3); g := u.T.Add; g(4) }", "func three(u *User) { type L struct{ User }; var a any = &L{}; _ = a }"},
		{"func four() { var a [p.Size]int; for i := range a { defer func() { a[i]++ }() } }", "func four() {}", ""},
	}
	r := rand.New(rand.NewSource(3))
	pick := func(choices [][]string, chosen []int) []byte {
		at := r.Intn(len(choices))
		chosen[at] = r.Intn(len(choices[at]))
		var lines []string
		for i, it := range choices {
			lines = append(lines, it[chosen[i]])
		}
		return []byte(strings.Join(lines, "\n\n") + "\n")
	}
	chosenP, chosenQ := make([]int, len(parts)), make([]int, len(users))
	warm := gossa.NewSession(bundle)
	lent := 0
	for range 150 {
		p := append([]byte("package p\n\nimport \"sync\"\n\n"), pick(parts, chosenP)...)
		q := append([]byte("package q\n\nimport \"m/p\"\n\n"), pick(users, chosenQ)...)
		message := gossa.EncodeRequest(&gossa.Request{
			Packages: []gossa.RequestPackage{
				{Path: "m/q", Files: []gossa.RequestFile{{Name: "q.go", Bytes: len(q)}}},
				{Path: "m/p", Files: []gossa.RequestFile{{Name: "p.go", Bytes: len(p)}}},
			},
			Check: []string{"m/q"},
		}, q, p)
		before := warm.Mentions("m/q")
		got := handle(t, warm, message)
		for name, it := range warm.Mentions("m/q") {
			if before[name] == it {
				lent++
			}
		}
		want := handle(t, gossa.NewSession(bundle), message)
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("image %d differs: %s\n%s\n%s", i, difference(got[i], want[i]), p, q)
			}
		}
	}
	if lent == 0 {
		t.Error("no row was lent")
	}
}
