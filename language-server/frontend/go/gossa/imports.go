package gossa

import (
	"bytes"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// importPackage resolves an import of u: a unit of the request, a package of the standard library
// known with bodies, or export data.
func (l *loader) importPackage(u *unit, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := l.lookup(u, path); pkg != nil {
		return pkg, nil
	}
	u.missing = append(u.missing, path)
	return nil, fmt.Errorf("cannot find package %s", path)
}

// lookup finds what an import of u means; the Go distribution keeps other modules in `vendor`.
func (l *loader) lookup(u *unit, path string) *types.Package {
	if pkg := l.resolve(path); pkg != nil || !isStandard(u.path) {
		return pkg
	}
	return l.resolve("vendor/" + strings.TrimPrefix(path, "vendor/"))
}

// provide makes a package known from source the one that export data refers to.
func (l *loader) provide(path string, pkg *types.Package) {
	if l.imported[path] != pkg {
		l.forget(path)
		l.imported[path] = pkg
	}
}

// forget drops a package and all that were read or checked against it.
func (s *Session) forget(path string) {
	old := s.imported[path]
	if old == nil {
		return
	}
	delete(s.imported, path)
	delete(s.library, path)
	for _, other := range sortedKeys(s.imported) {
		if pkg := s.imported[other]; pkg != nil && slices.Contains(pkg.Imports(), old) {
			s.forget(other)
		}
	}
}

// isStandard reports whether a path belongs to the Go distribution: its first element has no dot.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

func (l *loader) resolve(path string) *types.Package {
	if dep := l.unit(path); dep != nil {
		return dep.types
	}
	if _, cyclic := l.units[path]; cyclic {
		return nil
	}
	if pkg := l.imported[path]; pkg != nil && pkg.Complete() {
		return pkg
	}
	if source := l.bundle.sources[path]; source != nil {
		return l.libraryUnit(path, source.Files).types
	}
	if export := l.exports[path]; export != nil {
		for _, source := range sortedKeys(l.bundle.sources) { // It may mention any of them.
			l.resolve(source)
		}
		return l.read(path, export.Imports, export.data)
	}
	if export := l.bundle.exports[path]; export != nil {
		return l.read(path, export.Imports, export.data)
	}
	return nil
}

// read decodes export data after everything it refers to, so that a package known from source is
// not replaced by a copy of its types.
func (l *loader) read(path string, imports []string, data []byte) (pkg *types.Package) {
	for _, dep := range imports {
		if dep != "unsafe" {
			l.resolve(dep)
		}
	}
	defer func() {
		if recover() != nil { // Written by a newer Go than this reader knows.
			pkg = nil
		}
	}()
	pkg, err := gcexportdata.Read(bytes.NewReader(data), l.fset, l.imported, path)
	if err != nil {
		return nil
	}
	return pkg
}

// libraryUnit type-checks a package of the standard library from source, once in a session.
func (l *loader) libraryUnit(path string, source []RequestFile) *unit {
	if u := l.library[path]; u != nil {
		return u
	}
	u := &unit{path: path, id: path}
	for _, f := range source {
		u.files = append(u.files, l.parse(f.Name, f.text, -1, true))
	}
	l.check(u, "")
	l.provide(path, u.types)
	l.library[path] = u
	return u
}
