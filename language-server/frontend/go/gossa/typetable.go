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
	// order holds the types by index, to write the rows once all are known.
	order []types.Type
	// parts[i] holds the indices a row refers to, in the order the row needs them.
	parts [][]int
}

func newTypeTable(names *namer) *typeTable {
	return &typeTable{names: names, byType: map[types.Type]int{}, byName: map[string]int{}}
}

func (t *typeTable) index(typ types.Type) int {
	if i, ok := t.byType[typ]; ok {
		return i
	}
	plain := types.Unalias(typ)
	name := t.names.typeName(plain)
	i, ok := t.byName[name]
	if !ok {
		i = len(t.order)
		t.byName[name] = i
		t.order = append(t.order, plain)
		t.parts = append(t.parts, nil)
		// Only after the number is taken, since types may be recursive.
		t.byType[typ] = i
		t.parts[i] = t.children(plain)
	}
	t.byType[typ] = i
	return i
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
	out.list(len(t.order), func(i int) {
		out.byte('[')
		t.writeRow(out, t.order[i], t.parts[i])
		out.byte(']')
	})
}

func (t *typeTable) writeRow(out *buffer, typ types.Type, parts []int) {
	tagged := func(tag string, children ...int) {
		out.text(tag)
		for _, child := range children {
			out.byte(',')
			out.int(child)
		}
	}
	switch typ := typ.(type) {
	case *types.Basic:
		tagged("basic")
		out.byte(',')
		out.text(basicName(typ))
	case *types.Named:
		if name := opaqueName(typ); name != "" {
			tagged("opaque")
			out.byte(',')
			out.text(name)
			return
		}
		tagged("named")
		out.byte(',')
		out.text(t.names.typeName(typ))
		out.byte(',')
		out.int(parts[0])
	case *types.Pointer:
		tagged("pointer", parts...)
	case *types.Slice:
		tagged("slice", parts...)
	case *types.Array:
		tagged("array", parts[0], int(typ.Len()))
	case *types.Map:
		tagged("map", parts...)
	case *types.Chan:
		tagged("chan")
		out.byte(',')
		out.text([...]string{types.SendRecv: "both", types.SendOnly: "send", types.RecvOnly: "recv"}[typ.Dir()])
		out.byte(',')
		out.int(parts[0])
	case *types.Struct:
		writeStruct(out, typ, parts)
	case *types.Signature:
		tagged("func")
		out.byte(',')
		out.ints(parts[:typ.Params().Len()])
		out.byte(',')
		out.ints(parts[typ.Params().Len():])
		out.byte(',')
		out.flag(typ.Variadic())
	case *types.Interface:
		tagged("interface")
		out.byte(',')
		methods := methodsOf(typ)
		out.list(len(methods), func(i int) {
			out.byte('[')
			out.text(memberID(methods[i]))
			out.byte(',')
			out.int(parts[i])
			out.byte(']')
		})
	case *types.Tuple:
		tagged("tuple")
		out.byte(',')
		out.ints(parts)
	default:
		tagged("opaque")
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

func writeStruct(out *buffer, typ *types.Struct, parts []int) {
	out.text("struct")
	out.byte(',')
	out.list(typ.NumFields(), func(i int) {
		f := typ.Field(i)
		out.byte('[')
		out.text(f.Name())
		out.byte(',')
		out.int(parts[i])
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
