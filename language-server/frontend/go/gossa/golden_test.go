package gossa_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"happens-before/gossa"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// stubs is a bundle of the packages in testdata/std.
func stubs(t testing.TB) *gossa.Bundle {
	t.Helper()
	files, err := filepath.Glob("testdata/std/*.go")
	if err != nil {
		t.Fatal(err)
	}
	req := &gossa.Request{}
	var payload [][]byte
	for _, file := range files {
		text := read(t, file)
		name := strings.TrimSuffix(filepath.Base(file), ".go")
		req.Packages = append(req.Packages, gossa.RequestPackage{
			Path:  name,
			Files: []gossa.RequestFile{{Name: "$GOROOT/" + name + ".go", Bytes: len(text)}},
		})
		payload = append(payload, text)
	}
	bundle, err := gossa.ReadBundle(gossa.EncodeRequest(req, payload...))
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// request asks for one package of one file.
func request(name string, text []byte) []byte {
	path := strings.TrimSuffix(filepath.Base(name), ".go")
	return gossa.EncodeRequest(&gossa.Request{
		Packages: []gossa.RequestPackage{{
			Path:  path,
			Files: []gossa.RequestFile{{Name: name, Bytes: len(text)}},
		}},
		Check: []string{path},
	}, text)
}

func handle(t testing.TB, s *gossa.Session, message []byte) [][]byte {
	t.Helper()
	reply, images, err := gossa.DecodeReply(s.Handle(message))
	if err != nil {
		t.Fatal(err)
	}
	if reply.Error != "" {
		t.Fatal(reply.Error)
	}
	return images
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			session := gossa.NewSession(stubs(t))
			message := request(filepath.Base(file), read(t, file))
			images := handle(t, session, message)
			if len(images) != 1 {
				t.Fatalf("%d images", len(images))
			}
			if !json.Valid(images[0]) {
				t.Fatal("the image is not JSON")
			}
			golden := strings.TrimSuffix(file, ".go") + ".json"
			if *update {
				if err := os.WriteFile(golden, images[0], 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(images[0], read(t, golden)) {
				t.Errorf("%s differs; `go test -update` rewrites it", golden)
			}
			if again := handle(t, gossa.NewSession(stubs(t)), message); !bytes.Equal(again[0], images[0]) {
				t.Error("a second session gives another image")
			}
			if again := handle(t, session, message); !bytes.Equal(again[0], images[0]) {
				t.Error("the same session gives another image")
			}
		})
	}
}
