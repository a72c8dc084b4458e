package gossa

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
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
	tables map[string]*methodTable
	// mentions are by what they are of, as long as the image is collected.
	mentions map[*ssa.Function]*mentions
	// uses and holes are of the functions that are written.
	uses  *uses
	holes []hole
	// earlier is what an earlier image of the unit lends, nil for nothing.
	earlier *lender
	// keeping is what this one is going to lend; written is its text.
	keeping *kept
	written []byte
}

// methodTable is the method set of a type that may stand in an interface, and of what other types reflection reaches from it.
type methodTable struct {
	typ   types.Type
	parts []string
}

// mentions are the functions that a function brings into the image, and the method tables.
type mentions struct{ funcs, tables []string }

type pool struct {
	table
	known map[string]int
	rows  []poolRow
	uses  *uses
}

// poolRow is a row of the pool without the index of its type.
type poolRow struct {
	kind  string
	typ   int
	value string
}

func (p *pool) index(kind string, typ int, value []byte) int {
	var row buffer
	row.raw("[\"" + kind + "\",")
	row.int(typ)
	row.byte(',')
	row.data = append(row.data, value...)
	row.byte(']')
	i, ok := p.known[string(row.data)]
	if !ok {
		i = p.row()
		p.known[string(row.data)] = i
		p.data = append(p.data, row.data...)
		p.rows = append(p.rows, poolRow{kind, typ, string(value)})
	}
	p.uses.note(ofPool, i)
	return i
}

// operandOf is the operand that a row of the pool is: the first is -1.
func operandOf(row int) int { return -row - 1 }

func newExporter(
	u *unit, pkg *ssa.Package, locals localTypes, sources func(*token.File) *fileSpans,
) *exporter {
	names := newNamer(locals)
	uses := &uses{}
	x := &exporter{
		prog:     pkg.Prog,
		pkg:      pkg,
		unit:     u,
		names:    names,
		types:    newTypeTable(names, uses),
		spans:    newSpanTable(pkg.Prog.Fset, sources),
		pool:     pool{known: map[string]int{}, uses: uses},
		known:    map[*ssa.Function]bool{},
		tables:   map[string]*methodTable{},
		mentions: map[*ssa.Function]*mentions{},
		uses:     uses,
	}
	x.spans.uses = uses
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
	rows := x.rows()

	var body buffer
	key := func(name string) { body.raw(",\n\"" + name + "\":") }
	key("globals")
	x.writeGlobals(&body)
	key("funcs")
	x.keeping = newKept(len(rows))
	body.list(len(rows), func(i int) {
		body.byte('\n')
		x.writeRow(&body, rows[i])
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
	x.writeComments(&body)

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
	x.keeping.finish(x, body.data)
	return out.data
}

// imageFunc is a function of the image: built, or lent by an earlier image.
type imageFunc struct {
	name string
	fn   *ssa.Function
	lent *keptFunc
}

// rows are the image's functions, by name.
func (x *exporter) rows() []imageFunc {
	rows := make([]imageFunc, 0, len(x.funcs))
	for _, fn := range x.funcs {
		rows = append(rows, imageFunc{name: x.names.funcName(fn), fn: fn})
	}
	if x.earlier != nil {
		for name, lent := range x.earlier.funcs {
			rows = append(rows, imageFunc{name: name, lent: lent})
		}
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].name < rows[j].name })
	return rows
}

func (x *exporter) writeRow(out *buffer, row imageFunc) {
	start := len(out.data)
	x.holes = x.holes[:0]
	if row.lent != nil {
		x.earlier.write(x, out, row.lent)
	} else {
		x.uses.begin()
		x.writeFunc(out, row.fn)
	}
	x.keeping.add(x, row, between{start, len(out.data)})
}

// ref writes the index of a row of a table, which another image may have elsewhere.
func (x *exporter) ref(out *buffer, kind tableKind, index int) {
	at := len(out.data)
	if kind == ofPool {
		out.int(operandOf(index))
	} else {
		out.int(index)
	}
	x.holes = append(x.holes, hole{kind, index, at, len(out.data)})
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
		x.mentions[fn] = &mentions{}
		for _, anon := range fn.AnonFuncs {
			x.mention(fn, anon)
		}
		x.addReferences(fn)
	}
	if x.earlier != nil {
		x.earlier.collect(x)
	}
	x.funcs = slices.DeleteFunc(x.funcs, func(fn *ssa.Function) bool {
		return fn.Name() == instancesFunc && fn.Parent() == nil
	})
}

// mention adds a function that another one refers to.
func (x *exporter) mention(by, fn *ssa.Function) {
	if isMadeForUse(fn) {
		x.names.users[fn] = by
	}
	x.addFunc(fn)
	if x.known[fn] {
		x.mentions[by].funcs = append(x.mentions[by].funcs, x.names.funcName(fn))
	}
}

// addFunc adds fn when its body belongs into this image.
func (x *exporter) addFunc(fn *ssa.Function) {
	if !x.known[fn] && x.earlier.has(fn) {
		x.known[fn] = true
		x.earlier.wanted = append(x.earlier.wanted, x.names.funcName(fn))
		return
	}
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
					x.mention(fn, callee)
				}
			}
			if made, ok := instr.(*ssa.MakeInterface); ok {
				if name := x.addDynamicType(made.X.Type(), true); name != "" {
					x.mentions[fn].tables = append(x.mentions[fn].tables, name)
				}
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
// from it. The image of another package has the tables of its own types. It is the table's name, or "" where there is none.
func (x *exporter) addDynamicType(t types.Type, direct bool) string {
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok && !direct {
		foreign := named.Obj().Pkg() != x.pkg.Pkg && named.TypeArgs().Len() == 0
		if foreign {
			return ""
		}
	}
	if types.IsInterface(t) {
		return ""
	}
	name, isNew := x.addTable(t)
	if !isNew {
		return name
	}
	part := func(t types.Type) {
		if of := x.addDynamicType(t, false); of != "" {
			x.tables[name].parts = append(x.tables[name].parts, of)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		part(u.Elem())
	case *types.Slice:
		part(u.Elem())
	case *types.Array:
		part(u.Elem())
	case *types.Map:
		part(u.Key())
		part(u.Elem())
	case *types.Struct:
		for i := range u.NumFields() {
			part(u.Field(i).Type())
		}
	}
	return name
}

func (x *exporter) writeGlobals(out *buffer) {
	var globals []*ssa.Global
	for _, member := range x.members() {
		if g, ok := member.(*ssa.Global); ok {
			globals = append(globals, g)
		}
	}
	embedded := embeddedIn(x.unit.syntax)
	out.list(len(globals), func(i int) {
		g := globals[i]
		out.byte('[')
		out.text(globalName(g))
		out.byte(',')
		out.int(x.types.index(g.Type().Underlying().(*types.Pointer).Elem()))
		out.byte(',')
		out.int(x.spans.at(g.Pos()))
		if embedded[g.Pos()] {
			out.raw(",1")
		}
		out.byte(']')
	})
}

// embeddedIn is where variables are declared whose values `//go:embed` takes from files.
func embeddedIn(files []*ast.File) map[token.Pos]bool {
	found := map[token.Pos]bool{}
	for _, file := range files {
		for _, decl := range file.Decls {
			vars, ok := decl.(*ast.GenDecl)
			if !ok || vars.Tok != token.VAR {
				continue
			}
			for _, spec := range vars.Specs {
				value := spec.(*ast.ValueSpec)
				if isEmbed(vars.Doc) || isEmbed(value.Doc) {
					for _, name := range value.Names {
						found[name.Pos()] = true
					}
				}
			}
		}
	}
	return found
}

func isEmbed(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:embed ")
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
	sort.SliceStable(roots, func(i, j int) bool { return x.unit.before(roots[i].fn.Pos(), roots[j].fn.Pos()) })
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
		case x.unit.driver(name) != nil && x.unit.driver(name).rehearsed:
			return "rehearsed driver"
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
