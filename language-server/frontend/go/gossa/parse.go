package gossa

import (
	"bytes"
	"crypto/sha256"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// sourceFile is a parsed file; it is kept until its text changes.
type sourceFile struct {
	name string
	hash [sha256.Size]byte
	// original is the text as it was given; text is what was parsed.
	original, text []byte
	file           *token.File
	syntax         *ast.File
	gaps           []gap
	spans          *fileSpans
	locals         localTypes
	// moved: the places of a line are said to be there instead; nil for files that somebody wrote.
	moved func(line int) extent
	// changed: the syntax was cleaned for go/ssa and must not be type-checked again.
	changed bool
}

// index finds syntax by position; built when an image first refers to the file.
func (f *sourceFile) index() *fileSpans {
	if f.spans == nil {
		f.spans = indexFile(f.file, f.syntax, f.text)
		f.spans.moved = f.moved
		if len(f.gaps) > 0 || f.changed { // Broken declarations may lie in each other.
			f.spans.walkAll()
		}
	}
	return f.spans
}

func (f *sourceFile) localTypes() localTypes {
	if f.locals == nil {
		f.locals = localTypes{}
		f.locals.addFile(f.syntax)
	}
	return f.locals
}

func (f *sourceFile) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// parse returns the file's syntax from the cache when the text is the same.
func (s *Session) parse(name string, text []byte, edited int, kept bool) *sourceFile {
	old := s.files[name]
	if old != nil && sameBytes(text, old.original) {
		return old
	}
	hash := sha256.Sum256(text)
	if old != nil && old.hash == hash {
		return old
	}
	if !kept { // Else the whole message would stay in memory for the sake of one file.
		text = bytes.Clone(text)
	}
	return s.parseAgain(name, hash, text, edited)
}

// sameBytes is true for the very same memory: a package that was kept.
func sameBytes(a, b []byte) bool {
	return len(a) > 0 && len(a) == len(b) && &a[0] == &b[0]
}

func (s *Session) parseAgain(name string, hash [sha256.Size]byte, text []byte, edited int) *sourceFile {
	old := s.files[name]
	if old != nil {
		s.fset.RemoveFile(old.file)
		delete(s.byFile, old.file)
	}
	f := &sourceFile{name: name, hash: hash, original: text, text: text}
	s.parseTolerant(f, edited)
	s.files[name] = f
	s.byFile[f.file] = f
	return f
}

const parseMode = parser.ParseComments | parser.SkipObjectResolution

// unreadable stands for a file without a package clause.
const unreadable = "unreadable"

// parseTolerant never fails: what does not parse is blanked and becomes a gap.
func (s *Session) parseTolerant(f *sourceFile, edited int) {
	if s.parseOnce(f, parseMode) == nil {
		return
	}
	var gaps []blanked
	f.text, gaps = blankBrokenChunks(f.text, edited)
	err := s.parseOnce(f, parseMode|parser.AllErrors)
	if f.file == nil {
		f.text = []byte("package " + unreadable)
		s.parseOnce(f, parseMode)
	}
	for _, b := range gaps {
		f.addGap(b.start, b.end, "syntax error: "+b.reason)
	}
	if list, ok := err.(scanner.ErrorList); ok {
		for _, e := range list {
			f.addGap(e.Pos.Offset, e.Pos.Offset+1, "syntax error: "+e.Msg)
		}
	}
}

// parseOnce replaces the syntax of f; there is no file when not even the package clause parses.
func (s *Session) parseOnce(f *sourceFile, mode parser.Mode) error {
	if f.file != nil {
		s.fset.RemoveFile(f.file)
	}
	syntax, err := parser.ParseFile(s.fset, f.name, f.text, mode)
	f.syntax, f.file = syntax, s.fset.File(syntax.FileStart)
	return err
}

func (f *sourceFile) addGap(start, end int, reason string) {
	size := f.file.Size()
	start = max(min(start, size-1), 0)
	end = max(min(end, size), start+1)
	base := token.Pos(f.file.Base())
	f.gaps = append(f.gaps, gap{extent{base + token.Pos(start), base + token.Pos(end)}, reason})
}

// included evaluates build constraints and the file's name.
func (r *Request) included(name string, text []byte) bool {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH = "linux", "amd64"
	if r.GOOS != "" {
		ctx.GOOS = r.GOOS
	}
	if r.GOARCH != "" {
		ctx.GOARCH = r.GOARCH
	}
	ctx.BuildTags = r.Tags
	ctx.CgoEnabled = false
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	match, err := ctx.MatchFile(filepath.Dir(name), filepath.Base(name))
	// A header that does not parse is the user's half-typed file, not another platform's.
	return match || err != nil
}

// usesC reports whether a file imports C code, which only cgo can type.
func usesC(text []byte) bool {
	if !bytes.Contains(text, []byte(`"C"`)) {
		return false
	}
	syntax, _ := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly)
	return slices.ContainsFunc(syntax.Imports, func(it *ast.ImportSpec) bool { return importPath(it) == "C" })
}

// cgoGap says that a file which imports C code is left out.
func (l *loader) cgoGap(file RequestFile) gap {
	f := l.parse(file.Name, file.text, -1, false)
	where := extent{f.syntax.Name.Pos(), f.syntax.Name.End()}
	for _, spec := range f.syntax.Imports {
		if importPath(spec) == "C" {
			where = extent{spec.Pos(), spec.End()}
		}
	}
	return gap{where, "cgo is not analysed; this file is left out"}
}
