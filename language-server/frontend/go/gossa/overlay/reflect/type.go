// Package reflect over the machine's own table of types. A type is its index there; the machine
// answers questions about it, and reads and writes values by it.
package reflect

import (
	"iter"
	"unsafe"
)

type Kind uint

const (
	Invalid Kind = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Uintptr
	Float32
	Float64
	Complex64
	Complex128
	Array
	Chan
	Func
	Interface
	Map
	Pointer
	Slice
	String
	Struct
	UnsafePointer
)

const Ptr = Pointer

var kindNames = []string{
	"invalid", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32",
	"uint64", "uintptr", "float32", "float64", "complex64", "complex128", "array", "chan", "func",
	"interface", "map", "ptr", "slice", "string", "struct", "unsafe.Pointer",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind"
}

type ChanDir int

const (
	RecvDir ChanDir = 1 << iota
	SendDir
	BothDir = RecvDir | SendDir
)

func (d ChanDir) String() string {
	switch d {
	case SendDir:
		return "chan<-"
	case RecvDir:
		return "<-chan"
	case BothDir:
		return "chan"
	}
	return "ChanDir"
}

type Type interface {
	Align() int
	AssignableTo(u Type) bool
	Bits() int
	CanSeq() bool
	CanSeq2() bool
	ChanDir() ChanDir
	Comparable() bool
	ConvertibleTo(u Type) bool
	Elem() Type
	Field(i int) StructField
	FieldByIndex(index []int) StructField
	FieldByName(name string) (StructField, bool)
	Fields() iter.Seq[StructField]
	Implements(u Type) bool
	In(i int) Type
	IsVariadic() bool
	Key() Type
	Kind() Kind
	Len() int
	Method(int) Method
	MethodByName(string) (Method, bool)
	Name() string
	NumField() int
	NumIn() int
	NumMethod() int
	NumOut() int
	Out(i int) Type
	OverflowComplex(x complex128) bool
	OverflowFloat(x float64) bool
	OverflowInt(x int64) bool
	OverflowUint(x uint64) bool
	PkgPath() string
	Size() uintptr
	String() string
	common() *rtype
}

// rtype is the one object of a type; its address is the type's identity.
type rtype struct{ id int }

type StructField struct {
	Name      string
	PkgPath   string
	Type      Type
	Tag       StructTag
	Offset    uintptr
	Index     []int
	Anonymous bool
}

func (f StructField) IsExported() bool { return f.PkgPath == "" }

type StructTag string

func (tag StructTag) Get(key string) string {
	v, _ := tag.Lookup(key)
	return v
}

// Lookup reads the conventional form `key:"value" key2:"value2"`.
func (tag StructTag) Lookup(key string) (value string, ok bool) {
	rest := string(tag)
	for rest != "" {
		for rest != "" && rest[0] == ' ' {
			rest = rest[1:]
		}
		colon := 0
		for colon < len(rest) && rest[colon] != ':' {
			colon++
		}
		if colon+1 >= len(rest) || rest[colon+1] != '"' {
			return "", false
		}
		name := rest[:colon]
		rest = rest[colon+1:]
		end := 1
		for end < len(rest) && rest[end] != '"' {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(rest) {
			return "", false
		}
		quoted := rest[1:end]
		rest = rest[end+1:]
		if name == key {
			return unescape(quoted), true
		}
	}
	return "", false
}

func unescape(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}

type Method struct {
	Name    string
	PkgPath string
	Type    Type
	Func    Value
	Index   int
}

func (m Method) IsExported() bool { return m.PkgPath == "" }

// What the machine answers. typeOf is -1 for nil.
func rtypeOf(id int) *rtype
func typeOf(i any) int
func kind(id int) int
func typeString(id int) string
func typeName(id int) string
func pkgPath(id int) string
func size(id int) int
func align(id int) int
func elem(id int) int
func key(id int) int
func length(id int) int
func chanDir(id int) int
func count(id int, what string) int
func part(id int, what string, i int) int
func variadic(id int) bool
func fieldName(id, i int) string
func fieldPkg(id, i int) string
func fieldTag(id, i int) string
func fieldEmbedded(id, i int) bool
func fieldOffset(id, i int) int
func methodName(id, i int) string
func comparable_(id int) bool
func implements(id, iface int) bool
func sameUnderlying(id, other int) bool
func pointerTo(id int) int
func sliceOf(id int) int

func toType(id int) Type {
	if id < 0 {
		return nil
	}
	return rtypeOf(id)
}

func TypeOf(i any) Type { return toType(typeOf(i)) }

func TypeFor[T any]() Type { return TypeOf((*T)(nil)).Elem() }

func PointerTo(t Type) Type { return toType(pointerTo(t.common().id)) }
func PtrTo(t Type) Type     { return PointerTo(t) }
func SliceOf(t Type) Type   { return toType(sliceOf(t.common().id)) }

func (t *rtype) common() *rtype   { return t }
func (t *rtype) Align() int       { return align(t.id) }
func (t *rtype) Kind() Kind       { return Kind(kind(t.id)) }
func (t *rtype) String() string   { return typeString(t.id) }
func (t *rtype) Name() string     { return typeName(t.id) }
func (t *rtype) PkgPath() string  { return pkgPath(t.id) }
func (t *rtype) Size() uintptr    { return uintptr(size(t.id)) }
func (t *rtype) Comparable() bool { return comparable_(t.id) }
func (t *rtype) IsVariadic() bool { return variadic(t.id) }

func (t *rtype) Bits() int {
	k := t.Kind()
	if k < Int || k > Complex128 {
		panic("reflect: Bits of non-arithmetic Type " + t.String())
	}
	return size(t.id) * 8
}

func (t *rtype) ChanDir() ChanDir {
	if t.Kind() != Chan {
		panic("reflect: ChanDir of non-chan type " + t.String())
	}
	return ChanDir(chanDir(t.id))
}

func (t *rtype) Elem() Type {
	switch t.Kind() {
	case Array, Chan, Map, Pointer, Slice:
		return toType(elem(t.id))
	}
	panic("reflect: Elem of invalid type " + t.String())
}

func (t *rtype) Key() Type {
	if t.Kind() != Map {
		panic("reflect: Key of non-map type " + t.String())
	}
	return toType(key(t.id))
}

func (t *rtype) Len() int {
	if t.Kind() != Array {
		panic("reflect: Len of non-array type " + t.String())
	}
	return length(t.id)
}

func (t *rtype) NumField() int {
	if t.Kind() != Struct {
		panic("reflect: NumField of non-struct type " + t.String())
	}
	return count(t.id, "field")
}

func (t *rtype) Field(i int) StructField {
	if t.Kind() != Struct {
		panic("reflect: Field of non-struct type " + t.String())
	}
	if i < 0 || i >= count(t.id, "field") {
		panic("reflect: Field index out of bounds")
	}
	return StructField{
		Name:      fieldName(t.id, i),
		PkgPath:   fieldPkg(t.id, i),
		Type:      toType(part(t.id, "field", i)),
		Tag:       StructTag(fieldTag(t.id, i)),
		Offset:    uintptr(fieldOffset(t.id, i)),
		Index:     []int{i},
		Anonymous: fieldEmbedded(t.id, i),
	}
}

func (t *rtype) FieldByIndex(index []int) (f StructField) {
	var at Type = t
	for i, x := range index {
		if i > 0 {
			at = f.Type
			if at.Kind() == Pointer && at.Elem().Kind() == Struct {
				at = at.Elem()
			}
		}
		f = at.Field(x)
	}
	f.Index = index
	return f
}

// FieldByName looks breadth first, as selectors do; a name found twice at one depth is none.
func (t *rtype) FieldByName(name string) (StructField, bool) {
	type place struct {
		typ   Type
		index []int
	}
	level := []place{{t, nil}}
	seen := map[Type]bool{}
	for len(level) > 0 {
		var next []place
		var found StructField
		hits := 0
		for _, p := range level {
			if seen[p.typ] {
				continue
			}
			seen[p.typ] = true
			for i := 0; i < p.typ.NumField(); i++ {
				f := p.typ.Field(i)
				index := append(append([]int(nil), p.index...), i)
				if f.Name == name {
					f.Index = index
					found = f
					hits++
				}
				if f.Anonymous {
					inner := f.Type
					if inner.Kind() == Pointer {
						inner = inner.Elem()
					}
					if inner.Kind() == Struct {
						next = append(next, place{inner, index})
					}
				}
			}
		}
		if hits > 0 {
			return found, hits == 1
		}
		level = next
	}
	return StructField{}, false
}

func VisibleFields(t Type) []StructField {
	var fields []StructField
	for i := 0; i < t.NumField(); i++ {
		fields = append(fields, t.Field(i))
	}
	return fields
}

func (t *rtype) funcPart(what string, i int) Type {
	if t.Kind() != Func {
		panic("reflect: " + what + " of non-func type " + t.String())
	}
	return toType(part(t.id, what, i))
}

func (t *rtype) In(i int) Type  { return t.funcPart("in", i) }
func (t *rtype) Out(i int) Type { return t.funcPart("out", i) }
func (t *rtype) NumIn() int     { return count(t.id, "in") }
func (t *rtype) NumOut() int    { return count(t.id, "out") }
func (t *rtype) NumMethod() int { return count(t.id, "method") }

func (t *rtype) Method(i int) Method {
	if i < 0 || i >= t.NumMethod() {
		panic("reflect: Method index out of range")
	}
	return Method{Name: methodName(t.id, i), Index: i}
}

func (t *rtype) MethodByName(name string) (Method, bool) {
	for i := 0; i < t.NumMethod(); i++ {
		if methodName(t.id, i) == name {
			return t.Method(i), true
		}
	}
	return Method{}, false
}

func (t *rtype) Implements(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.Implements")
	}
	if u.Kind() != Interface {
		panic("reflect: non-interface type passed to Type.Implements")
	}
	return implements(t.id, u.common().id)
}

func (t *rtype) AssignableTo(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.AssignableTo")
	}
	o := u.common()
	if t == o {
		return true
	}
	if o.Kind() == Interface {
		return implements(t.id, o.id)
	}
	return (t.Name() == "" || o.Name() == "") && sameUnderlying(t.id, o.id)
}

func (t *rtype) ConvertibleTo(u Type) bool {
	o := u.common()
	if t.AssignableTo(u) || sameUnderlying(t.id, o.id) {
		return true
	}
	k, l := t.Kind(), o.Kind()
	number := func(k Kind) bool { return k >= Int && k <= Float64 }
	switch {
	case number(k) && number(l):
		return true
	case k >= Int && k <= Uintptr && l == String:
		return true
	case k == String && l == Slice, k == Slice && l == String:
		s := t
		if l == Slice {
			s = o
		}
		e := s.Elem().Kind()
		return e == Uint8 || e == Int32
	}
	return (k == Complex64 || k == Complex128) && (l == Complex64 || l == Complex128)
}

// raw is a value as the machine holds it, whatever its type: only the machine looks inside.
type raw = unsafe.Pointer
