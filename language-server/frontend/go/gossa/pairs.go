package gossa

import (
	"go/ast"
	"go/types"
	"regexp"
	"sort"
	"strings"
)

// methodPair are two methods of a type that conflict: the first changes something under the type's
// lock that the second uses without.
type methodPair struct {
	typ           *types.TypeName
	first, second *types.Func
}

// fieldUse is how a method, with what it calls on the same receiver, uses the receiver's fields.
type fieldUse struct {
	// locks: it takes a lock of the receiver somewhere, for readers alone or for itself.
	locks, onlyReads bool
	reads, writes    map[*types.Var]bool
	calls            []*types.Func
}

// lockOwner is a type with a lock and the use its methods make of the fields.
type lockOwner struct {
	typ   *types.TypeName
	uses  map[*types.Func]*fieldUse
	order []*types.Func
}

// notShared is what authors write where only one goroutine may call.
var notShared = regexp.MustCompile(
	`(?i)not (be )?(safe|thread|goroutine|concurren|called concurren)|unsafe for concurrent|must hold|must be held|` +
		`caller (must|should)|(called|used|invoked) (once|before|only)|before (use|using|calling|starting|any)|for test`)

// quietNames are methods that are called while a value is set up or looked at by somebody who debugs.
var quietNames = regexp.MustCompile(`^(String|GoString|Format|Init|Setup|Reset|Close|Shutdown|Set[A-Z].*|With[A-Z].*|.*Locked|.*Unsafe|.*NoLock)$`)

// methodPairs are those of all exported types of the package, in the order of the source.
func methodPairs(u *unit) []methodPair {
	var pairs []methodPair
	for _, owner := range lockOwners(u) {
		var open []*types.Func
		for _, fn := range owner.order {
			if fn.Exported() {
				open = append(open, fn)
			}
		}
		for _, first := range open {
			for _, second := range open {
				if owner.conflict(first, second) {
					pairs = append(pairs, methodPair{owner.typ, first, second})
				}
			}
		}
	}
	return pairs
}

func (o *lockOwner) conflict(first, second *types.Func) bool {
	a, b := o.whole(first), o.whole(second)
	if !a.locks || a.onlyReads && first != second {
		return false
	}
	for field := range a.writes {
		switch {
		case a.onlyReads && first == second:
			return true
		case !b.locks && (b.reads[field] || b.writes[field]):
			return !quietNames.MatchString(second.Name())
		}
	}
	return false
}

// whole is what a method does together with those it calls on its receiver.
func (o *lockOwner) whole(fn *types.Func) *fieldUse {
	all := &fieldUse{reads: map[*types.Var]bool{}, writes: map[*types.Var]bool{}, onlyReads: true}
	seen := map[*types.Func]bool{}
	var add func(fn *types.Func)
	add = func(fn *types.Func) {
		use := o.uses[fn]
		if seen[fn] || use == nil {
			return
		}
		seen[fn] = true
		if use.locks {
			all.locks = true
			all.onlyReads = all.onlyReads && use.onlyReads
		}
		for field := range use.reads {
			all.reads[field] = true
		}
		for field := range use.writes {
			all.writes[field] = true
		}
		for _, callee := range use.calls {
			add(callee)
		}
	}
	add(fn)
	return all
}

// lockOwners are the exported, plain struct types with a lock that a method of theirs takes.
func lockOwners(u *unit) []*lockOwner {
	owners := map[*types.TypeName]*lockOwner{}
	quiet := quietTypes(u)
	for _, file := range u.syntax {
		if strings.HasSuffix(u.fileName(file), "_test.go") {
			continue
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Body == nil || len(fn.Recv.List) != 1 {
				continue
			}
			obj, ok := u.info.Defs[fn.Name].(*types.Func)
			typ := receiverType(obj)
			if !ok || typ == nil || quiet[typ] || lockFields(typ) == nil {
				continue
			}
			owner := owners[typ]
			if owner == nil {
				owner = &lockOwner{typ: typ, uses: map[*types.Func]*fieldUse{}}
				owners[typ] = owner
			}
			owner.uses[obj] = useOf(u, fn, typ)
			if !notShared.MatchString(fn.Doc.Text()) {
				owner.order = append(owner.order, obj)
			}
		}
	}
	var out []*lockOwner
	for _, owner := range owners {
		out = append(out, owner)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].typ.Pos() < out[j].typ.Pos() })
	return out
}

// quietTypes are those whose documentation says that one goroutine uses them.
func quietTypes(u *unit) map[*types.TypeName]bool {
	quiet := map[*types.TypeName]bool{}
	for _, file := range u.syntax {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					text := gen.Doc.Text() + spec.Doc.Text()
					if obj, ok := u.info.Defs[spec.Name].(*types.TypeName); ok && notShared.MatchString(text) {
						quiet[obj] = true
					}
				}
			}
		}
	}
	return quiet
}

// receiverType is the exported struct that a method with a pointer receiver is of, or nil.
func receiverType(fn *types.Func) *types.TypeName {
	if fn == nil || fn.Signature().Recv() == nil {
		return nil
	}
	pointer, ok := types.Unalias(fn.Signature().Recv().Type()).(*types.Pointer)
	if !ok {
		return nil
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	if !ok || named.TypeParams().Len() > 0 || !named.Obj().Exported() {
		return nil
	}
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return nil
	}
	return named.Obj()
}

// lockFields are the mutexes that a struct holds by value, nil when it holds none.
func lockFields(typ *types.TypeName) map[*types.Var]bool {
	var locks map[*types.Var]bool
	shape := typ.Type().Underlying().(*types.Struct)
	for i := range shape.NumFields() {
		switch shape.Field(i).Type().String() {
		case "sync.Mutex", "sync.RWMutex":
			if locks == nil {
				locks = map[*types.Var]bool{}
			}
			locks[shape.Field(i)] = true
		}
	}
	return locks
}

// useOf walks one method. What function literals in it do counts as done by it.
func useOf(u *unit, fn *ast.FuncDecl, typ *types.TypeName) *fieldUse {
	use := &fieldUse{reads: map[*types.Var]bool{}, writes: map[*types.Var]bool{}, onlyReads: true}
	if len(fn.Recv.List[0].Names) == 0 {
		return use
	}
	self := u.info.Defs[fn.Recv.List[0].Names[0]]
	w := useWalker{u, use, self, lockFields(typ), map[*ast.SelectorExpr]bool{}, map[*ast.FuncLit]bool{}}
	ast.Inspect(fn.Body, w.visit)
	return use
}

type useWalker struct {
	unit    *unit
	use     *fieldUse
	self    types.Object
	locks   map[*types.Var]bool
	written map[*ast.SelectorExpr]bool
	// inPlace are literals that are called where they are made; others run whenever whoever has them likes.
	inPlace map[*ast.FuncLit]bool
}

func (w *useWalker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, target := range n.Lhs {
			w.write(target)
		}
	case *ast.IncDecStmt:
		w.write(n.X)
	case *ast.GoStmt:
		return false // What another goroutine does says nothing of who may call the method.
	case *ast.FuncLit:
		return w.inPlace[n]
	case *ast.CallExpr:
		if literal, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
			w.inPlace[literal] = true
		}
		w.call(n)
	case *ast.SelectorExpr:
		if field := w.field(n); field != nil && !w.written[n] {
			w.use.reads[field] = true
		}
	}
	return true
}

// write notes a field of the receiver that an assignment changes: itself, an element of it, a part.
func (w *useWalker) write(target ast.Expr) {
	for {
		switch e := ast.Unparen(target).(type) {
		case *ast.IndexExpr:
			target = e.X
			continue
		case *ast.SelectorExpr:
			if field := w.field(e); field != nil {
				w.use.writes[field] = true
				w.written[e] = true
				return
			}
			if _, isPointer := w.unit.info.TypeOf(e.X).Underlying().(*types.Pointer); isPointer {
				return
			}
			target = e.X
			continue
		}
		return
	}
}

func (w *useWalker) call(call *ast.CallExpr) {
	if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "delete" && len(call.Args) > 0 {
		w.write(call.Args[0])
		return
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	fn, ok := w.unit.info.Uses[sel.Sel].(*types.Func)
	if !ok {
		return
	}
	if id, ok := sel.X.(*ast.Ident); ok && w.unit.info.Uses[id] == w.self && w.self != nil {
		w.use.calls = append(w.use.calls, fn)
	}
	switch fn.FullName() {
	case "(*sync.Mutex).Lock", "(*sync.RWMutex).Lock", "(*sync.Mutex).TryLock", "(*sync.RWMutex).TryLock":
		w.lock(false)
	case "(*sync.RWMutex).RLock", "(*sync.RWMutex).TryRLock", "(*sync.RWMutex).RLocker":
		w.lock(true)
	}
}

func (w *useWalker) lock(reading bool) {
	w.use.locks = true
	w.use.onlyReads = w.use.onlyReads && reading
}

// field is the receiver's plain field that an expression names, or nil. Those that synchronise by
// themselves are not plain.
func (w *useWalker) field(sel *ast.SelectorExpr) *types.Var {
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok || w.self == nil || w.unit.info.Uses[id] != w.self {
		return nil
	}
	selection := w.unit.info.Selections[sel]
	if selection == nil || selection.Kind() != types.FieldVal || len(selection.Index()) != 1 {
		return nil
	}
	field := selection.Obj().(*types.Var)
	if w.locks[field] || synchronises(field.Type()) {
		return nil
	}
	return field
}

func synchronises(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Chan); ok {
		return true
	}
	name := strings.TrimPrefix(t.String(), "*")
	return strings.HasPrefix(name, "sync.") || strings.HasPrefix(name, "sync/atomic.")
}
