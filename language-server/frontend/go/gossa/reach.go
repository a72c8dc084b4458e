package gossa

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Which of the receiver's fields an expression leads back to, and which lock it names.

// lockOf is the variable or field that a mutex's method is called on, and whether it belongs to the receiver itself.
func (w *useWalker) lockOf(sel *ast.SelectorExpr) (*types.Var, bool) {
	own := w.isSelf(sel.X)
	if selection := w.unit.info.Selections[sel]; selection != nil && len(selection.Index()) > 1 {
		path := fieldsOn(selection.Recv(), selection.Index()[:len(selection.Index())-1])
		slices.Reverse(path)
		return firstOf(path), own
	}
	switch x := ast.Unparen(sel.X).(type) {
	case *ast.Ident:
		lock, _ := w.unit.info.Uses[x].(*types.Var)
		return lock, w.global(x) != nil
	case *ast.SelectorExpr:
		if selection := w.unit.info.Selections[x]; selection != nil {
			if field, ok := selection.Obj().(*types.Var); ok {
				return field.Origin(), w.isSelf(x.X)
			}
		}
		lock, _ := w.unit.info.Uses[x.Sel].(*types.Var)
		return lock, false
	}
	return nil, false
}

// isSelf: the expression is the receiver, or where there is none a variable of the package.
func (w *useWalker) isSelf(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if ok && w.self == nil {
		return w.global(id) != nil
	}
	return ok && w.unit.info.Uses[id] == w.self
}

// selected is the field that a selector names, or nil.
func (w *useWalker) selected(sel *ast.SelectorExpr) *types.Var {
	selection := w.unit.info.Selections[sel]
	if selection == nil || selection.Kind() != types.FieldVal {
		return nil
	}
	return selection.Obj().(*types.Var).Origin()
}

// field is what a use of an expression is counted for: the last field named on the way to it.
func (w *useWalker) field(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		return w.selected(e)
	case *ast.IndexExpr:
		return w.field(e.X)
	case *ast.SliceExpr:
		return w.field(e.X)
	case *ast.StarExpr:
		return w.field(e.X)
	case *ast.UnaryExpr:
		return w.field(e.X)
	}
	return w.root(e)
}

// root is the receiver's field through which an expression is reached, or nil.
func (w *useWalker) root(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if global := w.global(e); global != nil {
			return global
		}
		return w.reached[w.unit.info.ObjectOf(e)]
	case *ast.SelectorExpr:
		selection := w.unit.info.Selections[e]
		if selection == nil || selection.Kind() != types.FieldVal {
			return nil
		}
		if w.self != nil && w.isSelf(e.X) {
			return firstOf(fieldsOn(selection.Recv(), selection.Index()))
		}
		return w.root(e.X)
	case *ast.IndexExpr:
		return w.root(e.X)
	case *ast.SliceExpr:
		return w.root(e.X)
	case *ast.StarExpr:
		return w.root(e.X)
	case *ast.TypeAssertExpr:
		return w.root(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return w.root(e.X)
		}
	case *ast.CallExpr:
		return w.rootOfCall(e)
	}
	return nil
}

func (w *useWalker) rootOfCall(call *ast.CallExpr) *types.Var {
	if tv := w.unit.info.Types[call.Fun]; tv.IsType() && len(call.Args) == 1 {
		return w.root(call.Args[0])
	}
	if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "append" && len(call.Args) > 0 {
		return w.root(call.Args[0])
	}
	fn := w.called(call)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	switch {
	case fn == nil || !ok:
		return nil
	case w.self != nil && w.isSelf(sel.X):
		return w.returns(fn.Origin())
	case fn.Pkg() != nil && fn.Pkg().Path() == "container/list":
		return w.root(sel.X)
	}
	return nil
}

// called is the method or function of a package that a call names, or nil.
func (w *useWalker) called(call *ast.CallExpr) *types.Func {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	fn, _ := w.unit.info.Uses[sel.Sel].(*types.Func)
	return fn
}

// lockOperation is the name of a mutex's method, "" for other functions.
func lockOperation(fn *types.Func) string {
	name := fn.FullName()
	for _, mutex := range []string{"(*sync.Mutex).", "(*sync.RWMutex)."} {
		if op, ok := strings.CutPrefix(name, mutex); ok {
			return op
		}
	}
	return ""
}

// fieldsOn are the fields that a path of indices goes through.
func fieldsOn(t types.Type, path []int) []*types.Var {
	var fields []*types.Var
	for _, index := range path {
		if pointer, ok := t.Underlying().(*types.Pointer); ok {
			t = pointer.Elem()
		}
		shape, ok := t.Underlying().(*types.Struct)
		if !ok {
			break
		}
		fields = append(fields, shape.Field(index))
		t = shape.Field(index).Type()
	}
	return fields
}

func firstOf(fields []*types.Var) *types.Var {
	if len(fields) == 0 {
		return nil
	}
	return fields[0].Origin()
}

func synchronises(t types.Type) bool {
	if isChannel(t) {
		return true
	}
	name := strings.TrimPrefix(t.String(), "*")
	return strings.HasPrefix(name, "sync.") || strings.HasPrefix(name, "sync/atomic.")
}

func isChannel(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// isAppended: the value is a slice with something behind what was in it.
func isAppended(value ast.Expr) bool {
	call, ok := value.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	_, isPart := call.Args[0].(*ast.SliceExpr)
	return ok && id.Name == "append" && !isPart
}

func isPanic(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "panic"
}

func hasDefault(s *ast.SelectStmt) bool {
	for _, clause := range s.Body.List {
		if clause.(*ast.CommClause).Comm == nil {
			return true
		}
	}
	return false
}

// alwaysOneOf reports whether one of the clauses is certainly chosen.
func alwaysOneOf(body *ast.BlockStmt) bool {
	for _, clause := range body.List {
		switch c := clause.(type) {
		case *ast.CommClause:
			return true
		case *ast.CaseClause:
			if c.List == nil {
				return true
			}
		}
	}
	return false
}
