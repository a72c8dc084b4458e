package gossa

import (
	"fmt"
	"go/ast"
	"go/types"
	"sort"

	"golang.org/x/tools/go/ssa"
)

// program is a fresh SSA program of all units of a request. Keeping one across edits would save
// little and leak everything that was ever built.
type program struct {
	loader  *loader
	prog    *ssa.Program
	locals  localTypes
	created map[*types.Package]bool
}

func (l *loader) program() *program {
	p := &program{loader: l, locals: localTypes{}}
	for _, u := range l.order {
		p.addLocals(u)
	}
	for _, u := range l.library {
		p.addLocals(u)
	}
	p.start(nil)
	return p
}

func (p *program) addLocals(u *unit) {
	for _, f := range u.files {
		for pos, name := range f.localTypes() {
			p.locals[pos] = name
		}
	}
}

// start makes the program and its packages; nothing is built yet. The files of `replaced`, when
// given, are used instead of those of the unit.
func (p *program) start(replaced map[*unit][]*ast.File) {
	p.prog = ssa.NewProgram(p.loader.fset, ssa.BuildSerially|ssa.InstantiateGenerics)
	p.created = map[*types.Package]bool{}
	var units []*unit
	for _, path := range sortedKeys(p.loader.library) {
		units = append(units, p.loader.library[path])
	}
	units = append(units, p.loader.order...)
	for _, u := range units {
		files := u.syntax
		if other, ok := replaced[u]; ok {
			files = other
		}
		p.created[u.types] = true
		p.prog.CreatePackage(u.types, files, u.info, true)
	}
	for _, u := range units {
		for _, dep := range u.types.Imports() {
			p.create(dep)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// create adds a package that is only known from export data.
func (p *program) create(pkg *types.Package) {
	if !p.created[pkg] {
		p.created[pkg] = true
		p.prog.CreatePackage(pkg, nil, nil, true)
	}
}

// image builds and exports one unit.
func (p *program) image(u *unit) []byte {
	if reason := p.build(u); reason != nil {
		p.isolate(u, reason)
	}
	return newExporter(u, p.prog.Package(u.types), p.locals, p.loader.fileOf).image()
}

// build reports what go/ssa panicked with, if it did.
func (p *program) build(u *unit) (reason any) {
	defer func() { reason = recover() }()
	p.prog.Package(u.types).Build()
	return nil
}

func panicReason(reason any) string { return fmt.Sprintf("not built: %v", reason) }
