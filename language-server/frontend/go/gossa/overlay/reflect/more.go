package reflect

import "iter"

type indexError string

func (e indexError) Error() string { return string(e) }

func (t *rtype) OverflowInt(x int64) bool {
	bits := uint(t.Bits())
	return x != (x<<(64-bits))>>(64-bits)
}

func (t *rtype) OverflowUint(x uint64) bool {
	bits := uint(t.Bits())
	return x != (x<<(64-bits))>>(64-bits)
}

func (t *rtype) OverflowFloat(x float64) bool {
	if t.Kind() != Float32 {
		return false
	}
	if x < 0 {
		x = -x
	}
	return x > 3.40282346638528859811704183484516925440e+38 && x <= 1.79769313486231570814527423731704356798070e+308
}

func (t *rtype) OverflowComplex(x complex128) bool {
	if t.Kind() != Complex64 {
		return false
	}
	float := TypeOf(float32(0))
	return float.OverflowFloat(real(x)) || float.OverflowFloat(imag(x))
}

func (t *rtype) Fields() iter.Seq[StructField] {
	return func(yield func(StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// yields reports whether t is func(yield func(…) bool) with n values.
func (t *rtype) yields(n int) bool {
	if t.Kind() != Func || t.NumIn() != 1 || t.NumOut() != 0 {
		return false
	}
	y := t.In(0)
	return y.Kind() == Func && y.NumIn() == n && y.NumOut() == 1 && y.Out(0).Kind() == Bool
}

func (t *rtype) CanSeq() bool {
	switch t.Kind() {
	case Int, Int8, Int16, Int32, Int64, Uint, Uint8, Uint16, Uint32, Uint64, Uintptr, Array, Slice, Chan, String, Map:
		return true
	case Func:
		return t.yields(1)
	case Pointer:
		return t.Elem().Kind() == Array
	}
	return false
}

func (t *rtype) CanSeq2() bool {
	switch t.Kind() {
	case Array, Slice, String, Map:
		return true
	case Func:
		return t.yields(2)
	case Pointer:
		return t.Elem().Kind() == Array
	}
	return false
}

// Seq goes over integers, elements' indices and keys; functions and channels stop the execution.
func (v Value) Seq() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		switch k := v.Kind(); {
		case k >= Int && k <= Int64:
			for i := int64(0); i < v.Int(); i++ {
				if !yield(Value{v.typ, fromInt(v.typ.id, i), 0}) {
					return
				}
			}
		case k >= Uint && k <= Uintptr:
			for i := uint64(0); i < v.Uint(); i++ {
				if !yield(Value{v.typ, fromUint(v.typ.id, i), 0}) {
					return
				}
			}
		case k == Func, k == Chan:
			seqOf(v.typ.String())
		default:
			for key := range v.Seq2() {
				if !yield(key) {
					return
				}
			}
		}
	}
}

// seqOf is not modelled.
func seqOf(typ string)

func (v Value) Seq2() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		switch v.Kind() {
		case Pointer:
			v.Elem().Seq2()(yield)
		case Array, Slice:
			for i := range v.Len() {
				if !yield(ValueOf(i), v.Index(i)) {
					return
				}
			}
		case String:
			for i, r := range v.String() {
				if !yield(ValueOf(i), ValueOf(r)) {
					return
				}
			}
		case Map:
			for it := v.MapRange(); it.Next(); {
				if !yield(it.Key(), it.Value()) {
					return
				}
			}
		default:
			seqOf(v.typ.String())
		}
	}
}

// Channels need the scheduler.
func (v Value) Close()
func (v Value) Recv() (Value, bool)
func (v Value) Send(x Value)
func (v Value) TryRecv() (Value, bool)
func (v Value) TrySend(x Value) bool

func TypeAssert[T any](v Value) (T, bool) {
	x, ok := v.Interface().(T)
	return x, ok
}

func (v Value) FieldByIndexErr(index []int) (Value, error) {
	for i, x := range index {
		if i > 0 && v.Kind() == Pointer && v.typ.Elem().Kind() == Struct {
			if v.IsNil() {
				return Value{}, indexError("reflect: indirection through nil pointer to embedded struct field " + v.typ.Elem().Name())
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, nil
}

func (v Value) SetBytes(x []byte) {
	v.mustSet("SetBytes")
	v.must("SetBytes", Slice)
	if v.typ.Elem().Kind() != Uint8 {
		panic("reflect.Value.SetBytes of non-byte slice")
	}
	store(v.typ.id, v.ptr, unpack(x))
}

func (v Value) SetCap(n int) {
	v.mustSet("SetCap")
	v.must("SetCap", Slice)
	if n < v.Len() || n > v.Cap() {
		panic("reflect: slice capacity out of range in SetCap")
	}
	store(v.typ.id, v.ptr, reslice(v.typ.id, v.get(), 0, v.Len(), n))
}

// Grow makes room for n more elements.
func (v Value) Grow(n int) {
	v.mustSet("Grow")
	v.must("Grow", Slice)
	if n < 0 {
		panic("reflect.Value.Grow: negative len")
	}
	if have := v.Len(); have+n > v.Cap() {
		grown := MakeSlice(v.typ, have, max(2*v.Cap(), have+n, 4))
		Copy(grown, v)
		store(v.typ.id, v.ptr, grown.ptr)
	}
}

func (v Value) Clear() {
	switch v.Kind() {
	case Slice:
		for i := range v.Len() {
			v.Index(i).SetZero()
		}
	case Map:
		for _, key := range v.MapKeys() {
			v.SetMapIndex(key, Value{})
		}
	default:
		panic(&ValueError{"reflect.Value.Clear", v.Kind()})
	}
}

func (v Value) SetIterKey(it *MapIter)   { v.Set(it.Key()) }
func (v Value) SetIterValue(it *MapIter) { v.Set(it.Value()) }
