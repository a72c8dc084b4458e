package gossa

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
)

// cleaner takes what go/types could not type out of the syntax, since go/ssa is only defined for
// correct programs. It changes the syntax in place; the files are parsed again before they are
// checked again.
type cleaner struct {
	unit *unit
	info *types.Info
	// problems are the hard errors, by position.
	problems []types.Error
	reported []bool
	// tainted are the variables whose declaration was dropped.
	tainted map[types.Object]bool
}

// sanitize returns the files without their ill-typed parts; each dropped part becomes a gap.
func (l *loader) sanitize(u *unit, files []*ast.File, problems []types.Error) []*ast.File {
	c := &cleaner{unit: u, info: u.info, tainted: map[types.Object]bool{}}
	for _, p := range problems {
		if !p.Soft {
			c.problems = append(c.problems, p)
		}
	}
	if len(c.problems) == 0 && !brokenSyntax(u) {
		return files
	}
	sort.SliceStable(c.problems, func(i, j int) bool { return c.problems[i].Pos < c.problems[j].Pos })
	c.reported = make([]bool, len(c.problems))
	for _, f := range u.files {
		f.changed = true
	}
	c.files(files)
	for i, p := range c.problems {
		if !c.reported[i] {
			u.gaps = append(u.gaps, gap{l.extentAt(p.Pos), "does not type-check: " + p.Msg})
		}
	}
	return files
}

// files falls back to the declarations without bodies when the syntax is odder than expected.
func (c *cleaner) files(files []*ast.File) {
	defer func() {
		if reason := recover(); reason != nil {
			for _, decl := range bodies(files) {
				c.unit.dropBody(decl, reason)
			}
			c.info.InitOrder = nil
		}
	}()
	for _, file := range files {
		file.Decls = filter(file.Decls, c.decl)
	}
	c.initializers()
}

func brokenSyntax(u *unit) bool {
	for _, f := range u.files {
		if len(f.gaps) > 0 {
			return true
		}
	}
	return false
}

// extentAt is the syntax at the position of an error.
func (s *Session) extentAt(pos token.Pos) extent {
	if file := s.fset.File(pos); file != nil {
		if spans := s.fileOf(file); spans != nil {
			return spans.extentAt(pos)
		}
	}
	return extent{}
}

func filter[T any](list []T, keep func(T) bool) []T {
	out := list[:0]
	for _, item := range list {
		if keep(item) {
			out = append(out, item)
		}
	}
	return out
}

// drop records that a node is left out, with the first error in it for a reason.
func (c *cleaner) drop(n ast.Node) {
	reason := "does not type-check: uses what has no type"
	if i, ok := c.problemIn(n); ok {
		reason = "does not type-check: " + c.problems[i].Msg
		for ; i < len(c.problems) && c.problems[i].Pos < n.End(); i++ {
			c.reported[i] = true
		}
	}
	c.unit.gaps = append(c.unit.gaps, gap{extent{n.Pos(), n.End()}, reason})
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := c.info.Defs[id]; obj != nil {
				c.tainted[obj] = true
			}
		}
		return true
	})
}

// problemIn is the first hard error inside a node.
func (c *cleaner) problemIn(n ast.Node) (int, bool) {
	i := sort.Search(len(c.problems), func(i int) bool { return c.problems[i].Pos >= n.Pos() })
	return i, i < len(c.problems) && c.problems[i].Pos < n.End()
}

// decl reports whether a declaration stays in its file.
func (c *cleaner) decl(decl ast.Decl) bool {
	switch d := decl.(type) {
	case *ast.BadDecl:
		return false
	case *ast.GenDecl:
		ast.Inspect(d, c.literal)
	case *ast.FuncDecl:
		return c.function(d)
	}
	return true
}

func (c *cleaner) function(d *ast.FuncDecl) bool {
	obj, ok := c.info.Defs[d.Name].(*types.Func)
	if !ok {
		c.drop(d)
		return false
	}
	name := obj.Name()
	if d.Recv == nil && name != "_" && name != "init" && c.unit.types.Scope().Lookup(name) != obj {
		c.drop(d) // Declared twice; the first one counts.
		return false
	}
	if d.Body == nil {
		return true
	}
	if d.Recv != nil && c.bad(d.Recv) || d.Type.TypeParams != nil && c.bad(d.Type.TypeParams) {
		c.drop(d)
		d.Body = nil
		return true
	}
	// A parameter without a type does no harm once the statements that use it are gone.
	if c.bad(d.Type) {
		c.drop(d.Type)
	}
	c.block(d.Body)
	return true
}

// literal cleans the body of a function literal that it meets inside an expression.
func (c *cleaner) literal(n ast.Node) bool {
	lit, ok := n.(*ast.FuncLit)
	if !ok || lit.Body == nil {
		return true
	}
	c.block(lit.Body)
	return false
}

// initializers drops those of package variables that are ill-typed.
func (c *cleaner) initializers() {
	c.info.InitOrder = filter(c.info.InitOrder, func(init *types.Initializer) bool {
		if c.bad(init.Rhs) {
			c.drop(init.Rhs)
			return false
		}
		for _, v := range init.Lhs {
			if invalid(v.Type()) {
				return false
			}
		}
		return true
	})
}

// bad reports whether go/ssa could not build a node, its function literals' bodies apart.
func (c *cleaner) bad(n ast.Node) bool {
	bad := false
	ast.Inspect(n, func(n ast.Node) bool {
		if bad || n == nil {
			return false
		}
		if lit, ok := n.(*ast.FuncLit); ok {
			bad = bad || c.bad(lit.Type)
			return false
		}
		bad = c.badNode(n)
		return !bad
	})
	return bad || c.problemOutsideLiterals(n)
}

func (c *cleaner) problemOutsideLiterals(n ast.Node) bool {
	for i, ok := c.problemIn(n); ok && i < len(c.problems) && c.problems[i].Pos < n.End(); i++ {
		pos, inside := c.problems[i].Pos, false
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.FuncLit); ok && lit.Body != nil && lit.Body.Pos() <= pos && pos < lit.Body.End() {
				inside = true
			}
			return !inside
		})
		if !inside {
			return true
		}
	}
	return false
}

func (c *cleaner) badNode(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BadExpr, *ast.BadStmt, *ast.BadDecl:
		return true
	case *ast.Ident:
		return c.badIdent(n)
	case *ast.TypeAssertExpr:
		return n.Type != nil && c.untyped(n) // `x.(type)` has no type of its own.
	case *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr,
		*ast.UnaryExpr, *ast.BinaryExpr, *ast.CompositeLit, *ast.FuncType:
		return c.untyped(n.(ast.Expr))
	}
	return false
}

// badIdent: go/types has no entry at all for what it could not resolve.
func (c *cleaner) badIdent(id *ast.Ident) bool {
	if id.Name == "_" {
		return false
	}
	obj, used := c.info.Uses[id]
	if !used {
		var defined bool
		if obj, defined = c.info.Defs[id]; !defined {
			return true
		}
	}
	if obj == nil { // The package clause, or the variable of a type switch.
		return false
	}
	_, isPackage := obj.(*types.PkgName)
	_, isLabel := obj.(*types.Label)
	_, isBuiltin := obj.(*types.Builtin)
	_, isNil := obj.(*types.Nil)
	return c.tainted[obj] || !isPackage && !isLabel && !isBuiltin && !isNil && invalid(obj.Type())
}

func (c *cleaner) untyped(e ast.Expr) bool {
	tv, ok := c.info.Types[e]
	if !ok {
		if _, isType := e.(*ast.FuncType); isType {
			return false // Of a declaration: its names are looked at.
		}
		return true
	}
	return tv.Type != nil && invalid(tv.Type)
}

// invalid looks into composite types, but not into declared ones: those are checked on their own.
func invalid(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case nil:
		return true
	case *types.Basic:
		return t.Kind() == types.Invalid
	case *types.Named:
		if basic, ok := t.Underlying().(*types.Basic); ok {
			return basic.Kind() == types.Invalid
		}
	case *types.Pointer:
		return invalid(t.Elem())
	case *types.Slice:
		return invalid(t.Elem())
	case *types.Array:
		return invalid(t.Elem())
	case *types.Chan:
		return invalid(t.Elem())
	case *types.Map:
		return invalid(t.Key()) || invalid(t.Elem())
	case *types.Tuple:
		for i := range t.Len() {
			if invalid(t.At(i).Type()) {
				return true
			}
		}
	case *types.Signature:
		return invalid(t.Params()) || invalid(t.Results())
	}
	return false
}
