package gossa

import (
	"go/types"
	"maps"

	"golang.org/x/tools/go/ssa"
)

// addTable reports whether the type is new.
func (x *exporter) addTable(t types.Type) (name string, isNew bool) {
	name = x.names.typeName(t)
	if _, ok := x.tables[name]; ok {
		return name, false
	}
	x.tables[name] = &methodTable{typ: t}
	for _, fn := range x.methodsOfType(t) {
		if fn != nil {
			x.addFunc(fn)
		}
	}
	return name, true
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
	tables := map[string]*keptTable{}
	for name, built := range x.tables {
		tables[name] = x.tableOf(built)
	}
	if x.earlier != nil {
		maps.Copy(tables, x.earlier.tables)
	}
	var rows table
	for _, name := range sortedKeys(tables) {
		typ := -1
		for _, method := range tables[name].methods {
			rows.row()
			rows.byte('[')
			typ = x.typeOf(name, tables[name])
			rows.int(typ)
			rows.byte(',')
			rows.text(method.id)
			rows.byte(',')
			rows.text(method.fn)
			rows.byte(']')
		}
		x.keeping.tables[name] = &keptTable{typ, tables[name].methods, tables[name].parts}
	}
	out.byte('[')
	out.data = append(out.data, rows.data...)
	out.byte(']')
}

func (x *exporter) tableOf(built *methodTable) *keptTable {
	table := &keptTable{parts: built.parts}
	set := x.prog.MethodSets.MethodSet(built.typ)
	for i, fn := range x.methodsOfType(built.typ) {
		if fn != nil {
			table.methods = append(table.methods, method{memberID(set.At(i).Obj()), x.names.funcName(fn)})
		}
	}
	return table
}

// typeOf is the index of the type that a method table is of.
func (x *exporter) typeOf(name string, table *keptTable) int {
	if built := x.tables[name]; built != nil {
		return x.types.index(built.typ)
	}
	return x.earlier.number(x, ofTypes, table.typ)
}
