// Package genstd prepares the standard library for gossa at build time, where a Go toolchain is at
// hand: types of all packages as export data, and SSA images of those that are executed.
package genstd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"sort"

	"golang.org/x/tools/go/gcexportdata"

	"happens-before/gossa"
)

// listed is what `go list -json` says about a package.
type listed struct {
	ImportPath string
	Dir        string
	Export     string
}

func goList(args ...string) ([]*listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,Export"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.Bytes())
	}
	var all []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ImportPath < all[j].ImportPath })
	return all, nil
}

// exportData rewrites the compiler's export data of every package in the indexed form, which is
// decoded lazily and has no version skew with the reader in gossa.
func exportData(packages []*listed) ([]gossa.RequestExport, [][]byte, error) {
	fset := token.NewFileSet()
	imported := map[string]*types.Package{"unsafe": types.Unsafe}
	var exports []gossa.RequestExport
	var payload [][]byte
	for _, p := range packages {
		if p.Export == "" {
			continue
		}
		data, err := rewrite(fset, imported, p)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		imports, err := referenced(data, p.ImportPath)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		exports = append(exports, gossa.RequestExport{Path: p.ImportPath, Imports: imports, Bytes: len(data)})
		payload = append(payload, data)
	}
	return exports, payload, nil
}

// referenced lists the packages that export data mentions, imported by its package or not: those
// known from source must be there before it is read.
func referenced(data []byte, path string) ([]string, error) {
	pkg, err := gcexportdata.Read(bytes.NewReader(data), token.NewFileSet(), map[string]*types.Package{}, path)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, dep := range pkg.Imports() {
		paths = append(paths, dep.Path())
	}
	sort.Strings(paths)
	return paths, nil
}

func rewrite(fset *token.FileSet, imported map[string]*types.Package, p *listed) ([]byte, error) {
	file, err := os.Open(p.Export)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, err
	}
	pkg, err := gcexportdata.Read(reader, fset, imported, p.ImportPath)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := gcexportdata.Write(&out, fset, pkg); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
