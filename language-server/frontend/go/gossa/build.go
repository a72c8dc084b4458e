package gossa

import (
	"fmt"
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
	// lenders are what earlier images lend to those of units, by unit.
	lenders map[*unit]*lender
}

func (l *loader) program() *program {
	p := &program{loader: l, locals: localTypes{}}
	for _, u := range l.order {
		p.addLocals(u)
	}
	for _, u := range l.library {
		p.addLocals(u)
	}
	p.lenders = map[*unit]*lender{}
	for _, u := range l.order {
		if lender := l.lender(u); lender != nil {
			p.lenders[u] = lender
		}
	}
	p.start()
	return p
}

func (p *program) addLocals(u *unit) {
	for _, f := range u.files {
		for pos, name := range f.localTypes() {
			p.locals[pos] = name
		}
	}
}

// start makes the program and its packages; nothing is built yet.
func (p *program) start() {
	p.prog = ssa.NewProgram(p.loader.fset, ssa.BuildSerially|ssa.InstantiateGenerics)
	p.created = map[*types.Package]bool{}
	var units []*unit
	for _, path := range sortedKeys(p.loader.library) {
		units = append(units, p.loader.library[path])
	}
	units = append(units, p.loader.order...)
	for _, u := range units {
		p.created[u.types] = true
		p.createUnit(u)
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

// createUnit leaves the bodies out when go/ssa stumbles over a declaration.
func (p *program) createUnit(u *unit) {
	defer func() {
		if reason := recover(); reason != nil {
			u.gaps = append(u.gaps, gap{extent{}, fmt.Sprintf("not built: %v", reason)})
			p.prog.CreatePackage(u.types, nil, nil, true)
		}
	}()
	if u.typesOnly { // An instance of one of its generic functions would be built without types.
		p.prog.CreatePackage(u.types, nil, nil, true)
		return
	}
	if lender := p.lenders[u]; lender != nil {
		p.prog.CreatePackage(u.types, lender.syntax, u.info, true)
		return
	}
	p.prog.CreatePackage(u.types, u.syntax, u.info, true)
}

// create adds a package that is only known from export data.
func (p *program) create(pkg *types.Package) {
	if !p.created[pkg] {
		p.created[pkg] = true
		p.prog.CreatePackage(pkg, nil, nil, true)
	}
}
