package gossa

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// locator finds the span of each instruction of one function, also of those to which go/ssa gives
// no position.
type locator struct {
	spans    *spanTable
	function int
	// end is the closing brace, where a function without `return` ends.
	end int
	// loops are the headers of the range statements by the block of their body.
	loops map[*ssa.BasicBlock]int
}

func newLocator(x *exporter, fn *ssa.Function) *locator {
	l := &locator{spans: x.spans, function: x.spans.at(fn.Pos())}
	body := bodyOf(fn.Syntax())
	if body == nil {
		return l
	}
	if body.Rbrace.IsValid() {
		l.end = x.spans.of(extent{body.Rbrace, body.Rbrace + 1})
	}
	l.findLoops(fn, body)
	return l
}

func bodyOf(syntax ast.Node) *ast.BlockStmt {
	switch n := syntax.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	}
	return nil
}

// findLoops pairs the blocks that go/ssa makes for range statements with the statements, which
// both come in the order of the source. Where dead code spoils the count there are no pairs.
func (l *locator) findLoops(fn *ssa.Function, body *ast.BlockStmt) {
	var blocks []*ssa.BasicBlock
	for _, b := range fn.Blocks {
		if strings.HasPrefix(b.Comment, "range") && strings.HasSuffix(b.Comment, ".body") {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) == 0 {
		return
	}
	overFunc := map[token.Pos]bool{}
	for _, anon := range fn.AnonFuncs {
		if anon.Synthetic != "" {
			overFunc[anon.Pos()] = true
		}
	}
	var headers []extent
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.RangeStmt:
			if overFunc[n.Range] {
				ast.Inspect(n.X, visit)
				return false
			}
			headers = append(headers, extent{n.For, n.X.End()})
		}
		return true
	}
	ast.Inspect(body, visit)
	if len(headers) != len(blocks) {
		return
	}
	l.loops = map[*ssa.BasicBlock]int{}
	for i, b := range blocks {
		l.loops[b] = l.spans.of(headers[i])
	}
}

// span is the place of an instruction, 0 when it has none in the source.
func (l *locator) span(instr ssa.Instruction) int {
	if at := l.element(instr); at != 0 {
		return at
	}
	if at := l.spans.at(instr.Pos()); at != 0 {
		return at
	}
	switch i := instr.(type) {
	case *ssa.UnOp:
		return l.load(i)
	case *ssa.Store:
		return l.first(l.of(i.Addr), l.of(i.Val), l.function)
	case *ssa.Return:
		return l.end
	case *ssa.RunDefers:
		if last, ok := i.Block().Instrs[len(i.Block().Instrs)-1].(*ssa.Return); ok {
			return l.span(last)
		}
		return l.end
	case *ssa.Next:
		return l.of(i.Iter)
	case *ssa.MakeClosure:
		return l.spans.at(i.Fn.Pos())
	case *ssa.MakeInterface:
		return l.of(i.X)
	case ssa.CallInstruction:
		if _, builtin := i.Common().Value.(*ssa.Builtin); !builtin {
			return l.function
		}
	}
	return 0
}

// element is the header of the loop for the access to the element in `for _, x := range list`:
// go/ssa gives it no position, or that of the list's declaration.
func (l *locator) element(instr ssa.Instruction) int {
	at := l.loops[instr.Block()]
	if at == 0 || !strings.HasPrefix(instr.Block().Comment, "rangeindex") {
		return 0
	}
	for _, candidate := range instr.Block().Instrs {
		switch c := candidate.(type) {
		case *ssa.IndexAddr:
			load, _ := instr.(*ssa.UnOp)
			if !isRangeIndex(c.Index) || instr != candidate && (load == nil || load.X != c) {
				return 0
			}
			return at
		case *ssa.Index:
			if !isRangeIndex(c.Index) || instr != candidate {
				return 0
			}
			return at
		}
	}
	return 0
}

// isRangeIndex reports whether a value is the counter that go/ssa makes for a range statement.
func isRangeIndex(v ssa.Value) bool {
	sum, ok := v.(*ssa.BinOp)
	return ok && !sum.Pos().IsValid() && sum.Op == token.ADD
}

// load places a read: results are read by their return, everything else where its address is.
func (l *locator) load(i *ssa.UnOp) int {
	if i.Op != token.MUL {
		return 0
	}
	users := i.Referrers()
	if users != nil {
		for _, user := range *users {
			if ret, ok := user.(*ssa.Return); ok {
				return l.span(ret)
			}
		}
	}
	if at := l.of(i.X); at != 0 {
		return at
	}
	if users != nil {
		for _, user := range *users {
			if at := l.spans.at(user.Pos()); at != 0 {
				return at
			}
		}
	}
	return l.first(l.spans.at(i.X.Pos()), l.function)
}

// of is the place of the instruction that makes a value.
func (l *locator) of(v ssa.Value) int {
	if instr, ok := v.(ssa.Instruction); ok {
		if at := l.element(instr); at != 0 {
			return at
		}
		return l.spans.at(instr.Pos())
	}
	if param, ok := v.(*ssa.Parameter); ok {
		return l.spans.at(param.Pos())
	}
	return 0
}

func (l *locator) first(spans ...int) int {
	for _, at := range spans {
		if at != 0 {
			return at
		}
	}
	return 0
}
