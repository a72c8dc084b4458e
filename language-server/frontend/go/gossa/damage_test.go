package gossa_test

import (
	"bytes"
	"go/scanner"
	"go/token"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"happens-before/gossa"
	"happens-before/gossa/genstd"
)

// damaged renames, swaps or replaces identifiers, so that the file parses but makes no sense.
func damaged(r *rand.Rand, text []byte) []byte {
	type word struct {
		offset int
		name   string
	}
	var words []word
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, text, nil, 0)
	for pos, tok, lit := s.Scan(); tok != token.EOF; pos, tok, lit = s.Scan() {
		if tok == token.IDENT {
			words = append(words, word{file.Offset(pos), lit})
		}
	}
	out := bytes.Clone(text)
	for range 1 + r.Intn(3) {
		w := words[r.Intn(len(words))]
		other := []string{words[r.Intn(len(words))].name, "missing", "42", "nil", "int"}[r.Intn(5)]
		name := out[min(w.offset, len(out)):]
		if !bytes.HasPrefix(name, []byte(w.name)) {
			continue // Moved by an earlier change.
		}
		out = bytes.Join([][]byte{out[:w.offset], []byte(other), name[len(w.name):]}, nil)
	}
	return out
}

// TestDamaged: whatever go/ssa makes of ill-typed code, a package is exported and most of it.
func TestDamaged(t *testing.T) {
	states := 30
	if n, err := strconv.Atoi(os.Getenv("DAMAGED")); err == nil {
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
	for _, target := range []struct{ path, file string }{{"net/rpc", "server.go"}, {"database/sql", "sql.go"}} {
		t.Run(target.path, func(t *testing.T) {
			dir := filepath.Join(runtime.GOROOT(), "src", filepath.FromSlash(target.path))
			text := read(t, filepath.Join(dir, target.file))
			session := gossa.NewSession(bundle)
			request := func(text []byte) []byte {
				return folder(t, dir, target.path, target.file, state{text: text, line: -1})
			}
			before := len(declared(t, handle(t, session, request(text))[0]))
			r := rand.New(rand.NewSource(2))
			kept, unbuilt := 0, 0
			for range states {
				image := handle(t, session, request(damaged(r, text)))[0]
				kept += len(declared(t, image))
				if bytes.Contains(image, []byte("not built: ")) {
					unbuilt++
				}
			}
			share := float64(kept) / float64(before*states)
			t.Logf("%.2f %% of the functions exported; go/ssa panicked in %d of %d states", 100*share, unbuilt, states)
			if share < 0.9 {
				t.Errorf("only %.2f %% of the functions are exported", 100*share)
			}
		})
	}
}
