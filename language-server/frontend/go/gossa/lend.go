package gossa

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
	"sort"

	"golang.org/x/tools/go/ssa"
)

// lender writes rows of an earlier image into a new one. What does not go as it should panics: then the image is written
// without it.
type lender struct {
	earlier *kept
	session *Session
	// files are those of the unit and of what it rests on, by name.
	files map[string]*lentFile
	// syntax is the unit's without the bodies that are lent, by which functions are known.
	syntax   []*ast.File
	bodiless map[*ast.FuncDecl]bool
	// wanted are the names of functions whose rows are to be lent, funcs and tables what that comes to.
	wanted []string
	funcs  map[string]*keptFunc
	tables map[string]*keptTable
	// numbers are the indices that rows of the earlier image's tables have in the new one, -1 for none yet.
	numbers [tableKinds][]int
}

// lentFile is a file of the unit: where its bodies were and are, and which of them are as they were.
type lentFile struct {
	*sourceFile
	before, after []between
	unchanged     []bool
}

// lender is nil for a unit that has nothing to borrow.
func (l *loader) lender(u *unit) *lender {
	earlier := l.kept[u.path]
	if u.image != nil || u.typesOnly || !earlier.fits(u) {
		return nil
	}
	it := &lender{
		earlier:  earlier,
		session:  l.Session,
		files:    map[string]*lentFile{},
		bodiless: map[*ast.FuncDecl]bool{},
		funcs:    map[string]*keptFunc{},
		tables:   map[string]*keptTable{},
	}
	sizes := []int{ofTypes: len(earlier.types), ofPool: len(earlier.pool), ofSpans: len(earlier.spans)}
	for kind, size := range sizes {
		it.numbers[kind] = slices.Repeat([]int{-1}, size)
	}
	it.numbers[ofSpans][0] = 0
	before := map[string]keptFile{}
	for _, file := range earlier.files {
		before[file.name] = file
	}
	for _, f := range u.closedFiles() {
		it.files[f.name] = newLentFile(f, before[f.name])
	}
	for _, syntax := range u.syntax {
		it.syntax = append(it.syntax, it.withoutBodies(u, syntax))
	}
	return it
}

func newLentFile(f *sourceFile, earlier keptFile) *lentFile {
	file := &lentFile{sourceFile: f, before: earlier.bodies, after: f.bodies()}
	for i, after := range file.after {
		file.unchanged = append(file.unchanged, bytes.Equal(after.in(f.text), file.before[i].in(earlier.text)))
	}
	return file
}

// withoutBodies is a file's syntax without the bodies that are as they were; that of made-up code as it is.
func (l *lender) withoutBodies(u *unit, syntax *ast.File) *ast.File {
	f := l.files[u.fileName(syntax)]
	if f == nil {
		return syntax
	}
	without := *syntax
	without.Decls = slices.Clone(syntax.Decls)
	u.info.FileVersions[&without] = u.info.FileVersions[syntax]
	closed, at := f.closed(), 0
	for i, decl := range syntax.Decls {
		if at == len(closed) || decl != ast.Decl(closed[at]) {
			continue
		}
		if f.unchanged[at] {
			fn := *closed[at]
			fn.Body = nil
			without.Decls[i] = &fn
			l.bodiless[&fn] = true
		}
		at++
	}
	return &without
}

// has reports whether the row of a function is lent.
func (l *lender) has(fn *ssa.Function) bool {
	if l == nil {
		return false
	}
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	return ok && l.bodiless[decl]
}

// collect finds what comes with the functions that are wanted; what the exporter has built itself is newer.
func (l *lender) collect(x *exporter) {
	built := map[string]bool{}
	for _, fn := range x.funcs {
		built[x.names.funcName(fn)] = true
	}
	var lendTable func(name string)
	lend := func(name string) {
		if row := l.earlier.funcs[name]; row != nil && !built[name] && l.funcs[name] == nil {
			l.funcs[name] = row
			l.wanted = append(l.wanted, row.mentions.funcs...)
			for _, table := range row.mentions.tables {
				lendTable(table)
			}
		}
	}
	lendTable = func(name string) {
		if x.tables[name] != nil || l.tables[name] != nil {
			return
		}
		table := l.earlier.tables[name]
		l.tables[name] = table
		for _, method := range table.methods {
			l.wanted = append(l.wanted, method.fn)
		}
		for _, part := range table.parts {
			lendTable(part)
		}
	}
	for _, name := range l.wanted {
		if l.earlier.funcs[name] == nil {
			panic("nothing is kept of " + name)
		}
	}
	for i := 0; i < len(l.wanted); i++ { // The list grows while it is walked.
		lend(l.wanted[i])
	}
}

// write writes a row with the indices that what it refers to has now.
func (l *lender) write(x *exporter, out *buffer, row *keptFunc) {
	var list []use
	for _, it := range l.earlier.uses[row.uses.from:row.uses.to] {
		list = append(list, use{it.kind, l.number(x, it.kind, it.index)})
	}
	x.uses.begin()
	x.uses.list = append(x.uses.list, list...)
	from := row.text.from
	for _, old := range l.earlier.holes[row.holes.from:row.holes.to] {
		out.data = append(out.data, l.earlier.body[from:old.from]...)
		x.ref(out, old.kind, l.number(x, old.kind, old.index))
		from = old.to
	}
	out.data = append(out.data, l.earlier.body[from:row.text.to]...)
}

// number is the index that a row of a table has in the new image, where it is added if it is not there.
func (l *lender) number(x *exporter, kind tableKind, old int) int {
	number := l.numbers[kind][old]
	if number >= 0 {
		return number
	}
	switch kind {
	case ofTypes:
		return l.typ(x, old)
	case ofPool:
		row := l.earlier.pool[old]
		number = x.pool.index(row.kind, l.number(x, ofTypes, row.typ), []byte(row.value))
	default:
		number = x.spans.of(l.extent(l.earlier.spans[old]))
	}
	l.numbers[kind][old] = number
	return number
}

func (l *lender) typ(x *exporter, old int) int {
	row := l.earlier.types[old]
	number, known := x.types.byName[row.name]
	if !known {
		number = x.types.add(typeRow{name: row.name, text: row.text, holes: row.holes})
	}
	l.numbers[ofTypes][old] = number
	if !known { // Only after the number is taken, since types may be recursive.
		parts := make([]int, len(row.parts))
		for i, part := range row.parts {
			parts[i] = l.number(x, ofTypes, part)
		}
		x.types.rows[number].parts = parts
	}
	return number
}

// extent is where something is now.
func (l *lender) extent(was place) extent {
	if l.session.byFile[was.file] != nil {
		return was.extent
	}
	return extent{l.position(was.file, was.start), l.position(was.file, was.end)}
}

func (l *lender) position(file *token.File, pos token.Pos) token.Pos {
	earlier, ok := l.earlier.files[file]
	if !ok {
		panic("a place in a file that is gone")
	}
	now := l.files[earlier.name]
	base := now.file.Base()
	offset := int(pos) - file.Base()
	at := sort.Search(len(now.before), func(i int) bool { return now.before[i].from > offset }) - 1
	if at < 0 {
		return token.Pos(base + offset)
	}
	before, after := now.before[at], now.after[at]
	switch {
	case offset >= before.to:
		return token.Pos(base + after.to + offset - before.to)
	case offset > before.from && !now.unchanged[at]:
		panic("a place in a body that changed")
	}
	return token.Pos(base + after.from + offset - before.from)
}
