package gossa_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"happens-before/gossa"
	"happens-before/gossa/genstd"
)

// half are lines as they are while somebody types them.
var half = []string{
	"for {", "go func() {", "ch <-", "`", `m["a`, "if x", "x :=", "defer", "select {", "return (",
	"}", "var", "func (", "case 1:",
}

// state is a file in the middle of an edit.
type state struct {
	text []byte
	line int
	fn   string
}

// halfTyped replaces a random statement by a prefix of it, or puts a half-typed line before it.
func halfTyped(r *rand.Rand, file string, text []byte) state {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		panic(err)
	}
	var stmts []ast.Stmt
	var owners []string
	for _, decl := range syntax.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if s, ok := n.(ast.Stmt); ok && n != ast.Node(fn.Body) {
				stmts = append(stmts, s)
				owners = append(owners, fn.Name.Name)
			}
			return true
		})
	}
	i := r.Intn(len(stmts))
	start, end := fset.Position(stmts[i].Pos()).Offset, fset.Position(stmts[i].End()).Offset
	var typed []byte
	if r.Intn(2) == 0 {
		typed = text[start : start+r.Intn(end-start)]
	} else {
		typed = []byte(half[r.Intn(len(half))] + "\n")
		end = start
	}
	out := bytes.Join([][]byte{text[:start], typed, text[end:]}, nil)
	line := bytes.Count(out[:start+len(bytes.TrimRight(typed, "\n"))], []byte("\n"))
	return state{out, line, owners[i]}
}

// folder is a request for a package of the Go distribution with one file replaced.
func folder(t testing.TB, dir, path, file string, s state) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	pkg := gossa.RequestPackage{Path: path}
	var payload [][]byte
	for _, name := range files {
		text := s.text
		if filepath.Base(name) != file {
			text = read(t, name)
		}
		pkg.Files = append(pkg.Files, gossa.RequestFile{Name: name, Bytes: len(text)})
		payload = append(payload, text)
	}
	return gossa.EncodeRequest(&gossa.Request{
		Packages: []gossa.RequestPackage{pkg},
		Check:    []string{path},
		Edited:   &gossa.EditedLine{File: filepath.Join(dir, file), Line: s.line},
	}, payload...)
}

// declared maps the functions of an image that are not literals to how many instructions they have.
func declared(t testing.TB, image []byte) map[string]int {
	t.Helper()
	var head struct {
		Funcs []struct {
			Display, Parent, Synthetic string
			Blocks                     []struct{ Instrs []any }
		}
	}
	if err := json.Unmarshal(image, &head); err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, fn := range head.Funcs {
		if fn.Parent != "" || fn.Synthetic != "" || madeUp.MatchString(fn.Display) {
			continue
		}
		name := fn.Display[strings.LastIndex(fn.Display, ".")+1:]
		for _, block := range fn.Blocks {
			out[name] += len(block.Instrs)
		}
	}
	return out
}

// madeUp are functions that nobody wrote: they are there where the whole package has no mistake.
var madeUp = regexp.MustCompile(`^caller of |response_of_happens_before`)

// TestHalfTyped edits net/rpc: the functions that are not being edited stay as they are.
func TestHalfTyped(t *testing.T) {
	states := 60
	if n, err := strconv.Atoi(os.Getenv("HALF_TYPED")); err == nil {
		states = n
	}
	types, err := genstd.Types("overlay")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := gossa.ReadBundle(types)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(runtime.GOROOT(), "src", "net", "rpc")
	file := "server.go"
	text := read(t, filepath.Join(dir, file))
	session := gossa.NewSession(bundle)
	before := declared(t, handle(t, session, folder(t, dir, "net/rpc", file, state{text: text}))[0])
	r := rand.New(rand.NewSource(1))
	kept, all, edited := 0, 0, 0
	for range states {
		s := halfTyped(r, file, text)
		images := handle(t, session, folder(t, dir, "net/rpc", file, s))
		after := declared(t, images[0])
		for name, size := range before {
			if name == s.fn {
				continue
			}
			all++
			if after[name] == size {
				kept++
			} else {
				t.Errorf("editing %s at line %d spoils %s", s.fn, s.line+1, name)
			}
		}
		if after[s.fn] > 0 {
			edited++
		}
	}
	t.Logf("other functions intact: %d of %d", kept, all)
	t.Logf("edited function exported: %d of %d states", edited, states)
	if edited*10 < states*8 {
		t.Errorf("only %d of %d edited functions are exported", edited, states)
	}
}
