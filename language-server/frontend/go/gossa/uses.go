package gossa

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"strings"
)

// How the methods of a type use what a value of it reaches, read from the syntax: which fields, through which of the
// receiver's, and with which locks. Branches are joined, loops are gone through once; it proposes callers and proves
// nothing, so where it is wrong a driver shows nothing.

// lockset are the locks that are held at a place, each for writing (true) or for readers alone.
type lockset map[*types.Var]bool

// keepsApart reports whether of two accesses under these locks one waits for the other.
func (a lockset) keepsApart(b lockset) bool {
	for lock, alone := range a {
		if other, ok := b[lock]; ok && (alone || other) {
			return true
		}
	}
	return false
}

// both are the locks that two ways to the same place hold.
func (a lockset) both(b lockset) lockset {
	out := lockset{}
	for lock, alone := range a {
		if other, ok := b[lock]; ok {
			out[lock] = alone && other
		}
	}
	return out
}

// with adds locks that the caller holds.
func (a lockset) with(b lockset) lockset {
	out := maps.Clone(a)
	for lock, alone := range b {
		out[lock] = out[lock] || alone
	}
	return out
}

type accessKind int

const (
	plainRead accessKind = iota
	plainWrite
	atomicRead
	atomicWrite
	sending
	closing
)

// access is one use of a field: of the receiver, or of what one of its fields leads to.
type access struct {
	// field is what is used; root is the receiver's field through which it is reached.
	field, root *types.Var
	kind        accessKind
	locks       lockset
	// stores: an element is put into a map, slice or list.
	stores bool
}

// helperCall is a call of another method on the same receiver.
type helperCall struct {
	fn    *types.Func
	locks lockset
}

// methodUse is how a method uses the receiver. What literals in it do counts where they are called in place.
type methodUse struct {
	// locks: it takes a lock of the receiver somewhere; waits: it may wait for something else.
	locks, waits bool
	accesses     []access
	calls        []helperCall
	// tasks are methods that goroutines started here run.
	tasks []*types.Func
	// gives are the receiver's maps and slices that are returned as they are.
	gives []*types.Var
}

// helpers answers which of the receiver's fields the result of a method is an element of.
type helpers func(fn *types.Func) *types.Var

type useWalker struct {
	unit    *unit
	use     *methodUse
	self    types.Object
	returns helpers
	locks   lockset
	// reached are local variables that hold something the receiver's field leads to.
	reached map[types.Object]*types.Var
	// result is what the first result returned leads back to.
	result *types.Var
}

// useOf walks one method, or a function that uses the package's variables as methods do the receiver's fields.
func useOf(u *unit, fn *ast.FuncDecl, returns helpers) (*methodUse, *types.Var) {
	use := &methodUse{}
	var self types.Object
	if fn.Recv != nil {
		if len(fn.Recv.List[0].Names) == 0 {
			return use, nil
		}
		self = u.info.Defs[fn.Recv.List[0].Names[0]]
	}
	w := &useWalker{u, use, self, returns, lockset{}, map[types.Object]*types.Var{}, nil}
	w.block(fn.Body.List)
	return use, w.result
}

// block walks statements in order and reports whether control leaves at their end.
func (w *useWalker) block(list []ast.Stmt) bool {
	for _, stmt := range list {
		if w.stmt(stmt) {
			return true
		}
	}
	return false
}

func (w *useWalker) stmt(stmt ast.Stmt) (leaves bool) {
	switch s := stmt.(type) {
	case *ast.BlockStmt:
		return w.block(s.List)
	case *ast.LabeledStmt:
		return w.stmt(s.Stmt)
	case *ast.ExprStmt:
		w.expr(s.X)
		return isPanic(s.X)
	case *ast.SendStmt:
		w.use.waits = true
		w.expr(s.Value)
		w.channel(s.Chan, sending)
	case *ast.IncDecStmt:
		w.write(s.X, nil)
	case *ast.AssignStmt:
		w.assign(s)
	case *ast.DeclStmt:
		ast.Inspect(s, w.visit)
	case *ast.GoStmt:
		w.task(s.Call)
	case *ast.DeferStmt:
		w.deferred(s.Call)
	case *ast.ReturnStmt:
		w.returned(s.Results)
		return true
	case *ast.BranchStmt:
		return true
	case *ast.IfStmt:
		w.ifStmt(s)
	case *ast.ForStmt:
		w.loop(s.Init, s.Cond, s.Post, s.Body)
	case *ast.RangeStmt:
		w.rangeStmt(s)
	case *ast.SwitchStmt:
		w.optional(s.Init)
		w.expr(s.Tag)
		w.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		w.optional(s.Init)
		w.stmt(s.Assign)
		w.clauses(s.Body)
	case *ast.SelectStmt:
		w.use.waits = w.use.waits || !hasDefault(s)
		before := w.use.waits
		w.clauses(s.Body)
		w.use.waits = before
	}
	return false
}

func (w *useWalker) optional(stmt ast.Stmt) {
	if stmt != nil {
		w.stmt(stmt)
	}
}

func (w *useWalker) ifStmt(s *ast.IfStmt) {
	w.optional(s.Init)
	w.expr(s.Cond)
	before := w.locks
	thenLeaves := w.block(s.Body.List)
	then := w.locks
	w.locks = before
	elseLeaves := s.Else != nil && w.stmt(s.Else)
	switch {
	case thenLeaves:
	case elseLeaves:
		w.locks = then
	default:
		w.locks = w.locks.both(then)
	}
}

func (w *useWalker) loop(init ast.Stmt, cond ast.Expr, post ast.Stmt, body *ast.BlockStmt) {
	w.optional(init)
	w.expr(cond)
	before := w.locks
	if w.block(body.List) {
		w.locks = before
	}
	w.optional(post)
	w.locks = w.locks.both(before)
}

func (w *useWalker) rangeStmt(s *ast.RangeStmt) {
	w.expr(s.X)
	if isChannel(w.unit.info.TypeOf(s.X)) {
		w.use.waits = true
	} else if field, root := w.field(s.X), w.root(s.X); root != nil {
		w.note(field, root, plainRead, false)
		if s.Value != nil {
			w.reach(s.Value, root)
		}
	}
	w.loop(nil, nil, nil, s.Body)
}

func (w *useWalker) clauses(body *ast.BlockStmt) {
	before, after := w.locks, lockset(nil)
	for _, clause := range body.List {
		w.locks = before
		var leaves bool
		switch c := clause.(type) {
		case *ast.CaseClause:
			for _, it := range c.List {
				w.expr(it)
			}
			leaves = w.block(c.Body)
		case *ast.CommClause:
			w.optional(c.Comm)
			leaves = w.block(c.Body)
		}
		if !leaves && after == nil {
			after = w.locks
		} else if !leaves {
			after = after.both(w.locks)
		}
	}
	w.locks = before
	if after != nil {
		w.locks = before.both(after)
		if len(body.List) > 0 && alwaysOneOf(body) {
			w.locks = after
		}
	}
}

func (w *useWalker) assign(s *ast.AssignStmt) {
	for _, value := range s.Rhs {
		w.expr(value)
	}
	for i, target := range s.Lhs {
		value := s.Rhs[min(i, len(s.Rhs)-1)]
		if id, ok := ast.Unparen(target).(*ast.Ident); ok && w.global(id) == nil {
			if root := w.root(value); root != nil && (i == 0 || len(s.Rhs) > 1) {
				w.reach(id, root)
			}
			continue
		}
		if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
			w.expr(target)
		}
		w.write(target, value)
		// What is put into the value can be reached from there on.
		if id, ok := ast.Unparen(value).(*ast.Ident); ok {
			if root := w.root(target); root != nil {
				w.reach(id, root)
			}
		}
	}
}

// global is the package's variable that an identifier names, or nil: where there is no receiver, what functions use.
func (w *useWalker) global(id *ast.Ident) *types.Var {
	variable, ok := w.unit.info.ObjectOf(id).(*types.Var)
	if !ok || w.self != nil || variable.Parent() != w.unit.types.Scope() {
		return nil
	}
	return variable
}

// reach notes that a local variable holds a reference to what the receiver's field leads to.
func (w *useWalker) reach(target ast.Expr, root *types.Var) {
	id, ok := target.(*ast.Ident)
	if !ok {
		return
	}
	obj := w.unit.info.ObjectOf(id)
	if obj == nil || obj == w.self {
		return
	}
	switch obj.Type().Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Interface, *types.Chan:
		w.reached[obj] = root
	}
}

func (w *useWalker) returned(results []ast.Expr) {
	for i, result := range results {
		w.expr(result)
		root := w.root(result)
		if root == nil {
			continue
		}
		if i == 0 {
			w.result = root
		}
		switch w.unit.info.TypeOf(result).Underlying().(type) {
		case *types.Map, *types.Slice:
			if field := w.field(result); field != nil && i == 0 && len(results) == 1 {
				w.use.gives = append(w.use.gives, field)
			}
		}
	}
}

// task notes a goroutine that is started: what it does says nothing of who may call the method.
func (w *useWalker) task(call *ast.CallExpr) {
	for _, arg := range call.Args {
		w.expr(arg)
	}
	w.use.tasks = append(w.use.tasks, namedIn(w.unit, call)...)
}

// deferred walks a literal in place; what else is deferred runs with the locks of its place.
func (w *useWalker) deferred(call *ast.CallExpr) {
	before := w.locks
	if fn := w.called(call); fn == nil || lockOperation(fn) == "" {
		w.expr(call)
	}
	w.locks = before
}

func (w *useWalker) expr(e ast.Expr) {
	if e != nil {
		ast.Inspect(e, w.visit)
	}
}

func (w *useWalker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		return false // Runs whenever whoever has it likes.
	case *ast.UnaryExpr:
		w.use.waits = w.use.waits || n.Op == token.ARROW
	case *ast.CallExpr:
		return w.call(n)
	case *ast.Ident:
		if global := w.global(n); global != nil {
			w.note(global, global, plainRead, false)
		}
	case *ast.SelectorExpr:
		if field := w.selected(n); field != nil {
			w.note(field, w.root(n), plainRead, false)
		}
	}
	return true
}

// call reports whether what stands in the call is still to be walked.
func (w *useWalker) call(call *ast.CallExpr) bool {
	if literal, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		for _, arg := range call.Args {
			w.expr(arg)
		}
		w.block(literal.Body.List)
		return false
	}
	if id, ok := call.Fun.(*ast.Ident); ok {
		if _, builtin := w.unit.info.Uses[id].(*types.Builtin); builtin && len(call.Args) > 0 {
			w.builtin(id.Name, call)
		}
		if fn, ok := w.unit.info.Uses[id].(*types.Func); ok && w.self == nil {
			w.use.calls = append(w.use.calls, helperCall{fn.Origin(), w.locks})
		}
		return true
	}
	fn := w.called(call)
	if fn == nil {
		return true
	}
	sel, isMethod := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if op := lockOperation(fn); op != "" && isMethod {
		w.lock(sel, op)
		return false
	}
	if fn.Name() == "Wait" {
		w.use.waits = true
	}
	if w.self != nil && isMethod && w.isSelf(sel.X) {
		w.use.calls = append(w.use.calls, helperCall{fn.Origin(), w.locks})
		return true
	}
	return w.foreign(fn, sel, call)
}

// builtin notes what changes its argument.
func (w *useWalker) builtin(name string, call *ast.CallExpr) {
	switch name {
	case "delete", "clear", "copy":
		if root := w.root(call.Args[0]); root != nil {
			w.note(w.field(call.Args[0]), root, plainWrite, false)
		}
	case "close":
		w.channel(call.Args[0], closing)
	}
}

// mutating are methods of the standard library that change their receiver and do not lock.
var mutating = regexp.MustCompile(`^\(\*(container/list\.List\)\.(Push|Insert|Move|Remove|Init)|container/ring\.|bytes\.Buffer\)\.(Write|Read|Reset|Truncate|Next)|strings\.Builder\)\.(Write|Reset)|math/rand\.Rand\)|bufio\.)`)

// foreign notes what functions of the standard library do to what they are given.
func (w *useWalker) foreign(fn *types.Func, sel *ast.SelectorExpr, call *ast.CallExpr) bool {
	if fn.Pkg() == nil {
		return true
	}
	if mutating.MatchString(fn.FullName()) {
		if root := w.root(sel.X); root != nil {
			w.note(w.field(sel.X), root, plainWrite, strings.HasPrefix(fn.Name(), "Push"))
		}
		return true
	}
	if len(call.Args) == 0 {
		return true
	}
	root := w.root(call.Args[0])
	switch path := fn.Pkg().Path(); {
	case path == "sync/atomic" && root != nil && fn.Signature().Recv() == nil:
		kind := atomicWrite
		if strings.HasPrefix(fn.Name(), "Load") {
			kind = atomicRead
		}
		w.note(w.field(call.Args[0]), root, kind, false)
		for _, arg := range call.Args[1:] {
			w.expr(arg)
		}
		return false
	case (path == "sort" || path == "slices") && sortsInPlace.MatchString(fn.Name()) && root != nil:
		w.note(w.field(call.Args[0]), root, plainWrite, false)
	}
	return true
}

var sortsInPlace = regexp.MustCompile(`^(Sort|Stable|Slice|SliceStable|Strings|Ints|Float64s|SortFunc|SortStableFunc|Reverse)$`)

// write notes what an assignment changes.
func (w *useWalker) write(target, value ast.Expr) {
	target = ast.Unparen(target)
	if id, ok := target.(*ast.Ident); ok && w.global(id) == nil {
		return
	}
	root := w.root(target)
	if root == nil {
		return
	}
	isElement := false
	switch e := target.(type) {
	case *ast.IndexExpr:
		isElement = true
		w.expr(e.X)
		w.expr(e.Index)
	case *ast.SelectorExpr:
		w.expr(e.X)
	}
	w.note(w.field(target), root, plainWrite, isElement || isAppended(value))
}

func (w *useWalker) channel(ch ast.Expr, kind accessKind) {
	if root := w.root(ch); root != nil {
		field := w.field(ch)
		w.use.accesses = append(w.use.accesses, access{field, root, kind, w.locks, false})
	}
}

func (w *useWalker) note(field, root *types.Var, kind accessKind, stores bool) {
	if root == nil || field == nil || kind < atomicRead && synchronises(field.Type()) {
		return
	}
	w.use.accesses = append(w.use.accesses, access{field, root, kind, w.locks, stores})
}

func (w *useWalker) lock(sel *ast.SelectorExpr, op string) {
	lock, own := w.lockOf(sel)
	if lock == nil {
		return
	}
	w.use.locks = w.use.locks || own
	w.locks = maps.Clone(w.locks)
	switch op {
	case "Lock", "TryLock":
		w.locks[lock] = true
	case "RLock", "TryRLock", "RLocker":
		w.locks[lock] = w.locks[lock]
	case "Unlock", "RUnlock":
		delete(w.locks, lock)
	}
}
