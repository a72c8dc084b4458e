package gossa

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
)

// Generic code has bodies for its instances alone. What nothing in the package instantiates is looked at with type
// arguments made up here: a function that nobody calls and that is not in the image mentions the instances.

// instancesFunc is that function.
const instancesFunc = "instances_of_happens_before"

// madeArguments are tried in this order.
var madeArguments = []types.Type{types.Typ[types.Int], types.Typ[types.String]}

// writeInstances is the function's text, "" when there is nothing to mention.
func writeInstances(u *unit) string {
	known := map[types.Object]bool{}
	for id, instance := range u.info.Instances {
		if isConcrete(instance.TypeArgs) {
			known[u.info.Uses[id]] = true
		}
	}
	var values []string
	scope := u.types.Scope()
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		params := parametersOfGeneric(obj)
		if params.Len() == 0 || known[obj] {
			continue
		}
		if args := argumentsFor(obj, params); args != "" {
			values = append(values, valueOf(obj, args))
		} else {
			where := extent{obj.Pos(), obj.Pos() + token.Pos(len(name))}
			u.gaps = append(u.gaps, gap{where, "generic code that nothing here instantiates is not looked at"})
		}
	}
	if len(values) == 0 {
		return ""
	}
	return fmt.Sprintf("func %s() []interface{} { return []interface{}{%s} }\n", instancesFunc, strings.Join(values, ", "))
}

func isConcrete(args *types.TypeList) bool { // A nil list has no arguments.
	for i := range args.Len() {
		if mentionsParameter(args.At(i)) {
			return false
		}
	}
	return true
}

// mentionsParameter reports whether a type argument is itself a parameter of generic code, or made of one.
func mentionsParameter(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return mentionsParameter(t.Elem())
	case *types.Slice:
		return mentionsParameter(t.Elem())
	case *types.Array:
		return mentionsParameter(t.Elem())
	case *types.Chan:
		return mentionsParameter(t.Elem())
	case *types.Map:
		return mentionsParameter(t.Key()) || mentionsParameter(t.Elem())
	case *types.Named:
		return !isConcrete(t.TypeArgs())
	}
	return false
}

// parametersOfGeneric is nil for what is not generic, and for types without methods.
func parametersOfGeneric(obj types.Object) *types.TypeParamList {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Signature().TypeParams()
	case *types.TypeName:
		named, ok := obj.Type().(*types.Named)
		if ok && !obj.IsAlias() && !types.IsInterface(named) && named.NumMethods() > 0 {
			return named.TypeParams()
		}
	}
	return nil
}

// argumentsFor is `[int, int]` where the constraints admit it, else "".
func argumentsFor(obj types.Object, params *types.TypeParamList) string {
	for _, made := range madeArguments {
		args := make([]types.Type, params.Len())
		names := make([]string, params.Len())
		for i := range args {
			args[i], names[i] = made, made.String()
		}
		if _, err := types.Instantiate(nil, obj.Type(), args, true); err == nil {
			return "[" + strings.Join(names, ", ") + "]"
		}
	}
	return ""
}

// valueOf stands in an interface: a type's methods are then in the image.
func valueOf(obj types.Object, args string) string {
	if _, ok := obj.(*types.TypeName); ok {
		return "new(" + obj.Name() + args + ")"
	}
	return obj.Name() + args
}
