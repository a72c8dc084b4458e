package gossa

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// funcWriter writes one function; registers are numbered within it.
type funcWriter struct {
	*exporter
	out   *buffer
	fn    *ssa.Function
	regs  map[ssa.Value]int
	where *locator
}

func (x *exporter) writeFunc(out *buffer, fn *ssa.Function) {
	x.names.enter(fn)
	w := &funcWriter{exporter: x, out: out, fn: fn, regs: map[ssa.Value]int{}, where: newLocator(x, fn)}
	field := func(name string) { out.raw(",\"" + name + "\":") }
	out.raw("{\"name\":")
	out.text(x.names.funcName(fn))
	field("display")
	out.text(x.displayName(fn))
	field("pkg")
	if pkg := packageOf(fn); pkg != nil {
		out.text(pkg.Path())
	} else {
		out.text("")
	}
	field("sig")
	w.ref(ofTypes, x.types.index(fn.Signature))
	field("span")
	w.ref(ofSpans, w.where.function)
	field("synthetic")
	out.text(fn.Synthetic)
	field("parent")
	if parent := fn.Parent(); parent != nil {
		out.text(x.names.funcName(parent))
	} else {
		out.text("")
	}
	types := w.number()
	field("params")
	out.list(len(fn.Params), func(i int) { w.variable(fn.Params[i]) })
	field("free")
	out.list(len(fn.FreeVars), func(i int) { w.variable(fn.FreeVars[i]) })
	field("regs")
	out.list(len(types), func(i int) { w.ref(ofTypes, types[i]) })
	field("recover")
	if fn.Recover != nil {
		out.int(fn.Recover.Index)
	} else {
		out.int(-1)
	}
	field("blocks")
	out.list(len(fn.Blocks), func(i int) { w.block(fn.Blocks[i]) })
	out.byte('}')
}

// number gives each value of the function its register and returns the registers' types.
func (w *funcWriter) number() []int {
	var regs []int
	add := func(v ssa.Value) {
		w.regs[v] = len(regs)
		regs = append(regs, w.types.index(v.Type()))
	}
	for _, p := range w.fn.Params {
		add(p)
	}
	for _, f := range w.fn.FreeVars {
		add(f)
	}
	for _, block := range w.fn.Blocks {
		for _, instr := range block.Instrs {
			if v, ok := instr.(ssa.Value); ok && hasResult(v) {
				add(v)
			}
		}
	}
	return regs
}

func hasResult(v ssa.Value) bool {
	tuple, ok := v.Type().(*types.Tuple)
	return !ok || tuple.Len() > 0
}

func (w *funcWriter) variable(v ssa.Value) {
	w.out.byte('[')
	w.out.text(v.Name())
	w.out.byte(',')
	w.ref(ofSpans, w.spans.at(v.Pos()))
	w.out.byte(']')
}

func (w *funcWriter) block(b *ssa.BasicBlock) {
	indices := func(blocks []*ssa.BasicBlock) {
		w.out.list(len(blocks), func(i int) { w.out.int(blocks[i].Index) })
	}
	w.out.raw("{\"preds\":")
	indices(b.Preds)
	w.out.raw(",\"succs\":")
	indices(b.Succs)
	w.out.raw(",\"instrs\":")
	first := true
	w.out.byte('[')
	for _, instr := range b.Instrs {
		if _, debug := instr.(*ssa.DebugRef); debug || isUnwritten(instr) {
			continue
		}
		if !first {
			w.out.byte(',')
		}
		first = false
		w.instr(instr)
	}
	w.out.raw("]}")
}

// operand writes a number: a register, or a row of the pool.
func (w *funcWriter) operand(v ssa.Value) {
	if r, ok := w.regs[v]; ok {
		w.out.int(r)
		return
	}
	kind := "func"
	var value buffer
	switch v := v.(type) {
	case *ssa.Const:
		kind = "const"
		writeConst(&value, v)
	case *ssa.Global:
		kind = "global"
		value.text(globalName(v))
	case *ssa.Function:
		value.text(w.names.funcName(v))
	default: // Only a builtin, which go/ssa uses as a callee alone.
		value.text(v.Name())
	}
	w.ref(ofPool, w.pool.index(kind, w.types.index(v.Type()), value.data))
}

func (w *funcWriter) ref(kind tableKind, index int) { w.exporter.ref(w.out, kind, index) }

// optional writes null for a missing operand.
func (w *funcWriter) optional(v ssa.Value) {
	if v == nil {
		w.out.raw("null")
	} else {
		w.operand(v)
	}
}

func (w *funcWriter) operands(values []ssa.Value) {
	w.out.list(len(values), func(i int) { w.operand(values[i]) })
}

func writeConst(out *buffer, c *ssa.Const) {
	if c.Value == nil {
		out.raw("null")
		return
	}
	basic, _ := c.Type().Underlying().(*types.Basic)
	switch c.Value.Kind() {
	case constant.Bool:
		out.raw(fmt.Sprint(constant.BoolVal(c.Value)))
		return
	case constant.String:
		out.bytes(constant.StringVal(c.Value))
		return
	}
	switch {
	case basic != nil && basic.Info()&types.IsComplex != 0:
		out.byte('[')
		writeFloat(out, constant.Real(c.Value))
		out.byte(',')
		writeFloat(out, constant.Imag(c.Value))
		out.byte(']')
	case basic != nil && basic.Info()&types.IsFloat != 0:
		writeFloat(out, c.Value)
	default:
		writeInt(out, c.Value)
	}
}

func writeInt(out *buffer, v constant.Value) {
	const exact = 1 << 53
	v = constant.ToInt(v)
	if n, ok := constant.Int64Val(v); ok && n >= -exact && n <= exact {
		out.raw(fmt.Sprint(n))
		return
	}
	out.text(v.ExactString())
}

func writeFloat(out *buffer, v constant.Value) {
	f, _ := constant.Float64Val(constant.ToFloat(v))
	switch {
	case math.IsInf(f, 1):
		out.text("+Inf")
	case math.IsInf(f, -1):
		out.text("-Inf")
	case f == 0 || math.IsNaN(f):
		out.byte('0')
	default:
		out.data = strconv.AppendFloat(out.data, f, 'g', -1, 64)
	}
}

// call writes a callee and its arguments.
func (w *funcWriter) call(c *ssa.CallCommon) {
	w.out.byte('[')
	switch callee := c.Value.(type) {
	case *ssa.Builtin:
		w.out.raw("\"builtin\",")
		w.out.text(callee.Name())
	case *ssa.Function:
		w.out.raw("\"static\",")
		w.out.text(w.names.funcName(callee))
	default:
		if c.IsInvoke() {
			w.out.raw("\"invoke\",")
			w.operand(callee)
			w.out.byte(',')
			w.out.text(memberID(c.Method))
		} else {
			w.out.raw("\"value\",")
			w.operand(callee)
		}
	}
	w.out.byte(',')
	w.operands(c.Args)
	w.out.byte(']')
}

// instr writes one row: op, destination, span and the op's own fields.
func (w *funcWriter) instr(instr ssa.Instruction) {
	destination := -1
	if v, ok := instr.(ssa.Value); ok {
		if r, ok := w.regs[v]; ok {
			destination = r
		}
	}
	w.out.raw("[\"")
	w.out.raw(opName(instr))
	w.out.raw("\",")
	w.out.int(destination)
	w.out.byte(',')
	w.ref(ofSpans, w.where.span(instr))
	if !w.control(instr) && !w.memory(instr) {
		w.value(instr)
	}
	w.out.byte(']')
}

// fields writes `,` before each of an instruction's own fields.
func (w *funcWriter) fields(values ...any) {
	for _, value := range values {
		w.out.byte(',')
		switch v := value.(type) {
		case nil:
			w.out.raw("null")
		case bool:
			w.out.flag(v)
		case int:
			w.out.int(v)
		case string:
			w.out.text(v)
		case []ssa.Value:
			w.operands(v)
		case ssa.Value:
			w.operand(v)
		}
	}
}

// isUnwritten says whether an instruction is one that go/ssa emits and no program does.
func isUnwritten(instr ssa.Instruction) bool {
	switch i := instr.(type) {
	case *ssa.UnOp:
		return isCountedArray(i)
	case *ssa.Store:
		return isSelfStore(i)
	}
	return false
}

// isCountedArray says whether an array is read that nobody looks at: for `for i := range array` Go only counts, and does not
// evaluate it (specification, "For statements with range clause").
func isCountedArray(load *ssa.UnOp) bool {
	if load.Op != token.MUL {
		return false
	}
	if _, isArray := load.Type().Underlying().(*types.Array); !isArray {
		return false
	}
	for _, user := range *load.Referrers() {
		if _, debug := user.(*ssa.DebugRef); !debug {
			return false
		}
	}
	return true
}

// isSelfStore says whether a variable is stored into itself, as for the named result a in `return a, 10`; Go writes nothing.
func isSelfStore(store *ssa.Store) bool {
	load, ok := store.Val.(*ssa.UnOp)
	if !ok || load.Op != token.MUL || load.X != store.Addr || load.Block() != store.Block() {
		return false
	}
	between := false
	for _, instr := range store.Block().Instrs {
		switch instr.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
			between = between || instr == ssa.Instruction(load)
		case *ssa.Store:
			if instr == ssa.Instruction(store) {
				return between
			}
			if between && instr.(*ssa.Store).Addr == store.Addr {
				return false
			}
		default:
			if between {
				return false
			}
		}
	}
	return false
}
