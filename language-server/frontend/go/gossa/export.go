package gossa

import (
	"go/token"
	"go/types"
	"sort"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// imageVersion is `imageVersion` of schema.ts.
const imageVersion = 1

// gap is a place that is not analysed, and why.
type gap struct {
	where  extent
	reason string
}

// exporter writes one package of a built program as an image, see schema.ts.
type exporter struct {
	prog  *ssa.Program
	pkg   *ssa.Package
	unit  *unit
	names *namer
	types *typeTable
	spans *spanTable
	pool  pool
	funcs []*ssa.Function
	known map[*ssa.Function]bool
	// tables are the types with a method table, by name.
	tables map[string]types.Type
}

type pool struct {
	table
	known map[string]int
}

// operand numbers a row: the first is -1.
func (p *pool) operand(row string) int {
	i, ok := p.known[row]
	if !ok {
		i = p.row()
		p.known[row] = i
		p.raw(row)
	}
	return -i - 1
}

func newExporter(
	u *unit, pkg *ssa.Package, locals localTypes, sources func(*token.File) *fileSpans,
) *exporter {
	names := newNamer(locals)
	x := &exporter{
		prog:   pkg.Prog,
		pkg:    pkg,
		unit:   u,
		names:  names,
		types:  newTypeTable(names),
		spans:  newSpanTable(pkg.Prog.Fset, sources),
		pool:   pool{known: map[string]int{}},
		known:  map[*ssa.Function]bool{},
		tables: map[string]types.Type{},
	}
	return x
}

// image is the package as JSON.
func (x *exporter) image() []byte {
	for _, f := range x.unit.files { // The package's own files come first, in order.
		if source := x.spans.source(f.syntax.Package); source != nil {
			x.spans.file(source)
		}
	}
	x.collect()
	sort.Slice(x.funcs, func(i, j int) bool {
		return x.names.funcName(x.funcs[i]) < x.names.funcName(x.funcs[j])
	})

	var body buffer
	key := func(name string) { body.raw(",\n\"" + name + "\":") }
	key("globals")
	x.writeGlobals(&body)
	key("funcs")
	body.list(len(x.funcs), func(i int) {
		body.byte('\n')
		x.writeFunc(&body, x.funcs[i])
	})
	key("methods")
	x.writeMethods(&body)
	key("roots")
	x.writeRoots(&body)
	key("gaps")
	body.list(len(x.unit.gaps), func(i int) {
		body.byte('[')
		body.int(x.spans.of(x.unit.gaps[i].where))
		body.byte(',')
		body.text(x.unit.gaps[i].reason)
		body.byte(']')
	})

	var out buffer
	out.raw("{\"version\":")
	out.int(imageVersion)
	out.raw(",\n\"package\":")
	out.text(x.unit.id)
	out.raw(",\n\"name\":")
	out.text(x.pkg.Pkg.Name())
	out.raw(",\n\"imports\":")
	imports := importPaths(x.pkg.Pkg)
	out.list(len(imports), func(i int) { out.text(imports[i]) })
	out.raw(",\n\"files\":")
	out.list(len(x.spans.names), func(i int) { out.text(x.spans.names[i]) })
	out.raw(",\n\"spans\":[")
	out.data = append(out.data, x.spans.data...)
	out.raw("],\n\"types\":")
	x.types.write(&out)
	out.raw(",\n\"pool\":[")
	out.data = append(out.data, x.pool.data...)
	out.byte(']')
	out.data = append(out.data, body.data...)
	out.raw("}\n")
	return out.data
}

func importPaths(pkg *types.Package) []string {
	var out []string
	for _, p := range pkg.Imports() {
		if p != types.Unsafe {
			out = append(out, p.Path())
		}
	}
	sort.Strings(out)
	return out
}

func (x *exporter) members() []ssa.Member {
	names := make([]string, 0, len(x.pkg.Members))
	for name := range x.pkg.Members {
		names = append(names, name)
	}
	sort.Strings(names)
	out := make([]ssa.Member, len(names))
	for i, name := range names {
		out[i] = x.pkg.Members[name]
	}
	return out
}

// collect finds every function the image holds: those of the package, and the instances, wrappers
// and bound methods they refer to.
func (x *exporter) collect() {
	for _, member := range x.members() {
		switch m := member.(type) {
		case *ssa.Function:
			x.addFunc(m)
		case *ssa.Type:
			x.addNamedType(m.Type())
		}
	}
	for i := 0; i < len(x.funcs); i++ { // The list grows while it is walked.
		fn := x.funcs[i]
		x.names.enter(fn)
		for _, anon := range fn.AnonFuncs {
			x.addFunc(anon)
		}
		x.addReferences(fn)
	}
}

// addFunc adds fn when its body belongs into this image.
func (x *exporter) addFunc(fn *ssa.Function) {
	if x.known[fn] || len(fn.Blocks) == 0 {
		return
	}
	top := fn
	for top.Parent() != nil {
		top = top.Parent()
	}
	generic := top.TypeParams().Len() > 0 && len(top.TypeArgs()) == 0
	if generic || top.Pkg != nil && top.Pkg != x.pkg {
		return
	}
	x.known[fn] = true
	x.names.enter(fn)
	x.names.funcName(fn)
	x.funcs = append(x.funcs, fn)
}

func (x *exporter) addReferences(fn *ssa.Function) {
	var operands []*ssa.Value
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			operands = instr.Operands(operands[:0])
			for _, operand := range operands {
				if callee, ok := (*operand).(*ssa.Function); ok {
					x.addFunc(callee)
				}
			}
			if made, ok := instr.(*ssa.MakeInterface); ok {
				x.addDynamicType(made.X.Type(), true)
			}
		}
	}
}

func (x *exporter) addNamedType(t types.Type) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.TypeParams().Len() > 0 {
		return
	}
	if types.IsInterface(named) {
		return
	}
	for i := range named.NumMethods() {
		if fn := x.prog.FuncValue(named.Method(i)); fn != nil {
			x.addFunc(fn)
		}
	}
	x.addTable(named)
	x.addTable(types.NewPointer(named))
}

// addDynamicType adds a type that may stand in an interface, and those that reflection reaches
// from it. The image of another package has the tables of its own types.
func (x *exporter) addDynamicType(t types.Type, direct bool) {
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok && !direct {
		foreign := named.Obj().Pkg() != x.pkg.Pkg && named.TypeArgs().Len() == 0
		if foreign {
			return
		}
	}
	if types.IsInterface(t) || !x.addTable(t) {
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		x.addDynamicType(u.Elem(), false)
	case *types.Slice:
		x.addDynamicType(u.Elem(), false)
	case *types.Array:
		x.addDynamicType(u.Elem(), false)
	case *types.Map:
		x.addDynamicType(u.Key(), false)
		x.addDynamicType(u.Elem(), false)
	case *types.Struct:
		for i := range u.NumFields() {
			x.addDynamicType(u.Field(i).Type(), false)
		}
	}
}

// addTable reports whether the type is new.
func (x *exporter) addTable(t types.Type) bool {
	name := x.names.typeName(t)
	if _, ok := x.tables[name]; ok {
		return false
	}
	x.tables[name] = t
	for _, fn := range x.methodsOfType(t) {
		if fn != nil {
			x.addFunc(fn)
		}
	}
	return true
}

// methodsOfType is the method set of a type as functions; nil for those that have none.
func (x *exporter) methodsOfType(t types.Type) []*ssa.Function {
	set := x.prog.MethodSets.MethodSet(t)
	out := make([]*ssa.Function, set.Len())
	for i := range out {
		out[i] = x.prog.MethodValue(set.At(i))
	}
	return out
}

func (x *exporter) writeMethods(out *buffer) {
	names := make([]string, 0, len(x.tables))
	for name := range x.tables {
		names = append(names, name)
	}
	sort.Strings(names)
	var rows table
	for _, name := range names {
		t := x.tables[name]
		set := x.prog.MethodSets.MethodSet(t)
		for i, fn := range x.methodsOfType(t) {
			if fn == nil {
				continue
			}
			rows.row()
			rows.byte('[')
			rows.int(x.types.index(t))
			rows.byte(',')
			rows.text(memberID(set.At(i).Obj()))
			rows.byte(',')
			rows.text(x.names.funcName(fn))
			rows.byte(']')
		}
	}
	out.byte('[')
	out.data = append(out.data, rows.data...)
	out.byte(']')
}

func (x *exporter) writeGlobals(out *buffer) {
	var globals []*ssa.Global
	for _, member := range x.members() {
		if g, ok := member.(*ssa.Global); ok {
			globals = append(globals, g)
		}
	}
	out.list(len(globals), func(i int) {
		g := globals[i]
		out.byte('[')
		out.text(globalName(g))
		out.byte(',')
		out.int(x.types.index(g.Type().Underlying().(*types.Pointer).Elem()))
		out.byte(',')
		out.int(x.spans.at(g.Pos()))
		out.byte(']')
	})
}

func globalName(g *ssa.Global) string {
	if g.Pkg == nil {
		return g.Name()
	}
	return g.Pkg.Pkg.Path() + "." + g.Name()
}

// writeRoots lists where a program or a test of this package begins, in the order of the source.
func (x *exporter) writeRoots(out *buffer) {
	type root struct {
		kind string
		fn   *ssa.Function
	}
	var roots []root
	for _, member := range x.members() {
		if fn, ok := member.(*ssa.Function); ok && x.known[fn] {
			if kind := x.rootKind(fn); kind != "" {
				roots = append(roots, root{kind, fn})
			}
		}
	}
	sort.SliceStable(roots, func(i, j int) bool { return roots[i].fn.Pos() < roots[j].fn.Pos() })
	out.list(len(roots), func(i int) {
		out.byte('[')
		out.text(roots[i].kind)
		out.byte(',')
		out.text(x.names.funcName(roots[i].fn))
		if d := x.unit.driver(roots[i].fn.Name()); d != nil {
			out.byte(',')
			out.text(d.assumption)
		}
		out.byte(']')
	})
}

func (x *exporter) rootKind(fn *ssa.Function) string {
	name, sig := fn.Name(), fn.Signature
	if sig.Results().Len() > 0 {
		return ""
	}
	if sig.Params().Len() == 0 {
		switch {
		case x.unit.driver(name) != nil:
			return "driver"
		case name == "main" && x.pkg.Pkg.Name() == "main":
			return "main"
		case isTestName(name, "Example") && x.inTestFile(fn):
			return "example"
		}
		return ""
	}
	if sig.Params().Len() > 1 || !x.inTestFile(fn) {
		return ""
	}
	param := x.names.typeName(sig.Params().At(0).Type())
	switch {
	case param == "*testing.T" && isTestName(name, "Test"):
		return "test"
	case param == "*testing.B" && isTestName(name, "Benchmark"):
		return "benchmark"
	}
	return ""
}

func (x *exporter) inTestFile(fn *ssa.Function) bool {
	file := x.prog.Fset.File(fn.Pos())
	return file != nil && strings.HasSuffix(file.Name(), "_test.go")
}

// isTestName is the rule of the go command: `TestX`, `Test_x`, `Test`, but not `Testify`.
func isTestName(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	return ok && (rest == "" || !(rest[0] >= 'a' && rest[0] <= 'z'))
}

// displayName is what people call a function: without the path of its own package.
func (x *exporter) displayName(fn *ssa.Function) string {
	if parent := fn.Parent(); parent != nil {
		return x.displayName(parent) + closureSuffix(fn)
	}
	if d := x.unit.driver(fn.Name()); d != nil && receiverOf(fn) == nil {
		return d.display
	}
	base := fn.Name()
	if recv := receiverOf(fn); recv != nil {
		return "(" + types.TypeString(recv, x.qualifier) + ")." + base
	}
	if pkg := packageOf(fn); pkg != nil && pkg != x.pkg.Pkg {
		return pkg.Name() + "." + base
	}
	return base
}

func (x *exporter) qualifier(pkg *types.Package) string {
	if pkg == x.pkg.Pkg {
		return ""
	}
	return pkg.Name()
}
