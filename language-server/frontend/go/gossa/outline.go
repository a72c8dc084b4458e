package gossa

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
)

// bodies are the ranges of a file's text that matter to their own function alone, in the order of the source.
func (f *sourceFile) bodies() []between {
	var out []between
	for _, decl := range f.closed() {
		base := f.file.Base()
		out = append(out, between{int(decl.Body.Lbrace) - base, int(decl.Body.Rbrace) + 1 - base})
	}
	return out
}

// closed are the functions whose bodies are: not those of generic code, which its instances have everywhere, and not those
// of functions that share their names.
func (f *sourceFile) closed() []*ast.FuncDecl {
	var out []*ast.FuncDecl
	for _, decl := range f.syntax.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil || !fn.Body.Rbrace.IsValid() || fn.Type.TypeParams != nil ||
			fn.Name.Name == "init" || fn.Name.Name == "_" {
			continue
		}
		if fn.Recv != nil {
			if len(fn.Recv.List) != 1 {
				continue
			}
			if _, generic := receiverName(fn.Recv.List[0].Type); generic {
				continue
			}
		}
		out = append(out, fn)
	}
	return out
}

// outline is a digest of all that the bodies of a unit rest on: the rest of its text, and the same of the units it imports.
// Of a unit with errors, and of one known by types alone, it is of everything.
func (u *unit) outline() []byte {
	if u.outlined != nil {
		return u.outlined
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%s %v\n", u.settings, u.clean)
	if u.clean && !u.typesOnly {
		for _, f := range u.files {
			fmt.Fprintf(hash, "%s\n", f.name)
			from := 0
			for _, body := range f.bodies() {
				fmt.Fprintf(hash, "%d\n", body.from-from)
				hash.Write(f.text[from:body.from])
				from = body.to
			}
			fmt.Fprintf(hash, "%d\n", len(f.text)-from)
			hash.Write(f.text[from:])
		}
	} else {
		hash.Write(u.key[:])
	}
	for _, dep := range u.deps {
		hash.Write(dep.outline())
	}
	u.outlined = hash.Sum(nil)
	return u.outlined
}

// outside are the packages that a unit and the units it rests on import from elsewhere.
func (u *unit) outside() []*types.Package {
	var out []*types.Package
	for _, u := range u.withDeps() {
		for _, pkg := range u.types.Imports() {
			isUnit := slices.ContainsFunc(u.deps, func(it *unit) bool { return it.types == pkg })
			if !isUnit && !slices.Contains(out, pkg) {
				out = append(out, pkg)
			}
		}
	}
	return out
}

// withDeps are a unit and all that it rests on.
func (u *unit) withDeps() []*unit {
	all := []*unit{u}
	for i := 0; i < len(all); i++ { // The list grows while it is walked.
		for _, dep := range all[i].deps {
			if !slices.Contains(all, dep) {
				all = append(all, dep)
			}
		}
	}
	return all
}

// closedFiles are the files of a unit and of those it rests on whose bodies count for themselves.
func (u *unit) closedFiles() []*sourceFile {
	var files []*sourceFile
	for _, it := range u.withDeps() {
		if it.clean && !it.typesOnly {
			files = append(files, it.files...)
		}
	}
	return files
}
