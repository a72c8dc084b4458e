package gossa

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// opName is the name of go/ssa's type, which the schema uses as it is.
func opName(instr ssa.Instruction) string {
	switch instr.(type) {
	case *ssa.MultiConvert:
		return "Convert"
	}
	return reflect.TypeOf(instr).Elem().Name()
}

// control writes calls, jumps and everything else that is not an access or a plain value; it
// reports whether the instruction is one of these.
func (w *funcWriter) control(instr ssa.Instruction) bool {
	switch i := instr.(type) {
	case *ssa.Call:
		w.out.byte(',')
		w.call(&i.Call)
	case *ssa.Go:
		w.out.byte(',')
		w.call(&i.Call)
	case *ssa.Defer:
		w.out.byte(',')
		w.call(&i.Call)
		if i.DeferStack != nil {
			w.fields(i.DeferStack)
		}
	case *ssa.Return:
		w.out.byte(',')
		w.results(i.Results)
	case *ssa.RunDefers, *ssa.Jump:
	case *ssa.If:
		w.fields(i.Cond)
	case *ssa.Panic:
		w.fields(i.X)
	case *ssa.Select:
		w.selection(i)
	case *ssa.Send:
		w.fields(i.Chan, i.X)
	default:
		return false
	}
	return true
}

// results writes zero values where the statement that gave them was dropped.
func (w *funcWriter) results(values []ssa.Value) {
	if want := w.fn.Signature.Results(); len(values) < want.Len() {
		for i := len(values); i < want.Len(); i++ {
			values = append(values, ssa.NewConst(nil, want.At(i).Type()))
		}
	}
	w.operands(values)
}

func (w *funcWriter) selection(i *ssa.Select) {
	w.fields(i.Blocking)
	w.out.byte(',')
	w.out.list(len(i.States), func(n int) {
		state := i.States[n]
		kind := "recv"
		if state.Dir == types.SendOnly {
			kind = "send"
		}
		w.out.raw("[\"" + kind + "\",")
		w.operand(state.Chan)
		w.out.byte(',')
		w.optional(state.Send)
		w.out.byte(',')
		w.ref(ofSpans, w.spans.at(state.Pos))
		w.out.byte(']')
	})
}

func (w *funcWriter) memory(instr ssa.Instruction) bool {
	switch i := instr.(type) {
	case *ssa.Alloc:
		w.fields(i.Heap, i.Comment, w.spans.made(i.Pos()))
	case *ssa.Store:
		w.fields(i.Addr, i.Val)
	case *ssa.FieldAddr:
		w.fields(i.X, i.Field, fieldName(i.X.Type(), i.Field))
	case *ssa.Field:
		w.fields(i.X, i.Field, fieldName(i.X.Type(), i.Field))
	case *ssa.IndexAddr:
		w.fields(i.X, i.Index)
	case *ssa.Index:
		w.fields(i.X, i.Index)
	case *ssa.Lookup:
		w.fields(i.X, i.Index, i.CommaOk)
	case *ssa.MapUpdate:
		w.fields(i.Map, i.Key, i.Value)
	case *ssa.Range:
		w.fields(i.X)
	case *ssa.Next:
		w.fields(i.Iter, i.IsString)
	default:
		return false
	}
	return true
}

func fieldName(t types.Type, index int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying().(*types.Struct).Field(index).Name()
}

func (w *funcWriter) value(instr ssa.Instruction) {
	switch i := instr.(type) {
	case *ssa.Phi:
		w.fields(i.Edges, i.Comment)
	case *ssa.BinOp:
		w.fields(i.Op.String(), i.X, i.Y)
	case *ssa.UnOp:
		w.fields(i.Op.String(), i.X, i.CommaOk)
	case *ssa.ChangeType:
		w.fields(i.X)
	case *ssa.Convert:
		w.fields(i.X)
	case *ssa.MultiConvert:
		w.fields(i.X)
	case *ssa.ChangeInterface:
		w.fields(i.X)
	case *ssa.SliceToArrayPointer:
		w.fields(i.X)
	case *ssa.MakeInterface:
		w.fields(i.X)
	case *ssa.MakeClosure:
		w.fields(w.names.funcName(i.Fn.(*ssa.Function)), i.Bindings)
	case *ssa.MakeMap:
		w.out.byte(',')
		w.optional(i.Reserve)
		w.fields(w.spans.made(i.Pos()))
	case *ssa.MakeChan:
		w.fields(i.Size, w.spans.made(i.Pos()))
	case *ssa.MakeSlice:
		w.fields(i.Len, i.Cap, w.spans.made(i.Pos()))
	case *ssa.Slice:
		w.fields(i.X)
		for _, bound := range []ssa.Value{i.Low, i.High, i.Max} {
			w.out.byte(',')
			w.optional(bound)
		}
	case *ssa.TypeAssert:
		w.fields(i.X)
		w.out.byte(',')
		w.ref(ofTypes, w.types.index(i.AssertedType))
		w.fields(i.CommaOk)
	case *ssa.Extract:
		w.fields(i.Tuple, i.Index)
	}
}
