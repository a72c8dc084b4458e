package reflect

import "unsafe"

type flag uintptr

const (
	// flagIndir: ptr is the address of the value, else the value itself.
	flagIndir flag = 1 << iota
	flagAddr
	// flagStickyRO: reached through an unexported field.
	flagStickyRO
	// flagEmbedRO: an unexported embedded field; its own exported fields are free.
	flagEmbedRO
	flagRO = flagStickyRO | flagEmbedRO
)

type Value struct {
	typ *rtype
	ptr raw
	flag
}

// What the machine does with values. load and store go through memory, the others take values.
func unpack(i any) raw
func pack(id int, v raw) any
func load(id int, p raw) raw
func store(id int, p, v raw)
func toInt(v raw) int64
func toUint(v raw) uint64
func toFloat(v raw) float64
func toComplex(v raw) complex128
func toText(v raw) string
func toBool(v raw) bool
func fromInt(id int, x int64) raw
func fromUint(id int, x uint64) raw
func fromFloat(id int, x float64) raw
func fromComplex(id int, x complex128) raw
func fromString(x string) raw
func fromBool(x bool) raw
func fieldOf(id, i int, v raw) raw
func fieldAt(id, i int, p raw) raw
func indexOf(id, i int, v raw) raw
func elementAt(id, i int, v raw) raw
func lenOf(id int, v raw) int
func capOf(id int, v raw) int
func isNil(v raw) bool
func addressOf(v raw) uintptr
func zero(id int) raw
func allocate(id int) raw
func makeSlice(id, len, cap int) raw
func makeMap(id int) raw
func makeChan(id, n int) raw
func reslice(id int, v raw, i, j, k int) raw
func mapGet(id int, m, key raw) (raw, bool)
func mapSet(id int, m, key, value raw)
func mapDelete(id int, m, key raw)
func mapIterate(m raw) raw
func mapNext(iterator raw) (ok bool, key, value raw)
func convert(from, to int, v raw) raw
func equal(id int, v, w raw) bool
func call(f raw, args []raw) raw
func boundMethod(id int, name string, v raw) (f raw, typ int)
func tupleAt(t raw, i int) raw

// A ValueError is a method called on a Value that does not have it.
type ValueError struct {
	Method string
	Kind   Kind
}

func (e *ValueError) Error() string {
	if e.Kind == 0 {
		return "reflect: call of " + e.Method + " on zero Value"
	}
	return "reflect: call of " + e.Method + " on " + e.Kind.String() + " Value"
}

func ValueOf(i any) Value {
	if i == nil {
		return Value{}
	}
	return Value{rtypeOf(typeOf(i)), unpack(i), 0}
}

func (v Value) get() raw {
	if v.flag&flagIndir != 0 {
		return load(v.typ.id, v.ptr)
	}
	return v.ptr
}

func (v Value) must(method string, kinds ...Kind) {
	k := v.Kind()
	for _, it := range kinds {
		if it == k {
			return
		}
	}
	panic(&ValueError{"reflect.Value." + method, k})
}

func (v Value) mustSet(method string) {
	if v.flag&flagRO != 0 {
		panic("reflect: reflect.Value." + method + " using value obtained using unexported field")
	}
	if v.flag&flagAddr == 0 {
		panic("reflect: reflect.Value." + method + " using unaddressable value")
	}
}

func (v Value) Kind() Kind {
	if v.typ == nil {
		return Invalid
	}
	return v.typ.Kind()
}

func (v Value) IsValid() bool      { return v.typ != nil }
func (v Value) CanAddr() bool      { return v.flag&flagAddr != 0 }
func (v Value) CanSet() bool       { return v.flag&(flagAddr|flagRO) == flagAddr }
func (v Value) CanInterface() bool { return v.flag&flagRO == 0 }
func (v Value) CanInt() bool       { k := v.Kind(); return k >= Int && k <= Int64 }
func (v Value) CanUint() bool      { k := v.Kind(); return k >= Uint && k <= Uintptr }
func (v Value) CanFloat() bool     { k := v.Kind(); return k == Float32 || k == Float64 }
func (v Value) CanComplex() bool   { k := v.Kind(); return k == Complex64 || k == Complex128 }

func (v Value) Type() Type {
	if v.typ == nil {
		panic(&ValueError{"reflect.Value.Type", Invalid})
	}
	return v.typ
}

func (v Value) Interface() any {
	if v.typ == nil {
		panic(&ValueError{"reflect.Value.Interface", Invalid})
	}
	if v.flag&flagRO != 0 {
		panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
	}
	return pack(v.typ.id, v.get())
}

func (v Value) Bool() bool {
	v.must("Bool", Bool)
	return toBool(v.get())
}

func (v Value) Int() int64 {
	v.must("Int", Int, Int8, Int16, Int32, Int64)
	return toInt(v.get())
}

func (v Value) Uint() uint64 {
	v.must("Uint", Uint, Uint8, Uint16, Uint32, Uint64, Uintptr)
	return toUint(v.get())
}

func (v Value) Float() float64 {
	v.must("Float", Float32, Float64)
	return toFloat(v.get())
}

func (v Value) Complex() complex128 {
	v.must("Complex", Complex64, Complex128)
	return toComplex(v.get())
}

// String of what is no string is a description, not a panic.
func (v Value) String() string {
	switch v.Kind() {
	case String:
		return toText(v.get())
	case Invalid:
		return "<invalid Value>"
	}
	return "<" + v.typ.String() + " Value>"
}

func (v Value) Bytes() []byte {
	v.must("Bytes", Slice, Array)
	if v.typ.Elem().Kind() != Uint8 {
		panic("reflect.Value.Bytes of non-byte slice")
	}
	if v.Kind() == Array {
		if !v.CanAddr() {
			panic("reflect.Value.Bytes of unaddressable byte array")
		}
		v = v.Slice(0, v.Len())
	}
	return *(*[]byte)(address(v))
}

// address of a copy of the value, typed as whoever asks for it says.
func address(v Value) unsafe.Pointer {
	p := allocate(v.typ.id)
	store(v.typ.id, p, v.get())
	return p
}

func (v Value) Len() int {
	v.must("Len", Array, Chan, Map, Slice, String, Pointer)
	return lenOf(v.typ.id, v.get())
}

func (v Value) Cap() int {
	v.must("Cap", Array, Chan, Slice, Pointer)
	return capOf(v.typ.id, v.get())
}

func (v Value) IsNil() bool {
	v.must("IsNil", Chan, Func, Interface, Map, Pointer, Slice, UnsafePointer)
	return isNil(v.get())
}

func (v Value) IsZero() bool {
	switch v.Kind() {
	case Invalid:
		panic(&ValueError{"reflect.Value.IsZero", Invalid})
	case Float32, Float64:
		return v.Float() == 0 && 1/v.Float() > 0
	case Array:
		for i := 0; i < v.Len(); i++ {
			if !v.Index(i).IsZero() {
				return false
			}
		}
		return true
	case Struct:
		for i := 0; i < v.NumField(); i++ {
			if !v.Field(i).IsZero() {
				return false
			}
		}
		return true
	case Chan, Func, Interface, Map, Pointer, Slice, UnsafePointer:
		return v.IsNil()
	}
	return equal(v.typ.id, v.get(), zero(v.typ.id))
}

func (v Value) Elem() Value {
	switch v.Kind() {
	case Interface:
		i := pack(v.typ.id, v.get())
		x := ValueOf(i)
		x.flag |= v.flag & flagRO
		return x
	case Pointer:
		p := v.get()
		if isNil(p) {
			return Value{}
		}
		return Value{rtypeOf(elem(v.typ.id)), p, flagIndir | flagAddr | v.flag&flagRO}
	}
	panic(&ValueError{"reflect.Value.Elem", v.Kind()})
}

func Indirect(v Value) Value {
	if v.Kind() != Pointer {
		return v
	}
	return v.Elem()
}

func (v Value) NumField() int {
	v.must("NumField", Struct)
	return count(v.typ.id, "field")
}

func (v Value) Field(i int) Value {
	v.must("Field", Struct)
	id := v.typ.id
	if i < 0 || i >= count(id, "field") {
		panic("reflect: Field index out of range")
	}
	fl := v.flag &^ flagEmbedRO
	if fieldPkg(id, i) != "" {
		if fieldEmbedded(id, i) {
			fl |= flagEmbedRO
		} else {
			fl |= flagStickyRO
		}
	}
	t := rtypeOf(part(id, "field", i))
	if fl&flagIndir != 0 {
		return Value{t, fieldAt(id, i, v.ptr), fl}
	}
	return Value{t, fieldOf(id, i, v.ptr), fl}
}

func (v Value) FieldByIndex(index []int) Value {
	for i, x := range index {
		if i > 0 && v.Kind() == Pointer && v.typ.Elem().Kind() == Struct {
			if v.IsNil() {
				panic("reflect: indirection through nil pointer to embedded struct")
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v
}

func (v Value) FieldByName(name string) Value {
	v.must("FieldByName", Struct)
	if f, ok := v.typ.FieldByName(name); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

func (v Value) Index(i int) Value {
	switch v.Kind() {
	case Array:
		if i < 0 || i >= length(v.typ.id) {
			panic("reflect: array index out of range")
		}
		t := rtypeOf(elem(v.typ.id))
		if v.flag&flagIndir != 0 {
			return Value{t, elementAt(v.typ.id, i, v.ptr), v.flag}
		}
		return Value{t, indexOf(v.typ.id, i, v.ptr), v.flag}
	case Slice:
		s := v.get()
		if i < 0 || i >= lenOf(v.typ.id, s) {
			panic("reflect: slice index out of range")
		}
		return Value{rtypeOf(elem(v.typ.id)), elementAt(v.typ.id, i, s), flagIndir | flagAddr | v.flag&flagRO}
	case String:
		s := toText(v.get())
		if i < 0 || i >= len(s) {
			panic("reflect: string index out of range")
		}
		x := ValueOf(s[i])
		x.flag |= v.flag & flagRO
		return x
	}
	panic(&ValueError{"reflect.Value.Index", v.Kind()})
}

func (v Value) Slice(i, j int) Value { return v.slice(i, j, -1) }

func (v Value) Slice3(i, j, k int) Value { return v.slice(i, j, k) }

func (v Value) slice(i, j, k int) Value {
	switch v.Kind() {
	case String:
		return Value{v.typ, fromString(toText(v.get())[i:j]), v.flag & flagRO}
	case Slice:
		return Value{v.typ, reslice(v.typ.id, v.get(), i, j, k), v.flag & flagRO}
	case Array:
		if v.flag&flagAddr == 0 {
			panic("reflect.Value.Slice: slice of unaddressable array")
		}
		t := rtypeOf(sliceOf(elem(v.typ.id)))
		return Value{t, reslice(v.typ.id, v.ptr, i, j, k), v.flag & flagRO}
	}
	panic(&ValueError{"reflect.Value.Slice", v.Kind()})
}

func (v Value) Addr() Value {
	if v.flag&flagAddr == 0 {
		panic("reflect.Value.Addr of unaddressable value")
	}
	return Value{rtypeOf(pointerTo(v.typ.id)), v.ptr, v.flag & flagRO}
}

func (v Value) Pointer() uintptr              { return addressOf(v.get()) }
func (v Value) UnsafePointer() unsafe.Pointer { return v.get() }
func (v Value) UnsafeAddr() uintptr           { return addressOf(v.ptr) }

// assigned is x as a value of type t.
func assigned(x Value, t *rtype, context string) raw {
	if x.flag&flagRO != 0 {
		panic("reflect: " + context + " using value obtained using unexported field")
	}
	if x.typ == nil {
		panic("reflect: call of " + context + " on zero Value")
	}
	if !x.typ.AssignableTo(t) {
		panic(context + ": value of type " + x.typ.String() + " is not assignable to type " + t.String())
	}
	if t.Kind() == Interface {
		return asRaw(pack(x.typ.id, x.get()))
	}
	return x.get()
}

// asRaw is the interface value itself.
func asRaw(i any) raw

func (v Value) Set(x Value) {
	v.mustSet("Set")
	store(v.typ.id, v.ptr, assigned(x, v.typ, "reflect.Set"))
}

func (v Value) SetZero() {
	v.mustSet("SetZero")
	store(v.typ.id, v.ptr, zero(v.typ.id))
}

func (v Value) SetInt(x int64) {
	v.mustSet("SetInt")
	v.must("SetInt", Int, Int8, Int16, Int32, Int64)
	store(v.typ.id, v.ptr, fromInt(v.typ.id, x))
}

func (v Value) SetUint(x uint64) {
	v.mustSet("SetUint")
	v.must("SetUint", Uint, Uint8, Uint16, Uint32, Uint64, Uintptr)
	store(v.typ.id, v.ptr, fromUint(v.typ.id, x))
}

func (v Value) SetFloat(x float64) {
	v.mustSet("SetFloat")
	v.must("SetFloat", Float32, Float64)
	store(v.typ.id, v.ptr, fromFloat(v.typ.id, x))
}

func (v Value) SetComplex(x complex128) {
	v.mustSet("SetComplex")
	v.must("SetComplex", Complex64, Complex128)
	store(v.typ.id, v.ptr, fromComplex(v.typ.id, x))
}

func (v Value) SetString(x string) {
	v.mustSet("SetString")
	v.must("SetString", String)
	store(v.typ.id, v.ptr, fromString(x))
}

func (v Value) SetBool(x bool) {
	v.mustSet("SetBool")
	v.must("SetBool", Bool)
	store(v.typ.id, v.ptr, fromBool(x))
}

func (v Value) SetLen(n int) {
	v.mustSet("SetLen")
	v.must("SetLen", Slice)
	store(v.typ.id, v.ptr, reslice(v.typ.id, v.get(), 0, n, -1))
}

func (v Value) OverflowInt(x int64) bool     { return v.typ.OverflowInt(x) }
func (v Value) OverflowUint(x uint64) bool   { return v.typ.OverflowUint(x) }
func (v Value) OverflowFloat(x float64) bool { return v.typ.OverflowFloat(x) }

func Zero(t Type) Value {
	if t == nil {
		panic("reflect: Zero(nil)")
	}
	return Value{t.common(), zero(t.common().id), 0}
}

func New(t Type) Value {
	id := t.common().id
	return Value{rtypeOf(pointerTo(id)), allocate(id), 0}
}

func MakeSlice(t Type, len, cap int) Value {
	return Value{t.common(), makeSlice(t.common().id, len, cap), 0}
}

func MakeMap(t Type) Value                { return MakeMapWithSize(t, 0) }
func MakeMapWithSize(t Type, _ int) Value { return Value{t.common(), makeMap(t.common().id), 0} }
func MakeChan(t Type, n int) Value        { return Value{t.common(), makeChan(t.common().id, n), 0} }

func Append(s Value, x ...Value) Value {
	s.must("Append", Slice)
	n := s.Len()
	c := s.Cap()
	if n+len(x) > c {
		c = 2*c + len(x)
	}
	grown := MakeSlice(s.typ, n+len(x), c)
	Copy(grown, s)
	for i, it := range x {
		grown.Index(n + i).Set(it)
	}
	return grown
}

func AppendSlice(s, t Value) Value {
	for i := 0; i < t.Len(); i++ {
		s = Append(s, t.Index(i))
	}
	return s
}

func Copy(dst, src Value) int {
	n := min(dst.Len(), src.Len())
	for i := 0; i < n; i++ {
		dst.Index(i).Set(src.Index(i))
	}
	return n
}

func (v Value) Convert(t Type) Value {
	to := t.common()
	if !v.typ.ConvertibleTo(t) {
		panic("reflect.Value.Convert: value of type " + v.typ.String() + " cannot be converted to type " + t.String())
	}
	if to.Kind() == Interface {
		return Value{to, assigned(v, to, "reflect.Value.Convert"), v.flag & flagRO}
	}
	return Value{to, convert(v.typ.id, to.id, v.get()), v.flag & flagRO}
}

func (v Value) CanConvert(t Type) bool { return v.typ.ConvertibleTo(t) }

func (v Value) Comparable() bool {
	switch v.Kind() {
	case Invalid:
		return true
	case Interface:
		return v.IsNil() || v.Elem().Comparable()
	}
	return v.typ.Comparable()
}

func (v Value) Equal(u Value) bool {
	if !v.IsValid() || !u.IsValid() {
		return v.IsValid() == u.IsValid()
	}
	return v.typ == u.typ && equal(v.typ.id, v.get(), u.get())
}
