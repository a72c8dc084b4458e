package reflect

type visit struct {
	a, b raw
	typ  *rtype
}

// DeepEqual reports whether x and y are deeply equal.
func DeepEqual(x, y any) bool {
	if x == nil || y == nil {
		return x == y
	}
	v, w := ValueOf(x), ValueOf(y)
	return v.typ == w.typ && deepEqual(v, w, map[visit]bool{})
}

func deepEqual(v, w Value, visited map[visit]bool) bool {
	if !v.IsValid() || !w.IsValid() {
		return v.IsValid() == w.IsValid()
	}
	if v.typ != w.typ {
		return false
	}
	switch v.Kind() {
	case Array:
		return deepElements(v, w, visited)
	case Slice:
		if v.IsNil() != w.IsNil() || v.Len() != w.Len() {
			return false
		}
		return deepElements(v, w, visited)
	case Interface:
		if v.IsNil() || w.IsNil() {
			return v.IsNil() == w.IsNil()
		}
		return deepEqual(v.Elem(), w.Elem(), visited)
	case Pointer:
		a, b := v.get(), w.get()
		if a == b {
			return true
		}
		seen := visit{a, b, v.typ}
		if visited[seen] {
			return true
		}
		visited[seen] = true
		return deepEqual(v.Elem(), w.Elem(), visited)
	case Struct:
		for i := 0; i < v.NumField(); i++ {
			if !deepEqual(v.Field(i), w.Field(i), visited) {
				return false
			}
		}
		return true
	case Map:
		if v.IsNil() != w.IsNil() || v.Len() != w.Len() {
			return false
		}
		for it := v.MapRange(); it.Next(); {
			other := w.MapIndex(plain(it.Key()))
			if !other.IsValid() || !deepEqual(it.Value(), other, visited) {
				return false
			}
		}
		return true
	case Func:
		return v.IsNil() && w.IsNil()
	}
	return equal(v.typ.id, v.get(), w.get())
}

// plain forgets that a value came from an unexported field.
func plain(v Value) Value {
	v.flag &^= flagRO
	return v
}

func deepElements(v, w Value, visited map[visit]bool) bool {
	for i := 0; i < v.Len(); i++ {
		if !deepEqual(v.Index(i), w.Index(i), visited) {
			return false
		}
	}
	return true
}
