package gossa

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// localTypes maps the position of every type name declared inside a function to the function's
// name and the type's: `f.T`, `T.m.U`. A second `T` in the same function is `f.T·2`.
type localTypes map[token.Pos]localType

type localType struct {
	owner, name string
	generic     bool
}

func (l localTypes) addFile(file *ast.File) {
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		owner, generic := fn.Name.Name, fn.Type.TypeParams != nil
		if fn.Recv != nil && len(fn.Recv.List) == 1 {
			recv, params := receiverName(fn.Recv.List[0].Type)
			owner, generic = recv+"."+owner, generic || params
		}
		seen := map[string]int{}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				name := spec.Name.Name
				seen[name]++
				if seen[name] > 1 {
					name += "·" + strconv.Itoa(seen[name])
				}
				l[spec.Name.Pos()] = localType{owner, name, generic}
			}
			return true
		})
	}
}

func receiverName(expr ast.Expr) (name string, generic bool) {
	switch e := ast.Unparen(expr).(type) {
	case *ast.StarExpr:
		return receiverName(e.X)
	case *ast.IndexExpr:
		name, _ = receiverName(e.X)
		return name, true
	case *ast.IndexListExpr:
		name, _ = receiverName(e.X)
		return name, true
	case *ast.Ident:
		return e.Name, false
	}
	return "?", false
}

// namer gives types and functions names that are unique across packages.
type namer struct {
	locals localTypes
	types  map[types.Type]string
	funcs  map[*ssa.Function]string
	taken  map[string]*ssa.Function
	// users are the functions that use thunks and bound methods, of which go/ssa makes one for each use.
	users map[*ssa.Function]*ssa.Function
	// suffix is appended to the owner of a type local to a generic function: the type arguments of
	// the instance that is being visited.
	suffix string
	// numbered: two functions of the package have one name, so that names depend on the order in which they are given.
	numbered bool
}

func newNamer(locals localTypes) *namer {
	return &namer{
		locals: locals,
		types:  map[types.Type]string{},
		funcs:  map[*ssa.Function]string{},
		taken:  map[string]*ssa.Function{},
		users:  map[*ssa.Function]*ssa.Function{},
	}
}

// typeName is Go syntax with import paths for qualifiers; equal names mean identical types.
func (n *namer) typeName(t types.Type) string {
	t = types.Unalias(t)
	if name, ok := n.types[t]; ok {
		return name
	}
	var sb strings.Builder
	n.writeType(&sb, t)
	name := sb.String()
	n.types[t] = name
	return name
}

func (n *namer) writeType(sb *strings.Builder, t types.Type) {
	switch t := t.(type) {
	case *types.Basic:
		sb.WriteString(basicName(t))
	case *types.Named:
		n.writeNamed(sb, t)
	case *types.Pointer:
		sb.WriteString("*" + n.typeName(t.Elem()))
	case *types.Slice:
		sb.WriteString("[]" + n.typeName(t.Elem()))
	case *types.Array:
		sb.WriteString("[" + strconv.FormatInt(t.Len(), 10) + "]" + n.typeName(t.Elem()))
	case *types.Map:
		sb.WriteString("map[" + n.typeName(t.Key()) + "]" + n.typeName(t.Elem()))
	case *types.Chan:
		n.writeChan(sb, t)
	case *types.Struct:
		n.writeStruct(sb, t)
	case *types.Signature:
		sb.WriteString("func")
		n.writeSignature(sb, t)
	case *types.Interface:
		n.writeInterface(sb, t)
	case *types.Tuple:
		sb.WriteByte('(')
		for i := range t.Len() {
			if i > 0 {
				sb.WriteString(", ")
			}
			sb.WriteString(n.typeName(t.At(i).Type()))
		}
		sb.WriteByte(')')
	default: // Type parameters, unions and go/ssa's own opaque types.
		sb.WriteString(t.String())
	}
}

// basicName folds byte and rune, which are types of their own to go/types.
func basicName(t *types.Basic) string {
	switch t.Kind() {
	case types.Uint8:
		return "uint8"
	case types.Int32:
		return "int32"
	case types.UnsafePointer:
		return "unsafe.Pointer"
	}
	return t.Name()
}

func (n *namer) writeNamed(sb *strings.Builder, t *types.Named) {
	obj := t.Obj()
	if obj.Pkg() != nil {
		sb.WriteString(obj.Pkg().Path() + ".")
	}
	if local, ok := n.locals[obj.Pos()]; ok && obj.Pos().IsValid() {
		sb.WriteString(local.owner)
		if local.generic {
			sb.WriteString(n.suffix)
		}
		sb.WriteString("." + local.name)
	} else {
		sb.WriteString(obj.Name())
	}
	sb.WriteString(n.typeArgs(listOf(t.TypeArgs())))
}

func listOf(list *types.TypeList) []types.Type {
	var out []types.Type
	for i := range list.Len() {
		out = append(out, list.At(i))
	}
	return out
}

func (n *namer) typeArgs(args []types.Type) string {
	if len(args) == 0 {
		return ""
	}
	names := make([]string, len(args))
	for i, arg := range args {
		names[i] = n.typeName(arg)
	}
	return "[" + strings.Join(names, ", ") + "]"
}

func (n *namer) writeChan(sb *strings.Builder, t *types.Chan) {
	elem := n.typeName(t.Elem())
	switch t.Dir() {
	case types.SendOnly:
		sb.WriteString("chan<- " + elem)
	case types.RecvOnly:
		sb.WriteString("<-chan " + elem)
	default:
		if strings.HasPrefix(elem, "<-") {
			elem = "(" + elem + ")"
		}
		sb.WriteString("chan " + elem)
	}
}

func (n *namer) writeStruct(sb *strings.Builder, t *types.Struct) {
	sb.WriteString("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			sb.WriteString("; ")
		}
		f := t.Field(i)
		if !f.Embedded() {
			sb.WriteString(memberID(f) + " ")
		}
		sb.WriteString(n.typeName(f.Type()))
		if tag := t.Tag(i); tag != "" {
			sb.WriteString(" " + strconv.Quote(tag))
		}
	}
	sb.WriteString("}")
}

func (n *namer) writeSignature(sb *strings.Builder, t *types.Signature) {
	sb.WriteByte('(')
	params := t.Params()
	for i := range params.Len() {
		if i > 0 {
			sb.WriteString(", ")
		}
		param := params.At(i).Type()
		if slice, ok := types.Unalias(param).(*types.Slice); ok && t.Variadic() && i == params.Len()-1 {
			sb.WriteString("..." + n.typeName(slice.Elem()))
		} else {
			sb.WriteString(n.typeName(param))
		}
	}
	sb.WriteByte(')')
	switch results := t.Results(); results.Len() {
	case 0:
	case 1:
		sb.WriteString(" " + n.typeName(results.At(0).Type()))
	default:
		sb.WriteString(" " + n.typeName(results))
	}
}

func (n *namer) writeInterface(sb *strings.Builder, t *types.Interface) {
	sb.WriteString("interface{")
	for i, m := range methodsOf(t) {
		if i > 0 {
			sb.WriteString("; ")
		}
		sb.WriteString(memberID(m))
		n.writeSignature(sb, m.Signature())
	}
	if !t.IsMethodSet() { // A constraint; only generic code that is never exported has these.
		sb.WriteString(t.String())
	}
	sb.WriteString("}")
}

// memberID is the name of an exported field or method and `pkgpath.name` of another.
func memberID(obj types.Object) string {
	if obj.Exported() || obj.Pkg() == nil {
		return obj.Name()
	}
	return obj.Pkg().Path() + "." + obj.Name()
}

// funcName is unique across packages; two functions of one name (several `_`) get a number.
func (n *namer) funcName(fn *ssa.Function) string {
	if name, ok := n.funcs[fn]; ok {
		return name
	}
	name := n.plainFuncName(fn)
	for i := 2; n.taken[name] != nil; i++ {
		if user := n.users[fn]; user == nil || user != n.users[n.taken[name]] {
			n.numbered = true
		}
		name = n.plainFuncName(fn) + "#" + strconv.Itoa(i)
	}
	n.taken[name] = fn
	n.funcs[fn] = name
	return name
}

func (n *namer) plainFuncName(fn *ssa.Function) string {
	if parent := fn.Parent(); parent != nil {
		return n.funcName(parent) + closureSuffix(fn)
	}
	base, recv := fn.Name(), receiverOf(fn)
	if i := strings.IndexByte(base, '['); i >= 0 { // go/ssa abbreviates the type arguments.
		args := fn.TypeArgs()
		base = base[:i] + n.typeArgs(args[min(len(args), receiverArgs(recv)):])
	}
	if user := n.users[fn]; user != nil {
		base += "#" + withoutPaths(n.funcName(user))
	}
	if recv != nil {
		return "(" + n.typeName(recv) + ")." + base
	}
	if pkg := packageOf(fn); pkg != nil {
		return pkg.Path() + "." + base
	}
	return base
}

// withoutPaths is a name with the last elements of its import paths alone.
func withoutPaths(name string) string {
	var out []byte
	for i := range len(name) {
		out = append(out, name[i])
		if name[i] == '/' {
			out = out[:bytes.LastIndexAny(out, "(*[], ")+1]
		}
	}
	return string(out)
}

// closureSuffix is `$1` for the first literal of its parent.
func closureSuffix(fn *ssa.Function) string {
	name := fn.Name()
	return name[strings.LastIndexByte(name, '$'):]
}

// receiverOf is the receiver of a method, a thunk or a bound method, or nil.
func receiverOf(fn *ssa.Function) types.Type {
	if recv := fn.Signature.Recv(); recv != nil {
		return recv.Type()
	}
	switch {
	case strings.HasSuffix(fn.Name(), "$thunk") && fn.Signature.Params().Len() > 0:
		return fn.Signature.Params().At(0).Type()
	case strings.HasSuffix(fn.Name(), "$bound") && len(fn.FreeVars) == 1:
		return fn.FreeVars[0].Type()
	}
	return nil
}

// isMadeForUse says whether a function is a thunk or a bound method.
func isMadeForUse(fn *ssa.Function) bool {
	return fn.Synthetic != "" && (strings.HasSuffix(fn.Name(), "$thunk") || strings.HasSuffix(fn.Name(), "$bound"))
}

// packageOf is the package whose source holds the function's body (of the origin for instances).
func packageOf(fn *ssa.Function) *types.Package {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if fn.Pkg != nil {
		return fn.Pkg.Pkg
	}
	if obj := fn.Object(); obj != nil {
		return obj.Pkg()
	}
	return nil
}

// instanceArgs is the outermost function's type arguments, for naming types local to an instance.
func instanceArgs(fn *ssa.Function) []types.Type {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if args := fn.TypeArgs(); len(args) > 0 {
		return args
	}
	return nil
}

// receiverArgs counts the type arguments of a receiver's type.
func receiverArgs(t types.Type) int {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.TypeArgs().Len()
	}
	return 0
}

func (n *namer) enter(fn *ssa.Function) { n.suffix = n.typeArgs(instanceArgs(fn)) }
