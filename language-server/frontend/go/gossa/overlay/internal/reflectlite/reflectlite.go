// Package reflectlite is package reflect under another name.
package reflectlite

import "reflect"

type Kind = reflect.Kind

const (
	Ptr       = reflect.Pointer
	Interface = reflect.Interface
	Slice     = reflect.Slice
	String    = reflect.String
	Struct    = reflect.Struct
)

type Type interface {
	Name() string
	PkgPath() string
	Size() uintptr
	Kind() Kind
	Implements(u Type) bool
	AssignableTo(u Type) bool
	Comparable() bool
	String() string
	Elem() Type
}

type lite struct{ reflect.Type }

func TypeOf(i any) Type {
	if i == nil {
		return nil
	}
	return lite{reflect.TypeOf(i)}
}

func (t lite) Implements(u Type) bool   { return t.Type.Implements(u.(lite).Type) }
func (t lite) AssignableTo(u Type) bool { return t.Type.AssignableTo(u.(lite).Type) }
func (t lite) Elem() Type               { return lite{t.Type.Elem()} }

type Value struct{ v reflect.Value }

func ValueOf(i any) Value { return Value{reflect.ValueOf(i)} }

func (v Value) Elem() Value   { return Value{v.v.Elem()} }
func (v Value) IsNil() bool   { return v.v.IsNil() }
func (v Value) IsValid() bool { return v.v.IsValid() }
func (v Value) Kind() Kind    { return v.v.Kind() }
func (v Value) Len() int      { return v.v.Len() }
func (v Value) Set(x Value)   { v.v.Set(x.v) }
func (v Value) Type() Type    { return lite{v.v.Type()} }

func Swapper(slice any) func(i, j int) { return reflect.Swapper(slice) }
