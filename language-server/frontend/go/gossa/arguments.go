package gossa

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// What drivers hand over: values of the types that are asked for, the same each time.

// arguments for a call, the same each time: two calls with one key meet where they can.
func (w *driverWriter) arguments(sig *types.Signature) (string, bool) {
	params := sig.Params()
	args := []string{}
	for i := range params.Len() {
		if sig.Variadic() && i == params.Len()-1 {
			args = append(args, w.several(params.At(i).Type())...)
			break
		}
		arg, ok := w.argument(params.At(i).Type())
		if !ok {
			return "", false
		}
		args = append(args, arg)
	}
	return strings.Join(args, ", "), true
}

// several are what is handed over where any number will do: one plain value, no options.
func (w *driverWriter) several(list types.Type) []string {
	slice, ok := list.(*types.Slice)
	if !ok {
		return nil
	}
	switch slice.Elem().Underlying().(type) {
	case *types.Basic, *types.Struct, *types.Interface:
		if arg, ok := w.argument(slice.Elem()); ok && arg != "nil" {
			return []string{arg}
		}
	}
	return nil
}

func (w *driverWriter) argument(t types.Type) (string, bool) {
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil &&
		named.Obj().Pkg().Path() == "context" && named.Obj().Name() == "Context" {
		return w.qualified(named.Obj().Pkg()) + ".Background()", true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "true", true
		case u.Info()&types.IsString != 0:
			return w.values.text, true
		case u.Info()&types.IsNumeric != 0:
			return w.values.number, true
		}
		return "", false
	case *types.Interface:
		if t.String() == "net/http.ResponseWriter" {
			return w.response(t)
		}
		if t.String() == "io.Writer" {
			name, ok := w.typeName(t)
			return strings.TrimSuffix(name, "Writer") + "Discard", ok
		}
		if u.NumMethods() == 0 {
			return w.values.text, u.NumEmbeddeds() == 0
		}
		return "nil", t.String() == "error" || w.values != valuesOfMaker
	case *types.Signature:
		return w.function(u)
	case *types.Slice, *types.Map:
		name, ok := w.typeName(t)
		return name + "{}", ok
	case *types.Chan:
		name, ok := w.typeName(t)
		return "make(" + name + ", 1)", ok && u.Dir() != types.RecvOnly
	case *types.Pointer:
		if t.String() == "*net/http.Request" {
			return w.request(u.Elem())
		}
		if named, ok := types.Unalias(u.Elem()).(*types.Named); ok && named.Obj().Pkg() == w.unit.types {
			_, isStruct := named.Underlying().(*types.Struct)
			name, ok := w.typeName(named)
			return "&" + name + "{}", ok && isStruct
		}
	case *types.Struct, *types.Array:
		name, ok := w.typeName(t)
		return name + "{}", ok
	}
	return "", false
}

// function is a literal that returns what arguments are made of, or fails.
func (w *driverWriter) function(sig *types.Signature) (string, bool) {
	name, ok := w.typeName(sig)
	var results []string
	for i := range sig.Results().Len() {
		result, made := w.failure(), true
		if t := sig.Results().At(i).Type(); t.String() != "error" {
			result, made = w.argument(t)
		}
		ok = ok && made
		results = append(results, result)
	}
	if len(results) == 0 {
		return name + " {}", ok
	}
	return name + " { return " + strings.Join(results, ", ") + " }", ok
}

// request is one that a server would hand to a handler.
func (w *driverWriter) request(t types.Type) (string, bool) {
	name, ok := w.typeName(t)
	w.imports["net/url"] = "url"
	return "&" + name + `{Method: "GET", URL: &url.URL{Path: "/a"}}`, ok
}

// response is where a handler writes to; its type stands behind the drivers.
func (w *driverWriter) response(t types.Type) (string, bool) {
	name, ok := w.typeName(t)
	pkg := strings.TrimSuffix(name, "ResponseWriter")
	w.tail = fmt.Sprintf("type %s struct{}\nfunc (%[1]s) Header() %[2]sHeader { return %[2]sHeader{} }\n"+
		"func (%[1]s) Write(p []byte) (int, error) { return len(p), nil }\nfunc (%[1]s) WriteHeader(int) {}\n",
		responseType, pkg)
	return responseType + "{}", ok
}

// responseType is what handlers are handed by drivers.
const responseType = "response_of_happens_before"

// typeName is a type as it is written in the package; false where it cannot be.
func (w *driverWriter) typeName(t types.Type) (string, bool) {
	ok := true
	name := types.TypeString(t, func(pkg *types.Package) string {
		if pkg == w.unit.types {
			return ""
		}
		ok = ok && slices.Contains(w.unit.types.Imports(), pkg)
		return w.qualified(pkg)
	})
	return name, ok
}

func (w *driverWriter) qualified(pkg *types.Package) string {
	name, ok := w.imports[pkg.Path()]
	if !ok {
		name = fmt.Sprintf("hb%d", len(w.imports))
		w.imports[pkg.Path()] = name
	}
	return name
}
