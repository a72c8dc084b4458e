package reflect

func (v Value) NumMethod() int {
	if v.typ == nil {
		panic(&ValueError{"reflect.Value.NumMethod", Invalid})
	}
	return v.typ.NumMethod()
}

func (v Value) Method(i int) Value { return v.MethodByName(methodName(v.typ.id, i)) }

func (v Value) MethodByName(name string) Value {
	if v.typ == nil {
		panic(&ValueError{"reflect.Value.MethodByName", Invalid})
	}
	f, t := boundMethod(v.typ.id, name, v.get())
	if t < 0 {
		return Value{}
	}
	return Value{rtypeOf(t), f, v.flag & flagRO}
}

func (v Value) Call(in []Value) []Value {
	v.must("Call", Func)
	t := v.typ
	n := t.NumIn()
	if t.IsVariadic() {
		n--
		if len(in) < n {
			panic("reflect: Call with too few input arguments")
		}
		rest := MakeSlice(t.In(n), len(in)-n, len(in)-n)
		for i := n; i < len(in); i++ {
			rest.Index(i - n).Set(in[i])
		}
		in = append(append([]Value(nil), in[:n]...), rest)
		n++
	}
	return v.CallSlice(in)
}

func (v Value) CallSlice(in []Value) []Value {
	t := v.typ
	if len(in) < t.NumIn() {
		panic("reflect: Call with too few input arguments")
	}
	if len(in) > t.NumIn() {
		panic("reflect: Call with too many input arguments")
	}
	args := make([]raw, len(in))
	for i, x := range in {
		args[i] = assigned(x, t.In(i).common(), "reflect.Value.Call")
	}
	result := call(v.get(), args)
	out := make([]Value, t.NumOut())
	for i := range out {
		r := result
		if len(out) > 1 {
			r = tupleAt(result, i)
		}
		out[i] = Value{t.Out(i).common(), r, 0}
	}
	return out
}

// Swapper exchanges elements of the slice.
func Swapper(slice any) func(i, j int) {
	v := ValueOf(slice)
	if v.Kind() != Slice {
		panic(&ValueError{Method: "Swapper", Kind: v.Kind()})
	}
	id, s := elem(v.typ.id), v.ptr
	t, n := v.typ.id, v.Len()
	return func(i, j int) {
		if i < 0 || i >= n || j < 0 || j >= n {
			panic("reflect: slice index out of range")
		}
		p, q := elementAt(t, i, s), elementAt(t, j, s)
		x, y := load(id, p), load(id, q)
		store(id, p, y)
		store(id, q, x)
	}
}
