package gossa

import (
	"fmt"
	"go/ast"
)

// maxCulprits bounds the search for functions that go/ssa cannot build.
const maxCulprits = 16

// image builds and exports one unit. If go/ssa panics, the functions that make it panic are found
// by bisection and lose their bodies; the rest of the package is exported.
func (p *program) image(u *unit) []byte {
	x, reason := p.attempt(u)
	if reason == nil {
		p.loader.keep(u, x)
		return x.written
	}
	if p.lenders[u] != nil { // Then it may be what was lent.
		p.lenders[u] = nil
		p.start()
		if x, reason = p.attempt(u); reason == nil {
			p.loader.keep(u, x)
			return x.written
		}
	}
	for range maxCulprits {
		culprits := p.culprits(u, bodies(u.syntax))
		if len(culprits) == 0 {
			break
		}
		for _, decl := range culprits {
			u.dropBody(decl, reason)
		}
		p.start()
		if x, reason = p.attempt(u); reason == nil {
			return x.written
		}
	}
	for _, decl := range bodies(u.syntax) {
		u.dropBody(decl, reason)
	}
	u.info.InitOrder = nil
	p.start()
	x, reason = p.attempt(u)
	if reason != nil {
		panic(reason)
	}
	return x.written
}

func (u *unit) dropBody(decl *ast.FuncDecl, reason any) {
	decl.Body = nil
	u.clean = false
	for _, f := range u.files {
		f.changed = true
	}
	where := extent{decl.Name.Pos(), decl.Name.End()}
	u.gaps = append(u.gaps, gap{where, fmt.Sprintf("not built: %v", reason)})
}

// attempt reports what go/ssa or the export panicked with, if it did.
func (p *program) attempt(u *unit) (x *exporter, reason any) {
	defer func() { reason = recover() }()
	pkg := p.prog.Package(u.types)
	pkg.Build()
	x = newExporter(u, pkg, p.locals, p.loader.fileOf)
	x.earlier = p.lenders[u]
	x.written = x.image()
	return x, nil
}

// bodies are the declared functions that have one.
func bodies(files []*ast.File) []*ast.FuncDecl {
	var out []*ast.FuncDecl
	for _, file := range files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				out = append(out, fn)
			}
		}
	}
	return out
}

// culprits halves a list of functions that fail together until one is left, or a group that only
// fails together.
func (p *program) culprits(u *unit, all []*ast.FuncDecl) []*ast.FuncDecl {
	suspects := all
	for len(suspects) > 1 {
		half := len(suspects) / 2
		switch {
		case p.fails(u, all, suspects[:half]):
			suspects = suspects[:half]
		case p.fails(u, all, suspects[half:]):
			suspects = suspects[half:]
		default:
			return suspects
		}
	}
	return suspects
}

// fails tries the unit with the bodies of some functions alone.
func (p *program) fails(u *unit, all, some []*ast.FuncDecl) bool {
	saved := map[*ast.FuncDecl]*ast.BlockStmt{}
	for _, decl := range all {
		saved[decl] = decl.Body
		decl.Body = nil
	}
	defer func() {
		for _, decl := range all {
			decl.Body = saved[decl]
		}
	}()
	for _, decl := range some {
		decl.Body = saved[decl]
	}
	p.start()
	_, reason := p.attempt(u)
	return reason != nil
}
