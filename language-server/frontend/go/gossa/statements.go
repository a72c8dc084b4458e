package gossa

import (
	"go/ast"
	"go/token"
	"go/types"
)

// block cleans the statements of a block in place.
func (c *cleaner) block(b *ast.BlockStmt) {
	if b != nil {
		c.list(&b.List)
	}
}

func (c *cleaner) list(list *[]ast.Stmt) {
	out := (*list)[:0]
	for _, s := range *list {
		if clean := c.stmt(s); clean != nil {
			out = append(out, clean)
		}
	}
	*list = out
}

// stmt returns what is left of a statement, nil for nothing. Whatever controls other statements
// stays, with `false` for a condition that cannot be typed: both ways remain in the flow graph.
func (c *cleaner) stmt(s ast.Stmt) ast.Stmt {
	switch s := s.(type) {
	case *ast.BlockStmt:
		c.block(s)
	case *ast.LabeledStmt:
		if s.Stmt = c.stmt(s.Stmt); s.Stmt == nil {
			s.Stmt = &ast.EmptyStmt{Semicolon: s.Colon, Implicit: true}
		}
	case *ast.IfStmt:
		c.ifStmt(s)
	case *ast.ForStmt:
		s.Init = c.optional(s.Init)
		if s.Cond != nil && c.bad(s.Cond) {
			s.Cond = c.never(s.Cond)
		}
		s.Post = c.optional(s.Post)
		c.block(s.Body)
	case *ast.RangeStmt:
		return c.rangeStmt(s)
	case *ast.SwitchStmt:
		c.switchStmt(s)
	case *ast.TypeSwitchStmt:
		s.Init = c.optional(s.Init)
		if c.bad(s.Assign) {
			c.drop(s)
			return nil
		}
		c.clauses(s.Body, func(e ast.Expr) bool { return !c.bad(e) })
	case *ast.SelectStmt:
		return c.selectStmt(s)
	case *ast.ReturnStmt:
		if c.leaf(s) == nil { // The way out stays; the results become zero values.
			return &ast.ReturnStmt{Return: s.Return}
		}
	default:
		return c.leaf(s)
	}
	return s
}

// leaf keeps a statement that can be typed; the bodies of its function literals are cleaned.
func (c *cleaner) leaf(s ast.Stmt) ast.Stmt {
	if c.bad(s) {
		c.drop(s)
		return nil
	}
	ast.Inspect(s, c.literal)
	return s
}

func (c *cleaner) optional(s ast.Stmt) ast.Stmt {
	if s == nil {
		return nil
	}
	return c.leaf(s)
}

// falseValue is what go/types records for a condition that is never true.
var falseValue, _ = types.Eval(token.NewFileSet(), nil, token.NoPos, "bool(false)")

func (c *cleaner) never(cond ast.Expr) ast.Expr {
	c.drop(cond)
	id := &ast.Ident{NamePos: cond.Pos(), Name: "false"}
	c.info.Types[id] = falseValue
	c.info.Uses[id] = types.Universe.Lookup("false")
	return id
}

func (c *cleaner) ifStmt(s *ast.IfStmt) {
	s.Init = c.optional(s.Init)
	if c.bad(s.Cond) {
		s.Cond = c.never(s.Cond)
	} else {
		ast.Inspect(s.Cond, c.literal)
	}
	c.block(s.Body)
	if s.Else != nil {
		s.Else = c.stmt(s.Else)
	}
}

func (c *cleaner) rangeStmt(s *ast.RangeStmt) ast.Stmt {
	bad := c.bad(s.X)
	for _, e := range []ast.Expr{s.Key, s.Value} {
		bad = bad || e != nil && c.bad(e)
	}
	if bad {
		for _, e := range []ast.Expr{s.Key, s.Value} {
			if e != nil {
				c.drop(e)
			}
		}
		loop := &ast.ForStmt{For: s.For, Cond: c.never(s.X), Body: s.Body}
		c.block(loop.Body)
		return loop
	}
	ast.Inspect(s.X, c.literal)
	c.block(s.Body)
	return s
}

func (c *cleaner) switchStmt(s *ast.SwitchStmt) {
	s.Init = c.optional(s.Init)
	if s.Tag == nil || !c.bad(s.Tag) {
		c.clauses(s.Body, func(e ast.Expr) bool { return !c.bad(e) })
		return
	}
	c.drop(s.Tag)
	s.Tag = nil
	for _, clause := range s.Body.List {
		if clause, ok := clause.(*ast.CaseClause); ok {
			for i, e := range clause.List {
				clause.List[i] = c.never(e)
			}
			c.list(&clause.Body)
		}
	}
}

// clauses drops expressions of cases, and cases that would become `default` without them.
func (c *cleaner) clauses(body *ast.BlockStmt, keep func(ast.Expr) bool) {
	body.List = filter(body.List, func(s ast.Stmt) bool {
		clause, ok := s.(*ast.CaseClause)
		if !ok {
			return false
		}
		before := len(clause.List)
		clause.List = filter(clause.List, keep)
		if before > 0 && len(clause.List) == 0 {
			c.drop(clause)
			return false
		}
		c.list(&clause.Body)
		return true
	})
}

func (c *cleaner) selectStmt(s *ast.SelectStmt) ast.Stmt {
	before := len(s.Body.List)
	s.Body.List = filter(s.Body.List, func(s ast.Stmt) bool {
		clause, ok := s.(*ast.CommClause)
		if !ok {
			return false
		}
		if clause.Comm != nil && c.bad(clause.Comm) {
			c.drop(clause)
			return false
		}
		c.list(&clause.Body)
		return true
	})
	if before > 0 && len(s.Body.List) == 0 {
		return nil // An empty select would block for ever.
	}
	return s
}
