package gossa

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"runtime"
	"slices"
	"sort"
	"strings"
)

// unit is one package known from source.
type unit struct {
	// path is the import path that names carry; id also tells a test variant from its package.
	path, id  string
	typesOnly bool
	key       [sha256.Size]byte
	files     []*sourceFile
	// deps are the units it imports.
	deps    []*unit
	types   *types.Package
	info    *types.Info
	syntax  []*ast.File
	gaps    []gap
	image   []byte
	missing []string
	drivers []driver
	// settings are what it is built with besides its text.
	settings string
	// clean: everything parses and has a type.
	clean bool
	// outlined is its outline, nil until it is asked for.
	outlined []byte
}

// fileName is the name of one of the unit's files.
func (u *unit) fileName(syntax *ast.File) string {
	for _, f := range u.files {
		if f.syntax == syntax {
			return f.name
		}
	}
	return ""
}

// before says whether a position comes before another one in the order of the unit's files, since the file that was parsed
// last has the highest positions: no position at all comes first, and made-up code last.
func (u *unit) before(a, b token.Pos) bool {
	rank := func(pos token.Pos) int {
		at := slices.IndexFunc(u.files, func(it *sourceFile) bool {
			return it.file.Base() <= int(pos) && int(pos) <= it.file.Base()+it.file.Size()
		})
		if at < 0 && pos.IsValid() {
			return len(u.files)
		}
		return at
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) < 0
}

// loader answers one request.
type loader struct {
	*Session
	req     *Request
	sources map[string]*candidate
	exports map[string]*RequestExport
	// units maps import paths to units, nil while one is being checked.
	units   map[string]*unit
	order   []*unit
	missing map[string]bool
}

// candidate is a package that the request can supply, not yet looked at.
type candidate struct {
	path, id  string
	version   string
	typesOnly bool
	files     []RequestFile
	// cgo are files that import C code.
	cgo []RequestFile
}

func newLoader(s *Session, req *Request) *loader {
	l := &loader{
		Session: s,
		req:     req,
		sources: map[string]*candidate{},
		exports: map[string]*RequestExport{},
		units:   map[string]*unit{},
		missing: map[string]bool{},
	}
	for i := range req.Packages {
		l.addSource(&req.Packages[i])
	}
	for path := range s.units {
		if l.sources[path] == nil {
			l.forget(path)
			delete(s.kept, path)
		}
	}
	for i := range req.Exports {
		l.exports[req.Exports[i].Path] = &req.Exports[i]
	}
	return l
}

// addSource splits a folder into the package with its in-package tests and the external tests.
func (l *loader) addSource(p *RequestPackage) {
	switch {
	case p.Kept:
		p.Files = l.sent[p.Path]
	case p.TypesOnly:
		l.sent[p.Path] = p.Files
	}
	c := &candidate{path: p.Path, id: p.Path, version: p.GoVersion, typesOnly: p.TypesOnly}
	external := &candidate{path: p.Path + "_test", id: p.Path + "_test", version: p.GoVersion}
	for _, f := range p.Files {
		test := strings.HasSuffix(f.Name, "_test.go")
		if test && !p.Tests || !l.req.included(f.Name, f.text) {
			continue
		}
		switch {
		case !p.TypesOnly && usesC(f.text): // Signatures alone need no C.
			c.cgo = append(c.cgo, f)
		case test && strings.HasSuffix(packageClause(f.text), "_test"):
			external.files = append(external.files, f)
		case test:
			c.id = p.Path + " [test]"
			fallthrough
		default:
			c.files = append(c.files, f)
		}
	}
	l.sources[c.path] = c
	if len(external.files) > 0 {
		l.sources[external.path] = external
	}
}

func packageClause(text []byte) string {
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "package "); ok {
			name, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			return strings.TrimRight(name, ";")
		}
	}
	return ""
}

// unit parses and type-checks a package of the request once, after what it imports; nil when the
// request does not have it or when it imports itself.
func (l *loader) unit(path string) *unit {
	if u, ok := l.units[path]; ok {
		return u
	}
	c := l.sources[path]
	if c == nil {
		return nil
	}
	l.units[path] = nil
	u := &unit{path: path, id: c.id, typesOnly: c.typesOnly}
	u.settings = fmt.Sprintf("%s %s %s %v", c.id, c.version, l.req.GOARCH, c.typesOnly)
	hash := sha256.New()
	fmt.Fprintln(hash, u.settings)
	sort.Slice(c.files, func(i, j int) bool { return c.files[i].Name < c.files[j].Name })
	for _, f := range c.files {
		source := l.parse(f.Name, f.text, l.editedLine(f.Name), c.typesOnly)
		u.files = append(u.files, source)
		fmt.Fprintf(hash, "%s %x\n", f.Name, source.hash)
	}
	for _, f := range c.cgo {
		fmt.Fprintf(hash, "%s %x\n", f.Name, sha256.Sum256(f.text))
	}
	hash.Sum(u.key[:0])
	u.deps = l.dependencies(u)
	if old := l.Session.units[path]; old != nil && old.key == u.key && l.current(old, u) {
		u = old
	} else {
		for _, f := range c.cgo {
			u.gaps = append(u.gaps, l.cgoGap(f))
		}
		l.check(u, c.version)
	}
	l.provide(path, u.types)
	for _, path := range u.missing {
		l.missing[path] = true
	}
	l.units[path] = u
	l.order = append(l.order, u)
	return u
}

func (l *loader) editedLine(name string) int {
	if l.req.Edited != nil && l.req.Edited.File == name {
		return l.req.Edited.Line
	}
	return -1
}

// dependencies loads the units that the files of u import.
func (l *loader) dependencies(u *unit) []*unit {
	var deps []*unit
	seen := map[string]bool{}
	for _, f := range u.files {
		for _, spec := range f.syntax.Imports {
			path := importPath(spec)
			if path == "" || seen[path] {
				continue
			}
			seen[path] = true
			if dep := l.unit(path); dep != nil {
				deps = append(deps, dep)
			}
		}
	}
	return deps
}

func importPath(spec *ast.ImportSpec) string {
	if spec.Path == nil || len(spec.Path.Value) < 2 {
		return ""
	}
	return spec.Path.Value[1 : len(spec.Path.Value)-1]
}

// current reports whether everything that a unit of an earlier request imports is still the same.
func (l *loader) current(old, u *unit) bool {
	if !slices.Equal(old.deps, u.deps) {
		return false
	}
	for _, pkg := range old.types.Imports() {
		if l.lookup(old, pkg.Path()) != pkg && !slices.Contains(old.missing, pkg.Path()) {
			return false
		}
	}
	for _, path := range old.missing {
		if l.lookup(old, path) != nil {
			return false
		}
	}
	return true
}

// check type-checks a unit and prepares it for go/ssa.
func (l *loader) check(u *unit, goVersion string) {
	for i, f := range u.files {
		if f.changed {
			u.files[i] = l.parseAgain(f.name, f.hash, f.original, l.editedLine(f.name))
		}
	}
	files := l.agree(u)
	var problems []types.Error
	conf := &types.Config{
		Importer:         unitImporter{l, u},
		Sizes:            types.SizesFor("gc", "amd64"),
		GoVersion:        usableVersion(goVersion),
		FakeImportC:      true,
		IgnoreFuncBodies: u.typesOnly,
		Error:            func(err error) { problems = append(problems, err.(types.Error)) },
	}
	u.info = newInfo()
	u.types = types.NewPackage(u.path, "")
	check := types.NewChecker(conf, l.fset, u.types, u.info)
	_ = check.Files(files) // Its errors are the problems.
	u.clean = len(files) == len(u.files) && !brokenSyntax(u) &&
		!slices.ContainsFunc(problems, func(it types.Error) bool { return !it.Soft })
	for _, f := range u.files {
		u.gaps = append(u.gaps, f.gaps...)
	}
	u.syntax = l.sanitize(u, files, problems)
	if slices.Contains(l.req.Check, u.path) && len(problems) == 0 {
		l.addDrivers(u, check)
	}
	sort.SliceStable(u.gaps, func(i, j int) bool { return u.before(u.gaps[i].where.start, u.gaps[j].where.start) })
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Instances:    map[*ast.Ident]types.Instance{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
}

// agree leaves out files whose package clause differs from that of most others.
func (l *loader) agree(u *unit) []*ast.File {
	count := map[string]int{}
	name := ""
	for _, f := range u.files {
		clause := f.syntax.Name.Name
		count[clause]++
		if name == "" || name == unreadable || count[clause] > count[name] && clause != unreadable {
			name = clause
		}
	}
	var files []*ast.File
	for _, f := range u.files {
		if f.syntax.Name.Name == unreadable && name != unreadable {
			continue
		}
		if f.syntax.Name.Name != name {
			where := extent{f.syntax.Name.Pos(), f.syntax.Name.End()}
			u.gaps = append(u.gaps, gap{where, "package " + f.syntax.Name.Name + " in a folder of package " + name})
			continue
		}
		files = append(files, f.syntax)
	}
	return files
}

// usableVersion is the language version for go/types, which refuses one newer than itself.
func usableVersion(goVersion string) string {
	v := goVersion
	if v != "" && !strings.HasPrefix(v, "go") {
		v = "go" + v
	}
	if !version.IsValid(v) || version.Compare(v, version.Lang(runtime.Version())) > 0 {
		return version.Lang(runtime.Version())
	}
	return v
}

// unitImporter is what go/types asks for the imports of one unit.
type unitImporter struct {
	loader *loader
	unit   *unit
}

func (i unitImporter) Import(path string) (*types.Package, error) {
	return i.loader.importPackage(i.unit, path)
}

// fileOf is the file a position lies in, or nil.
func (s *Session) fileOf(file *token.File) *fileSpans {
	if f := s.byFile[file]; f != nil {
		return f.index()
	}
	return nil
}
