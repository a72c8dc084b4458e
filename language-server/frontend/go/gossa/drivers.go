package gossa

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A library package has no program of its own to explore. Where one of its types shows that several
// goroutines may use a value of it (it has a lock, and methods that take it), a driver is a function
// that nobody wrote: it makes such a value and calls two methods at the same time, one of which
// changes under the lock what the other uses without. What it shows rests on the assumption that
// the two may be called so. After ConTeGe (PLDI'12) and Narada (PLDI'15).

// driver is such a function, as go/ssa will know it.
type driver struct {
	name, display, assumption string
	// typ, first and second are the names of the type and of the methods where they are declared.
	typ, first, second extent
}

// maxDrivers of one package; that there are more is said.
const maxDrivers = 12

// addDrivers type-checks functions that call pairs of methods as part of the package, in a file of
// their own whose places are those of what it calls. It leaves the unit as it is when there are none.
func (l *loader) addDrivers(u *unit, check *types.Checker) {
	if u.types.Name() == "main" || strings.HasSuffix(u.path, "_test") {
		return
	}
	w := newDriverWriter(u)
	for _, pair := range methodPairs(u) {
		if len(u.drivers) == maxDrivers {
			where := extent{pair.typ.Pos(), pair.typ.Pos() + token.Pos(len(pair.typ.Name()))}
			reason := fmt.Sprintf("only the first %d pairs of methods are called by made-up callers", maxDrivers)
			u.gaps = append(u.gaps, gap{where, reason})
			break
		}
		if d, ok := w.write(pair); ok {
			u.drivers = append(u.drivers, d)
		}
	}
	if len(u.drivers) == 0 {
		return
	}
	name := u.path + "/drivers of happens-before"
	if old := l.driverFiles[u.path]; old != nil {
		l.fset.RemoveFile(old.file)
		delete(l.byFile, old.file)
	}
	file, err := parser.ParseFile(l.fset, name, w.text(), parser.SkipObjectResolution)
	if err == nil {
		err = check.Files([]*ast.File{file})
	}
	if err != nil { // A bug of ours, which costs the drivers and nothing else.
		u.gaps = append(u.gaps, gap{extent{}, "made-up callers could not be built: " + err.Error()})
		u.drivers = nil
		return
	}
	source := &sourceFile{name: name, file: l.fset.File(file.FileStart), syntax: file}
	source.moved = movedTo(u.drivers)
	l.driverFiles[u.path] = source
	l.byFile[source.file] = source
	u.syntax = append(u.syntax, file)
}

// linesOfDriver is how many lines of the file are written for each driver.
const linesOfDriver = 5

// movedTo maps lines of the drivers' file to what stands for them in the user's.
func movedTo(drivers []driver) func(line int) extent {
	return func(line int) extent {
		at := line - firstDriverLine
		if at < 0 || at/linesOfDriver >= len(drivers) {
			return extent{}
		}
		d := drivers[at/linesOfDriver]
		return []extent{d.typ, d.typ, d.first, d.second, d.second}[at%linesOfDriver]
	}
}

// driver is the one that a function is, or nil.
func (u *unit) driver(name string) *driver {
	i := slices.IndexFunc(u.drivers, func(it driver) bool { return it.name == name })
	if i < 0 {
		return nil
	}
	return &u.drivers[i]
}

// driverWriter makes the text of the file.
type driverWriter struct {
	unit    *unit
	imports map[string]string
	body    strings.Builder
}

// firstDriverLine is where the first driver begins: all that goes before stands on one line.
const firstDriverLine = 2

func newDriverWriter(u *unit) *driverWriter {
	return &driverWriter{unit: u, imports: map[string]string{}}
}

func (w *driverWriter) text() string {
	head := "package " + w.unit.types.Name() + "; import ("
	for _, path := range sortedKeys(w.imports) {
		head += fmt.Sprintf("%s %q; ", w.imports[path], path)
	}
	return head + ")\n" + w.body.String()
}

func (w *driverWriter) write(pair methodPair) (driver, bool) {
	made, ok := w.constructor(pair.typ)
	first, ok1 := w.arguments(pair.first)
	second, ok2 := w.arguments(pair.second)
	if !ok || !ok1 || !ok2 {
		return driver{}, false
	}
	owner := pair.typ.Name()
	name := fmt.Sprintf("%s_%s_with_%s", owner, pair.first.Name(), pair.second.Name())
	fmt.Fprintf(&w.body, "func %s() {\n%s\ngo x.%s(%s)\nx.%s(%s)\n}\n",
		name, made, pair.first.Name(), first, pair.second.Name(), second)
	display := fmt.Sprintf("caller of %s and %s", pair.first.Name(), pair.second.Name())
	assumption := fmt.Sprintf("two goroutines may call `%s` and `%s` of one `%s`",
		pair.first.Name(), pair.second.Name(), owner)
	if pair.first == pair.second {
		display = "caller of " + pair.first.Name()
		assumption = fmt.Sprintf("two goroutines may call `%s` of one `%s`", pair.first.Name(), owner)
	}
	at := func(obj types.Object) extent {
		return extent{obj.Pos(), obj.Pos() + token.Pos(len(obj.Name()))}
	}
	return driver{name, display, assumption, at(pair.typ), at(pair.first), at(pair.second)}, true
}

// constructor is a statement that makes x: by the package's function with the fewest parameters that
// gives one, else the zero value with the maps and channels in it made.
func (w *driverWriter) constructor(typ *types.TypeName) (string, bool) {
	best, bestArgs := (*types.Func)(nil), ""
	scope := w.unit.types.Scope()
	for _, name := range scope.Names() {
		fn, ok := scope.Lookup(name).(*types.Func)
		if !ok || !strings.HasPrefix(name, "New") || !makes(fn.Signature(), typ) {
			continue
		}
		args, ok := w.arguments(fn)
		if ok && (best == nil || fn.Signature().Params().Len() < best.Signature().Params().Len()) {
			best, bestArgs = fn, args
		}
	}
	if best == nil {
		return "x := &" + typ.Name() + "{" + w.madeFields(typ) + "}", true
	}
	if best.Signature().Results().Len() == 2 {
		return fmt.Sprintf("x, err := %s(%s); if err != nil { return }", best.Name(), bestArgs), true
	}
	return fmt.Sprintf("x := %s(%s)", best.Name(), bestArgs), true
}

// makes reports whether the results are a value of the type, alone or with an error.
func makes(sig *types.Signature, typ *types.TypeName) bool {
	results := sig.Results()
	if sig.TypeParams() != nil || results.Len() == 0 || results.Len() > 2 {
		return false
	}
	if results.Len() == 2 && results.At(1).Type().String() != "error" {
		return false
	}
	made := types.Unalias(results.At(0).Type())
	if pointer, ok := made.(*types.Pointer); ok {
		made = types.Unalias(pointer.Elem())
	}
	named, ok := made.(*types.Named)
	return ok && named.Obj() == typ
}

func (w *driverWriter) madeFields(typ *types.TypeName) string {
	fields := []string{}
	shape := typ.Type().Underlying().(*types.Struct)
	for i := range shape.NumFields() {
		field := shape.Field(i)
		switch field.Type().Underlying().(type) {
		case *types.Map, *types.Chan:
			if name, ok := w.typeName(field.Type()); ok && field.Name() != "_" {
				fields = append(fields, fmt.Sprintf("%s: make(%s, 1)", field.Name(), name))
			}
		}
	}
	return strings.Join(fields, ", ")
}

// arguments for a call, the same each time: two calls with one key meet where they can.
func (w *driverWriter) arguments(fn *types.Func) (string, bool) {
	params := fn.Signature().Params()
	args := []string{}
	for i := range params.Len() {
		if fn.Signature().Variadic() && i == params.Len()-1 {
			break
		}
		arg, ok := w.argument(params.At(i).Type())
		if !ok {
			return "", false
		}
		args = append(args, arg)
	}
	return strings.Join(args, ", "), true
}

func (w *driverWriter) argument(t types.Type) (string, bool) {
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil &&
		named.Obj().Pkg().Path() == "context" && named.Obj().Name() == "Context" {
		return w.qualified(named.Obj().Pkg()) + ".Background()", true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "true", true
		case u.Info()&types.IsString != 0:
			return `"a"`, true
		case u.Info()&types.IsNumeric != 0:
			return "1", true
		}
		return "", false
	case *types.Interface:
		if u.NumMethods() == 0 {
			return `"a"`, u.NumEmbeddeds() == 0
		}
		return "nil", t.String() == "error"
	case *types.Signature:
		name, ok := w.typeName(u)
		if !ok || u.Results().Len() > 1 {
			return "", false
		}
		if u.Results().Len() == 0 {
			return name + " {}", true
		}
		result, ok := w.argument(u.Results().At(0).Type())
		return name + " { return " + result + " }", ok
	case *types.Slice, *types.Map:
		name, ok := w.typeName(t)
		return name + "{}", ok
	case *types.Struct, *types.Array:
		name, ok := w.typeName(t)
		return name + "{}", ok
	}
	return "", false
}

// typeName is a type as it is written in the package; false where it cannot be.
func (w *driverWriter) typeName(t types.Type) (string, bool) {
	ok := true
	name := types.TypeString(t, func(pkg *types.Package) string {
		if pkg == w.unit.types {
			return ""
		}
		ok = ok && slices.Contains(w.unit.types.Imports(), pkg)
		return w.qualified(pkg)
	})
	return name, ok
}

func (w *driverWriter) qualified(pkg *types.Package) string {
	name, ok := w.imports[pkg.Path()]
	if !ok {
		name = fmt.Sprintf("hb%d", len(w.imports))
		w.imports[pkg.Path()] = name
	}
	return name
}
