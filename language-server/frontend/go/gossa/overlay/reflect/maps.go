package reflect

func (v Value) MapIndex(k Value) Value {
	v.must("MapIndex", Map)
	kt := rtypeOf(key(v.typ.id))
	x, ok := mapGet(v.typ.id, v.get(), assigned(k, kt, "reflect.Value.MapIndex"))
	if !ok {
		return Value{}
	}
	return Value{rtypeOf(elem(v.typ.id)), x, (v.flag | k.flag) & flagRO}
}

func (v Value) MapKeys() []Value {
	v.must("MapKeys", Map)
	var keys []Value
	for it := v.MapRange(); it.Next(); {
		keys = append(keys, it.Key())
	}
	if keys == nil {
		return []Value{}
	}
	return keys
}

// SetMapIndex deletes the entry when x is the zero Value.
func (v Value) SetMapIndex(k, x Value) {
	v.must("SetMapIndex", Map)
	kv := assigned(k, rtypeOf(key(v.typ.id)), "reflect.Value.SetMapIndex")
	if x.typ == nil {
		mapDelete(v.typ.id, v.get(), kv)
		return
	}
	mapSet(v.typ.id, v.get(), kv, assigned(x, rtypeOf(elem(v.typ.id)), "reflect.Value.SetMapIndex"))
}

// A MapIter goes over a map; see Value.MapRange.
type MapIter struct {
	m          Value
	iterator   raw
	key, value raw
	valid      bool
}

func (v Value) MapRange() *MapIter {
	v.must("MapRange", Map)
	return &MapIter{m: v}
}

func (it *MapIter) Next() bool {
	if it.iterator == nil {
		it.iterator = mapIterate(it.m.get())
	}
	it.valid, it.key, it.value = mapNext(it.iterator)
	return it.valid
}

func (it *MapIter) Key() Value {
	if !it.valid {
		panic("MapIter.Key called before Next")
	}
	return Value{rtypeOf(key(it.m.typ.id)), it.key, it.m.flag & flagRO}
}

func (it *MapIter) Value() Value {
	if !it.valid {
		panic("MapIter.Value called before Next")
	}
	return Value{rtypeOf(elem(it.m.typ.id)), it.value, it.m.flag & flagRO}
}

func (it *MapIter) Reset(v Value) { *it = MapIter{m: v} }
