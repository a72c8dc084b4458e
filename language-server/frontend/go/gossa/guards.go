package gossa

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// What people write about locks, read where it can mean one thing only. At a field: `guarded by mu`, `protected by mu`
// and the annotation `+checklocks:mu` of gVisor's analyzer; at a mutex: `mu guards a, b`; at a function:
// `+checklocks:s.mu` and `+checklocksread:s.mu`, which its callers hold.

// guard is a field with the lock that a comment names for it.
type guard struct {
	// owner and field, as the type's qualified name has them.
	owner, field string
	// lock is a path from the struct; "" when the comment names no lock of the package.
	lock string
	// said is the name in the comment, which stands at where.
	said  string
	where extent
}

// requirement is a lock of a parameter that a function is called with; the receiver is parameter 0.
type requirement struct {
	fn     string
	param  int
	lock   string
	shared bool
}

var (
	guardedBy  = regexp.MustCompile("(?i:guarded|protected) by (?:the )?[`']?([A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)")
	checkLocks = regexp.MustCompile(`\+checklocks:([\w.]+)`)
	callerHas  = regexp.MustCompile(`\+checklocks(read)?:([\w.]+)`)
	guardsList = regexp.MustCompile(`^(\w+)(?: is a mutex that| mutex)? (?:guards|protects) (.*)$`)
	// lockName is a word that is hardly anything but the name of a mutex.
	lockName = regexp.MustCompile(`^(mu|\w+Mu|mtx|\w+Mtx)$`)
)

// commentReader finds guards and requirements in the comments of one unit.
type commentReader struct {
	unit         *unit
	guards       []guard
	requirements []requirement
	// receivers are the names that methods have for values of a type.
	receivers map[string]map[string]bool
	// named are the words that a comment can name other than fields of its struct.
	named map[string]bool
}

func readComments(u *unit) *commentReader {
	r := &commentReader{unit: u, receivers: map[string]map[string]bool{}, named: map[string]bool{}}
	for _, name := range u.types.Scope().Names() {
		r.named[name] = true
	}
	for _, file := range u.syntax {
		ast.Inspect(file, r.note)
	}
	for _, file := range u.syntax {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				r.function(decl)
			case *ast.GenDecl:
				r.declaration(decl)
			}
		}
	}
	return r
}

// note remembers names of receivers and fields.
func (r *commentReader) note(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Recv != nil && len(n.Recv.List) == 1 && len(n.Recv.List[0].Names) == 1 {
			owner, _ := receiverName(n.Recv.List[0].Type)
			if r.receivers[owner] == nil {
				r.receivers[owner] = map[string]bool{}
			}
			r.receivers[owner][n.Recv.List[0].Names[0].Name] = true
		}
		return false
	case *ast.StructType:
		for _, field := range n.Fields.List {
			for _, name := range field.Names {
				r.named[name.Name] = true
			}
		}
	}
	return true
}

func (r *commentReader) declaration(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		obj, ok := r.unit.info.Defs[spec.Name].(*types.TypeName)
		syntax, isStruct := spec.Type.(*ast.StructType)
		if !ok || !isStruct {
			continue
		}
		if shape, ok := obj.Type().Underlying().(*types.Struct); ok {
			r.structure(obj, shape, syntax)
		}
	}
}

func (r *commentReader) structure(owner *types.TypeName, shape *types.Struct, syntax *ast.StructType) {
	for _, field := range syntax.Fields.List {
		for _, comment := range comments(field) {
			if word, where, strict := guardIn(comment); word != "" {
				r.field(owner, shape, field, word, where, strict)
			}
		}
		if len(field.Names) == 1 && lockIn(shape, field.Names[0].Name) != nil {
			r.mutex(owner, shape, field)
		}
	}
}

func comments(field *ast.Field) []*ast.Comment {
	var list []*ast.Comment
	for _, group := range []*ast.CommentGroup{field.Doc, field.Comment} {
		if group != nil {
			list = append(list, group.List...)
		}
	}
	return list
}

// guardIn is the lock that a comment names and its place; strict: in the form that only tools read.
func guardIn(comment *ast.Comment) (word string, where extent, strict bool) {
	for _, pattern := range []*regexp.Regexp{checkLocks, guardedBy} {
		if at := pattern.FindStringSubmatchIndex(comment.Text); at != nil {
			start := comment.Pos() + token.Pos(at[2])
			word := strings.TrimRight(comment.Text[at[2]:at[3]], ".")
			return word, extent{start, start + token.Pos(len(word))}, pattern == checkLocks
		}
	}
	return "", extent{}, false
}

// field takes down what is said of one field, or of several that are declared together.
func (r *commentReader) field(
	owner *types.TypeName, shape *types.Struct, field *ast.Field, word string, where extent, strict bool,
) {
	lock := r.resolve(owner, shape, word)
	if lock == "" && !(r.isWrong(word) && (strict || lockName.MatchString(word))) {
		return // A lock of another value, or prose.
	}
	for _, name := range field.Names {
		if name.Name != lock {
			r.guards = append(r.guards, guard{r.qualified(owner), name.Name, lock, word, where})
		}
	}
}

// isWrong: nothing that the package declares has that name.
func (r *commentReader) isWrong(word string) bool {
	return !strings.Contains(word, ".") && !r.named[word]
}

// resolve is the path from the struct to the lock that a word means there, or "".
func (r *commentReader) resolve(owner *types.TypeName, shape *types.Struct, word string) string {
	first, rest, dotted := strings.Cut(word, ".")
	switch {
	case !dotted:
		if lockIn(shape, first) != nil {
			return first
		}
	case fieldOf(shape, first) != nil:
		inner, ok := pointee(fieldOf(shape, first).Type()).Underlying().(*types.Struct)
		if ok && lockIn(inner, rest) != nil {
			return word
		}
	case first == owner.Name() || r.receivers[owner.Name()][first]:
		if lockIn(shape, rest) != nil {
			return rest
		}
	}
	return ""
}

// mutex reads `mu guards a, b` at a lock; all that is listed must be fields, or the list is prose.
func (r *commentReader) mutex(owner *types.TypeName, shape *types.Struct, field *ast.Field) {
	for _, comment := range comments(field) {
		text := strings.TrimSpace(strings.TrimPrefix(comment.Text, "//"))
		name := field.Names[0].Name
		if strings.HasPrefix(text, "guards ") || strings.HasPrefix(text, "protects ") {
			text = name + " " + text
		}
		match := guardsList.FindStringSubmatch(text)
		if match == nil || match[1] != name {
			continue
		}
		listed := strings.FieldsFunc(strings.ReplaceAll(match[2], " and ", ","), func(c rune) bool {
			return strings.ContainsRune(" ,.`", c)
		})
		where := extent{comment.Pos(), comment.End()}
		var found []guard
		for _, it := range listed {
			if fieldOf(shape, it) != nil {
				found = append(found, guard{r.qualified(owner), it, name, name, where})
			}
		}
		if len(found) == len(listed) {
			r.guards = append(r.guards, found...)
		}
	}
}

func (r *commentReader) function(decl *ast.FuncDecl) {
	obj, ok := r.unit.info.Defs[decl.Name].(*types.Func)
	if !ok || decl.Doc == nil {
		return
	}
	for _, comment := range decl.Doc.List {
		match := callerHas.FindStringSubmatch(comment.Text)
		if match == nil {
			continue
		}
		first, rest, dotted := strings.Cut(match[2], ".")
		for i, param := range parametersOf(obj) {
			lock := rest
			if !dotted && i == 0 && obj.Signature().Recv() != nil {
				lock = first
			} else if param.Name() != first {
				continue
			}
			shape, ok := pointee(param.Type()).Underlying().(*types.Struct)
			if ok && lockIn(shape, lock) != nil {
				r.requirements = append(r.requirements, requirement{r.funcName(obj), i, lock, match[1] != ""})
			}
		}
	}
}

func parametersOf(fn *types.Func) []*types.Var {
	var list []*types.Var
	if recv := fn.Signature().Recv(); recv != nil {
		list = append(list, recv)
	}
	for i := range fn.Signature().Params().Len() {
		list = append(list, fn.Signature().Params().At(i))
	}
	return list
}

func (r *commentReader) qualified(owner *types.TypeName) string {
	return r.unit.path + "." + owner.Name()
}

// funcName is the name that namer gives, without type arguments.
func (r *commentReader) funcName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return r.unit.path + "." + fn.Name()
	}
	star := ""
	if _, ok := types.Unalias(recv.Type()).(*types.Pointer); ok {
		star = "*"
	}
	named, ok := types.Unalias(pointee(recv.Type())).(*types.Named)
	if !ok {
		return ""
	}
	return "(" + star + r.qualified(named.Obj()) + ")." + fn.Name()
}

func pointee(t types.Type) types.Type {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		return pointer.Elem()
	}
	return t
}

func fieldOf(shape *types.Struct, name string) *types.Var {
	for i := range shape.NumFields() {
		if shape.Field(i).Name() == name {
			return shape.Field(i)
		}
	}
	return nil
}

// lockIn is the field of that name if it is a mutex, by value or by pointer.
func lockIn(shape *types.Struct, name string) *types.Var {
	field := fieldOf(shape, name)
	if field == nil {
		return nil
	}
	switch pointee(field.Type()).String() {
	case "sync.Mutex", "sync.RWMutex":
		return field
	}
	return nil
}

// writeComments adds what comments say of locks; nothing where they say nothing.
func (x *exporter) writeComments(out *buffer) {
	read := readComments(x.unit)
	if len(read.guards) > 0 {
		out.raw(",\n\"guards\":")
		out.list(len(read.guards), func(i int) {
			g := read.guards[i]
			out.byte('[')
			for _, text := range []string{g.owner, g.field, g.lock, g.said} {
				out.text(text)
				out.byte(',')
			}
			out.int(x.spans.of(g.where))
			out.byte(']')
		})
	}
	if len(read.requirements) > 0 {
		out.raw(",\n\"requires\":")
		out.list(len(read.requirements), func(i int) {
			r := read.requirements[i]
			out.byte('[')
			out.text(r.fn)
			out.byte(',')
			out.int(r.param)
			out.byte(',')
			out.text(r.lock)
			out.byte(',')
			out.flag(r.shared)
			out.byte(']')
		})
	}
}
