package gossa_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"happens-before/gossa"
	"happens-before/gossa/genstd"
)

// BenchmarkKeystroke is what one edit of archive/zip costs: a file is parsed, the package is
// type-checked, built and exported.
func BenchmarkKeystroke(b *testing.B) {
	types, err := genstd.Types("overlay")
	if err != nil {
		b.Fatal(err)
	}
	bundle, err := gossa.ReadBundle(types)
	if err != nil {
		b.Fatal(err)
	}
	dir := filepath.Join(runtime.GOROOT(), "src", "archive", "zip")
	text := read(b, filepath.Join(dir, "reader.go"))
	session := gossa.NewSession(bundle)
	for i := 0; b.Loop(); i++ {
		edited := fmt.Appendf(nil, "%s\nvar edit = %d\n", text, i)
		handle(b, session, folder(b, dir, "archive/zip", "reader.go", state{text: edited}))
	}
}
