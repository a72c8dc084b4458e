package gossa

import (
	"go/types"
	"sort"
)

// typeTable numbers types and writes one row for each; identical types share a row.
type typeTable struct {
	names  *namer
	byType map[types.Type]int
	byName map[string]int
	rows   []typeRow
	uses   *uses
}

// typeRow is the text of a type's row without the indices of its parts, which belong at the holes.
type typeRow struct {
	name  string
	text  []byte
	holes []int
	parts []int
}

func newTypeTable(names *namer, uses *uses) *typeTable {
	return &typeTable{names: names, byType: map[types.Type]int{}, byName: map[string]int{}, uses: uses}
}

func (t *typeTable) index(typ types.Type) int {
	if i, ok := t.byType[typ]; ok {
		t.uses.note(ofTypes, i)
		return i
	}
	plain := types.Unalias(typ)
	name := t.names.typeName(plain)
	i, ok := t.byName[name]
	if !ok {
		i = t.add(typeRow{name: name})
	}
	t.byType[typ] = i
	t.uses.note(ofTypes, i)
	if !ok { // Only after the number is taken, since types may be recursive.
		parts := t.children(plain)
		row := t.shape(plain)
		row.name, row.parts = name, parts
		t.rows[i] = row
	}
	return i
}

func (t *typeTable) add(row typeRow) int {
	t.byName[row.name] = len(t.rows)
	t.rows = append(t.rows, row)
	return len(t.rows) - 1
}

func (t *typeTable) children(typ types.Type) []int {
	switch typ := typ.(type) {
	case *types.Named:
		return []int{t.index(typ.Underlying())}
	case *types.Pointer:
		return []int{t.index(typ.Elem())}
	case *types.Slice:
		return []int{t.index(typ.Elem())}
	case *types.Array:
		return []int{t.index(typ.Elem())}
	case *types.Map:
		return []int{t.index(typ.Key()), t.index(typ.Elem())}
	case *types.Chan:
		return []int{t.index(typ.Elem())}
	case *types.Struct:
		fields := make([]int, typ.NumFields())
		for i := range fields {
			fields[i] = t.index(typ.Field(i).Type())
		}
		return fields
	case *types.Signature:
		return append(t.tuple(typ.Params()), t.tuple(typ.Results())...)
	case *types.Tuple:
		return t.tuple(typ)
	case *types.Interface:
		methods := methodsOf(typ)
		out := make([]int, len(methods))
		for i, m := range methods {
			sig := m.Signature()
			out[i] = t.index(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
		}
		return out
	}
	return nil
}

func (t *typeTable) tuple(tuple *types.Tuple) []int {
	out := make([]int, tuple.Len())
	for i := range out {
		out[i] = t.index(tuple.At(i).Type())
	}
	return out
}

// methodsOf lists an interface's whole method set, sorted by id.
func methodsOf(t *types.Interface) []*types.Func {
	out := make([]*types.Func, t.NumMethods())
	for i := range out {
		out[i] = t.Method(i)
	}
	sort.Slice(out, func(i, j int) bool { return memberID(out[i]) < memberID(out[j]) })
	return out
}

// write appends the rows of all types, as a JSON list.
func (t *typeTable) write(out *buffer) {
	out.list(len(t.rows), func(i int) {
		row := t.rows[i]
		out.byte('[')
		from := 0
		for n, hole := range row.holes {
			out.data = append(out.data, row.text[from:hole]...)
			out.int(row.parts[n])
			from = hole
		}
		out.data = append(out.data, row.text[from:]...)
		out.byte(']')
	})
}

// shape is a row but for its name and parts; its holes are in the order of children.
func (t *typeTable) shape(typ types.Type) typeRow {
	var out buffer
	var holes []int
	part := func() { holes = append(holes, len(out.data)) }
	t.writeShape(&out, typ, part)
	return typeRow{text: out.data, holes: holes}
}

func (t *typeTable) writeShape(out *buffer, typ types.Type, part func()) {
	tagged := func(tag string, parts int) {
		out.text(tag)
		for range parts {
			out.byte(',')
			part()
		}
	}
	parts := func(n int) { out.list(n, func(int) { part() }) }
	switch typ := typ.(type) {
	case *types.Basic:
		tagged("basic", 0)
		out.byte(',')
		out.text(basicName(typ))
	case *types.Named:
		if name := opaqueName(typ); name != "" {
			tagged("opaque", 0)
			out.byte(',')
			out.text(name)
			return
		}
		tagged("named", 0)
		out.byte(',')
		out.text(t.names.typeName(typ))
		out.byte(',')
		part()
	case *types.Pointer:
		tagged("pointer", 1)
	case *types.Slice:
		tagged("slice", 1)
	case *types.Array:
		tagged("array", 1)
		out.byte(',')
		out.int(int(typ.Len()))
	case *types.Map:
		tagged("map", 2)
	case *types.Chan:
		tagged("chan", 0)
		out.byte(',')
		out.text([...]string{types.SendRecv: "both", types.SendOnly: "send", types.RecvOnly: "recv"}[typ.Dir()])
		out.byte(',')
		part()
	case *types.Struct:
		writeStruct(out, typ, part)
	case *types.Signature:
		tagged("func", 0)
		out.byte(',')
		parts(typ.Params().Len())
		out.byte(',')
		parts(typ.Results().Len())
		out.byte(',')
		out.flag(typ.Variadic())
	case *types.Interface:
		tagged("interface", 0)
		out.byte(',')
		methods := methodsOf(typ)
		out.list(len(methods), func(i int) {
			out.byte('[')
			out.text(memberID(methods[i]))
			out.byte(',')
			part()
			out.byte(']')
		})
	case *types.Tuple:
		tagged("tuple", 0)
		out.byte(',')
		parts(typ.Len())
	default:
		tagged("opaque", 0)
		out.byte(',')
		out.text(typ.String())
	}
}

// opaqueName is what the schema calls go/ssa's own types, or "".
func opaqueName(typ *types.Named) string {
	if pkg := typ.Obj().Pkg(); pkg == nil || pkg.Path() != "$ssa" {
		return ""
	}
	if typ.Obj().Name() == "rangeIter" {
		return "iter"
	}
	return "deferstack"
}

func writeStruct(out *buffer, typ *types.Struct, part func()) {
	out.text("struct")
	out.byte(',')
	out.list(typ.NumFields(), func(i int) {
		f := typ.Field(i)
		out.byte('[')
		out.text(f.Name())
		out.byte(',')
		part()
		out.byte(',')
		out.flag(f.Embedded())
		out.byte(',')
		out.bytes(typ.Tag(i))
		out.byte(',')
		if pkg := f.Pkg(); pkg != nil && !f.Exported() {
			out.text(pkg.Path())
		} else {
			out.text("")
		}
		out.byte(']')
	})
}
