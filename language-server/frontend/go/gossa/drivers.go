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
	// rehearsed: it makes the calls one after the other first, so that how often it panics tells of their overlap alone.
	rehearsed bool
	// typ, first and second are the names of the type and of the methods where they are declared.
	typ, first, second extent
}

// maxDrivers of one package; that there are more is said.
const maxDrivers = 12

// addDrivers type-checks functions that call pairs of methods as part of the package, in a file of
// their own whose places are those of what it calls, and instances of generic code that nothing
// instantiates. It leaves the unit as it is when there are none.
func (l *loader) addDrivers(u *unit, check *types.Checker) {
	w := newDriverWriter(u)
	l.writeDrivers(u, w)
	w.body.WriteString(w.tail)
	w.body.WriteString(writeInstances(u))
	if w.body.Len() == 0 {
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

// writeDrivers adds those of a library package.
func (l *loader) writeDrivers(u *unit, w *driverWriter) {
	if u.types.Name() == "main" || strings.HasSuffix(u.path, "_test") {
		return
	}
	for _, pair := range methodPairs(u) {
		if len(u.drivers) == maxDrivers {
			where := extentOf(pair.subject())
			reason := fmt.Sprintf("only the first %d pairs of methods are called by made-up callers", maxDrivers)
			u.gaps = append(u.gaps, gap{where, reason})
			break
		}
		if d, ok := w.write(pair); ok {
			u.drivers = append(u.drivers, d)
		}
	}
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
	values  madeValues
	body    strings.Builder
	// tail are the types that the drivers use.
	tail string
}

// madeValues are what strings and numbers are in arguments.
type madeValues struct {
	text, number string
	// fails: functions that can fail do.
	fails bool
}

var (
	usualValues = madeValues{`"a"`, "1", false}
	otherValues = madeValues{`"b"`, "2", false}
	// What is made has room for two.
	valuesOfMaker = madeValues{`"a"`, "2", false}
	failingValues = madeValues{`"a"`, "1", true}
)

// firstDriverLine is where the first driver begins: all that goes before stands on one line.
const firstDriverLine = 2

func newDriverWriter(u *unit) *driverWriter {
	return &driverWriter{unit: u, imports: map[string]string{}, values: usualValues}
}

func (w *driverWriter) text() string {
	head := "package " + w.unit.types.Name() + "; import ("
	for _, path := range sortedKeys(w.imports) {
		head += fmt.Sprintf("%s %q; ", w.imports[path], path)
	}
	return head + ")\n" + w.body.String()
}

func (w *driverWriter) write(pair methodPair) (driver, bool) {
	create, x, ok := w.creation(pair)
	first, ok1 := w.callTwice(x, pair.first)
	second, ok2 := w.call(x, pair.second)
	if !ok || !ok1 || !ok2 {
		return driver{}, false
	}
	name := fmt.Sprintf("%s_%s_with_%s", pair.owner(), pair.first.Name(), pair.second.Name())
	before := create + w.filling(x, pair.fills)
	if pair.rehearsed {
		before = fmt.Sprintf("{%s; %s; %s}; {%s; %s; %s}; %s", before, first, second, before, second, first, before)
	}
	if pair.looks {
		second = "for _, it := range " + second + " { _ = it }"
	}
	fmt.Fprintf(&w.body, "func %s() {\n%s\ngo %s\n%s\n}\n", name, before, first, second)
	display := fmt.Sprintf("caller of %s and %s", pair.first.Name(), pair.second.Name())
	if pair.first == pair.second {
		display = "caller of " + pair.first.Name()
	}
	return driver{name, display, pair.assumption(), pair.rehearsed,
		extentOf(pair.subject()), extentOf(pair.first), extentOf(pair.second)}, true
}

func extentOf(obj types.Object) extent {
	return extent{obj.Pos(), obj.Pos() + token.Pos(len(obj.Name()))}
}

// subject is where a driver stands as a whole.
func (p methodPair) subject() types.Object {
	if p.typ == nil {
		return p.first
	}
	return p.typ
}

func (p methodPair) owner() string {
	if p.typ == nil {
		return "functions"
	}
	return p.typ.Name()
}

func (p methodPair) assumption() string {
	text := fmt.Sprintf("two goroutines may call `%s`", p.first.Name())
	if p.first != p.second {
		text += fmt.Sprintf(" and `%s`", p.second.Name())
	}
	if p.typ != nil {
		text += fmt.Sprintf(" of one `%s`", p.typ.Name())
	}
	if p.looks {
		text += fmt.Sprintf(" and look at what `%s` returns", p.second.Name())
	}
	return text
}

// creation makes x, and says of which type it is; nil where functions are called.
func (w *driverWriter) creation(pair methodPair) (string, types.Type, bool) {
	if pair.typ == nil {
		return "", nil, true
	}
	made, ok := w.madeType(pair.typ)
	if !ok {
		return "", nil, false
	}
	create, x := w.constructor(made, pair.makers)
	return create, x, true
}

// madeType is a type with what stands for its parameters.
type madeType struct {
	*types.TypeName
	// args are `[int]`, "" for what is not generic; list is the same.
	args string
	list []types.Type
	self types.Type
}

func (w *driverWriter) madeType(typ *types.TypeName) (madeType, bool) {
	params := typ.Type().(*types.Named).TypeParams()
	if params.Len() == 0 {
		return madeType{TypeName: typ, self: typ.Type()}, true
	}
	for _, arg := range madeArguments {
		list := slices.Repeat([]types.Type{arg}, params.Len())
		if self, err := types.Instantiate(nil, typ.Type(), list, true); err == nil {
			return madeType{typ, argumentsFor(typ, params), list, self}, true
		}
	}
	return madeType{}, false
}

// call is one of a method of x, with arguments that are made up.
func (w *driverWriter) call(x types.Type, method *types.Func) (string, bool) {
	if x == nil {
		args, ok := w.arguments(method.Signature())
		return fmt.Sprintf("%s(%s)", method.Name(), args), ok
	}
	found, _, _ := types.LookupFieldOrMethod(x, true, w.unit.types, method.Name())
	fn, ok := found.(*types.Func)
	if !ok {
		return "", false
	}
	args, ok := w.arguments(fn.Signature())
	return fmt.Sprintf("x.%s(%s)", method.Name(), args), ok
}

// callTwice is a call, and where it is given a function that can fail another one with one that does.
func (w *driverWriter) callTwice(x types.Type, method *types.Func) (string, bool) {
	fine, ok := w.call(x, method)
	w.values = failingValues
	fails, _ := w.call(x, method)
	w.values = usualValues
	if fails == fine {
		return fine, ok
	}
	return "func() { " + fine + "; " + fails + " }()", ok
}

// failure is an error, nil where none is to be had.
func (w *driverWriter) failure() string {
	for _, pkg := range w.unit.types.Imports() {
		if pkg.Path() == "errors" && w.values.fails {
			return w.qualified(pkg) + `.New("failed")`
		}
	}
	return "nil"
}

// filling puts something into x, first what the two calls will look for, then something else, twice: what is last in a
// list is not next to what they look for. That a method does not
// like what it is given says nothing.
func (w *driverWriter) filling(x types.Type, fills []*types.Func) string {
	text := ""
	for _, values := range []madeValues{usualValues, otherValues, otherValues} {
		w.values = values
		for _, fn := range fills {
			if call, ok := w.call(x, fn); ok {
				text += "; func() { defer func() { recover() }(); " + call + " }()"
			}
		}
	}
	w.values = usualValues
	return text
}

// constructor is a statement that makes x, and the type of x: by the function with the fewest parameters, of those
// called New first, else the zero value with the maps and channels in it made.
func (w *driverWriter) constructor(typ madeType, makers []*types.Func) (string, types.Type) {
	usual := w.values
	w.values = valuesOfMaker
	defer func() { w.values = usual }()
	best, bestRank, made := "", 0, types.Type(types.NewPointer(typ.self))
	for _, fn := range makers {
		sig, ok := typ.instance(fn)
		if !ok {
			continue
		}
		rank := 1 + sig.Params().Len()
		if !strings.HasPrefix(fn.Name(), "New") {
			rank += 100
		}
		args, ok := w.arguments(sig)
		if !ok || best != "" && rank >= bestRank {
			continue
		}
		bestRank, made = rank, sig.Results().At(0).Type()
		best = fmt.Sprintf("x := %s%s(%s)", fn.Name(), typ.argsOf(fn), args)
		if sig.Results().Len() == 2 {
			best = fmt.Sprintf("x, err := %s%s(%s); if err != nil { return }", fn.Name(), typ.argsOf(fn), args)
		}
	}
	if best == "" {
		best = "x := &" + typ.Name() + typ.args + "{" + w.madeFields(typ) + "}"
	}
	return best, made
}

// instance is the signature of a function that makes the type, with the type's arguments.
func (t madeType) instance(fn *types.Func) (*types.Signature, bool) {
	params := fn.Signature().TypeParams()
	if params.Len() == 0 {
		return fn.Signature(), len(t.list) == 0
	}
	if params.Len() != len(t.list) {
		return nil, false
	}
	instance, err := types.Instantiate(nil, fn.Signature(), t.list, true)
	if err != nil {
		return nil, false
	}
	return instance.(*types.Signature), true
}

func (t madeType) argsOf(fn *types.Func) string {
	if fn.Signature().TypeParams().Len() == 0 {
		return ""
	}
	return t.args
}

func (w *driverWriter) madeFields(typ madeType) string {
	fields := []string{}
	shape := typ.self.Underlying().(*types.Struct)
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
