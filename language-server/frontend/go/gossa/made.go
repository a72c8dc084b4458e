package gossa

import (
	"go/ast"
	"go/token"
)

// addMade remembers for `x := make(…)`, `x = new(T)`, `x := T{…}` and `&T{…}` that what is made there
// is x's: go/ssa forgets the names of variables that it keeps in registers.
func (s *fileSpans) addMade(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) == len(n.Rhs) {
			for i, rhs := range n.Rhs {
				s.nameMade(rhs, lastName(n.Lhs[i]))
			}
		}
	case *ast.ValueSpec:
		if len(n.Names) == len(n.Values) {
			for i, value := range n.Values {
				s.nameMade(value, n.Names[i].Name)
			}
		}
	}
}

func (s *fileSpans) nameMade(value ast.Expr, name string) {
	if name == "" || name == "_" {
		return
	}
	switch v := ast.Unparen(value).(type) {
	case *ast.CallExpr:
		s.made[v.Lparen] = name
	case *ast.CompositeLit:
		s.made[v.Lbrace] = name
	case *ast.UnaryExpr:
		if v.Op == token.AND {
			s.nameMade(v.X, name)
		}
	}
}

func lastName(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// made is the name of the variable or field that what is made at pos is for, or "".
func (t *spanTable) made(pos token.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	source := t.source(pos)
	if source == nil {
		return ""
	}
	source.walkAt(pos)
	return source.made[pos]
}
