package gossa

import (
	"go/ast"
	"go/token"
	"sort"
	"unicode/utf8"
)

// extent is a range of positions in one file.
type extent struct{ start, end token.Pos }

func (e extent) valid() bool { return e.start.IsValid() && e.end > e.start }

// fileSpans finds the syntax meant by the positions that go/ssa records, which are those of an
// operator, a bracket or a selector and not of the node's beginning.
type fileSpans struct {
	file  *token.File
	text  []byte
	ascii bool
	// at is keyed by the position that go/ssa records for a node of that kind.
	at map[token.Pos]extent
	// from is keyed by where expressions begin; the outermost wins.
	from map[token.Pos]extent
	// starts passes the beginning of an expression to its leftmost part while the file is walked:
	// asking a long sum's every part for it takes quadratic time.
	starts map[ast.Expr]token.Pos
	// made is keyed by the position go/ssa records for a make, new or composite literal.
	made map[token.Pos]string
	// moved: see sourceFile.
	moved func(line int) extent
	// decls are those of the file, and whether they have been walked: most are never asked for.
	decls  []ast.Decl
	walked []bool
}

func indexFile(file *token.File, syntax *ast.File, text []byte) *fileSpans {
	s := &fileSpans{
		file:   file,
		text:   text,
		ascii:  isASCII(text),
		made:   map[token.Pos]string{},
		at:     map[token.Pos]extent{},
		from:   map[token.Pos]extent{},
		decls:  syntax.Decls,
		walked: make([]bool, len(syntax.Decls)),
	}
	s.walk(syntax.Name)
	return s
}

// walkAt walks the declaration around a position, once.
func (s *fileSpans) walkAt(pos token.Pos) {
	i := sort.Search(len(s.decls), func(i int) bool { return s.decls[i].Pos() > pos }) - 1
	if i >= 0 && !s.walked[i] {
		s.walked[i] = true
		s.walk(s.decls[i])
	}
}

func (s *fileSpans) walkAll() {
	for i, decl := range s.decls {
		if !s.walked[i] {
			s.walked[i] = true
			s.walk(decl)
		}
	}
}

func (s *fileSpans) walk(root ast.Node) {
	s.starts = map[ast.Expr]token.Pos{}
	ast.Inspect(root, func(n ast.Node) bool {
		if n != nil {
			s.add(n)
		}
		return true
	})
	s.starts = nil
}

// start is n.Pos().
func (s *fileSpans) start(n ast.Node) token.Pos {
	e, ok := n.(ast.Expr)
	if !ok {
		return n.Pos()
	}
	start, ok := s.starts[e]
	if !ok {
		start = e.Pos()
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		s.starts[e.X] = start
	case *ast.CallExpr:
		s.starts[e.Fun] = start
	case *ast.SelectorExpr:
		s.starts[e.X] = start
	case *ast.IndexExpr:
		s.starts[e.X] = start
	}
	return start
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (s *fileSpans) add(n ast.Node) {
	s.addMade(n)
	if e, ok := n.(ast.Expr); ok {
		start := s.start(e)
		if _, taken := s.from[start]; !taken && e.End() <= s.last() {
			s.from[start] = extent{start, e.End()}
		}
	}
	switch n := n.(type) {
	case *ast.Ident:
		if _, taken := s.at[n.NamePos]; !taken { // A selector's own position is its name's.
			s.at[n.NamePos] = extent{n.Pos(), n.End()}
		}
	case *ast.BasicLit:
		s.put(n.ValuePos, n)
	case *ast.SelectorExpr:
		s.put(n.Sel.NamePos, n)
	case *ast.CallExpr:
		s.put(n.Lparen, n)
		s.put(n.Rparen, n)
	case *ast.IndexExpr:
		s.put(n.Lbrack, n)
	case *ast.IndexListExpr:
		s.put(n.Lbrack, n)
	case *ast.SliceExpr:
		s.put(n.Lbrack, n)
	case *ast.TypeAssertExpr:
		s.put(n.Lparen, n)
	case *ast.StarExpr:
		s.put(n.Star, n)
	case *ast.UnaryExpr:
		s.put(n.OpPos, n)
	case *ast.BinaryExpr:
		s.put(n.OpPos, n)
	case *ast.CompositeLit:
		s.put(n.Lbrace, n)
	case *ast.KeyValueExpr:
		s.put(n.Colon, n)
	case *ast.FuncLit:
		s.at[n.Type.Func] = extent{n.Type.Func, n.Type.Func + token.Pos(len("func"))}
	default:
		s.addStmt(n)
	}
}

func (s *fileSpans) addStmt(n ast.Node) {
	switch n := n.(type) {
	case *ast.GoStmt:
		s.put(n.Go, n)
	case *ast.DeferStmt:
		s.put(n.Defer, n)
	case *ast.SendStmt:
		s.put(n.Arrow, n)
	case *ast.SelectStmt:
		s.at[n.Select] = extent{n.Select, n.Select + token.Pos(len("select"))}
	case *ast.ReturnStmt:
		s.put(n.Return, n)
	case *ast.AssignStmt:
		s.put(n.TokPos, n)
	case *ast.IncDecStmt:
		s.put(n.TokPos, n)
	case *ast.RangeStmt:
		header := extent{n.For, n.X.End()}
		s.at[n.For] = header
		s.at[n.Range] = header
	}
}

// last is the last valid position of the file; parts of broken syntax may lie behind it.
func (s *fileSpans) last() token.Pos { return token.Pos(s.file.Base() + s.file.Size()) }

// lineOf ignores //line comments: a span is a place in the file that is open in the editor.
func (s *fileSpans) lineOf(pos token.Pos) int { return s.file.PositionFor(pos, false).Line }

func (s *fileSpans) put(key token.Pos, n ast.Node) {
	if key.IsValid() && n.End() <= s.last() {
		start := s.start(n)
		s.at[key] = extent{start, s.cut(n, start)}
	}
}

// cut is the end of a node, or the opening brace of the first function literal in it that spans
// lines: `go func() {` stands for the whole statement.
func (s *fileSpans) cut(n ast.Node, start token.Pos) token.Pos {
	end := n.End()
	if s.lineOf(start) == s.lineOf(end) {
		return end
	}
	ast.Inspect(n, func(child ast.Node) bool {
		lit, ok := child.(*ast.FuncLit)
		if !ok || lit.Body == nil {
			return lit == nil
		}
		if lit.Body.Lbrace < end && s.lineOf(lit.Body.Lbrace) != s.lineOf(lit.Body.Rbrace) {
			end = lit.Body.Lbrace + 1
		}
		return false
	})
	return end
}

// extentAt is what go/ssa's position means, or no extent.
func (s *fileSpans) extentAt(pos token.Pos) extent {
	s.walkAt(pos)
	if e, ok := s.at[pos]; ok {
		return e
	}
	if e, ok := s.from[pos]; ok {
		return e
	}
	if int(pos) < s.file.Base()+s.file.Size() {
		return extent{pos, pos + 1}
	}
	return extent{}
}

// row converts an extent to zero-based lines and UTF-16 columns.
func (s *fileSpans) row(e extent) (row [4]int) {
	row[0], row[1] = s.lineColumn(e.start)
	row[2], row[3] = s.lineColumn(e.end)
	return row
}

func (s *fileSpans) lineColumn(pos token.Pos) (line, column int) {
	offset := min(max(int(pos)-s.file.Base(), 0), len(s.text))
	line = s.lineOf(s.file.Pos(min(offset, s.file.Size())))
	start := s.file.Offset(s.file.LineStart(line))
	if s.ascii || start > offset {
		return line - 1, max(offset-start, 0)
	}
	return line - 1, utf16Length(s.text[start:offset])
}

func utf16Length(text []byte) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// spanTable numbers the spans of an image; equal spans share a row.
type spanTable struct {
	table
	files   map[*token.File]int
	names   []string
	sources func(*token.File) *fileSpans
	fset    *token.FileSet
	known   map[extent]int
	// places are the rows' own; uses hears of each that is asked for.
	places []place
	uses   *uses
}

// place is an extent and the file it is in.
type place struct {
	extent
	file *token.File
}

func newSpanTable(fset *token.FileSet, sources func(*token.File) *fileSpans) *spanTable {
	t := &spanTable{
		files:   map[*token.File]int{},
		sources: sources,
		fset:    fset,
		known:   map[extent]int{},
	}
	t.row() // Row 0: no position.
	t.raw("0,0,0,0,0")
	t.places = []place{{}}
	return t
}

// at is the span of what go/ssa records at pos, 0 when there is none.
func (t *spanTable) at(pos token.Pos) int {
	if !pos.IsValid() {
		return 0
	}
	source := t.source(pos)
	if source == nil {
		return 0
	}
	return t.of(source.extentAt(pos))
}

func (t *spanTable) source(pos token.Pos) *fileSpans {
	file := t.fset.File(pos)
	if file == nil {
		return nil
	}
	return t.sources(file)
}

// of is the number of an extent.
func (t *spanTable) of(e extent) int {
	if !e.valid() {
		return 0
	}
	if i, ok := t.known[e]; ok {
		t.uses.note(ofSpans, i)
		return i
	}
	source := t.source(e.start)
	if source == nil {
		return 0
	}
	if source.moved != nil {
		return t.of(source.moved(source.lineOf(e.start)))
	}
	i := t.row()
	t.known[e] = i
	t.places = append(t.places, place{e, source.file})
	t.uses.note(ofSpans, i)
	t.int(t.file(source))
	for _, n := range source.row(e) {
		t.byte(',')
		t.int(n)
	}
	return i
}

func (t *spanTable) file(source *fileSpans) int {
	i, ok := t.files[source.file]
	if !ok {
		i = len(t.names)
		t.files[source.file] = i
		t.names = append(t.names, source.file.Name())
	}
	return i
}
