package gossa

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// methodPair are two methods of a type that conflict: what one changes the other uses, and no lock keeps the two apart.
type methodPair struct {
	// typ is nil of two functions.
	typ *types.TypeName
	// makers are the exported functions that give a value of the type.
	makers        []*types.Func
	first, second *types.Func
	// fills are called before, so that there is something to meet at.
	fills []*types.Func
	// looks: what the second returns is part of the value, and is looked at.
	looks bool
	// rehearsed: it is about channels that are closed too early, so that one after the other must be fine.
	rehearsed bool
}

// owner is a type whose methods several goroutines may call, and the use they make of it.
type owner struct {
	// typ is nil of the package's functions.
	typ *types.TypeName
	// shared: its documentation says so; else it has a lock that a method takes, or fields that are used atomically.
	shared bool
	uses   map[*types.Func]*methodUse
	whole  map[*types.Func]*methodUse
	order  []*types.Func
	// makers are the exported functions that give a value of it.
	makers []*types.Func
	// tasks is what goroutines do that constructors and methods start.
	tasks *methodUse
}

// notShared is what authors write where only one goroutine may call.
var notShared = regexp.MustCompile(
	`(?i)(not|n't) (be )?(safe|thread|goroutine|concurren|called concurren)|non[- ]?(thread|goroutine|concurren)|unsafe for concurrent|must hold|must be held|\+checklocks|` +
		`caller (must|should)|(called|used|invoked) (once|before|only)|before (use|using|calling|starting|any)|for test`)

// saidShared is what they write where many may.
var saidShared = regexp.MustCompile(
	`(?i)safe for (concurrent|parallel|simultaneous)|(goroutine|thread|concurrency)[- ]safe|(several|many|multiple) goroutines|(be|are) (called|used) concurrently`)

// quietNames are methods that are called while a value is set up or looked at by somebody who debugs.
var quietNames = regexp.MustCompile(`^(String|GoString|Format|Init|Setup|Reset|Close|Shutdown|Set[A-Z].*|With[A-Z].*|.*Locked|.*Unsafe|.*NoLock)$`)

// settingUp are methods that are called before others may be there, even where the documentation lets many goroutines in.
var settingUp = regexp.MustCompile(`^(Init|Setup|Close|Shutdown|With[A-Z].*|.*Locked|.*Unsafe|.*NoLock)$`)

// pairsOfOne is how often one method is called beside others because of what it does by itself.
const pairsOfOne = 3

// mostFills is how many methods fill a value before two others meet at it.
const mostFills = 2

// methodPairs are those of all types of the package, in the order of the source.
func methodPairs(u *unit) []methodPair {
	var pairs []methodPair
	for _, owner := range owners(u) {
		var open []*types.Func
		for _, fn := range owner.order {
			if fn.Exported() {
				open = append(open, fn)
			}
		}
		count := map[*types.Func]int{}
		known := map[[2]*types.Func]bool{}
		for _, first := range open {
			for _, second := range open {
				if count[second] == pairsOfOne || known[[2]*types.Func{second, first}] {
					continue
				}
				pair, ok := owner.conflict(first, second, open)
				if !ok {
					continue
				}
				count[second]++
				known[[2]*types.Func{first, second}] = true
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// conflict is a pair with what it needs to be seen; the method that lacks a lock is the second.
func (o *owner) conflict(first, second *types.Func, open []*types.Func) (methodPair, bool) {
	pair := methodPair{typ: o.typ, makers: o.makers, first: first, second: second}
	a, b := o.whole[first], o.whole[second]
	if !o.mayOverlap(a) {
		return o.withTasks(pair, open)
	}
	for _, x := range a.accesses {
		for _, y := range b.accesses {
			if !o.meet(x, y, a, b, second) || later(x, y, first, second) {
				continue
			}
			pair.fills = o.fills(first, second, []access{x, y}, open)
			pair.rehearsed = x.kind >= sending
			return pair, true
		}
	}
	if field := handedOut(a, b); field != nil && first != second && o.mayOverlap(b) {
		pair.fills = o.fills(first, second, nil, open)
		pair.looks = true
		return pair, true
	}
	return o.withTasks(pair, open)
}

// later leaves a pair of two methods to the turn in which the one that lacks a lock is the second.
func later(x, y access, first, second *types.Func) bool {
	return first != second && len(x.locks) < len(y.locks)
}

// mayOverlap: taking a lock says that others may be there.
func (o *owner) mayOverlap(use *methodUse) bool {
	return use.locks || o.shared || slices.ContainsFunc(use.accesses, func(it access) bool {
		return it.kind == atomicRead || it.kind == atomicWrite
	})
}

// meet reports whether two accesses conflict, and both methods are likely to be meant to overlap.
func (o *owner) meet(x, y access, a, b *methodUse, second *types.Func) bool {
	if x.field != y.field || x.root != y.root || !conflicting(x.kind, y.kind) || x.locks.keepsApart(y.locks) {
		return false
	}
	switch {
	case x.kind >= sending:
		return a.locks && b.locks
	case o.shared:
		return len(y.locks) > 0 || !settingUp.MatchString(second.Name())
	case b.locks:
		return len(y.locks) > 0 || !quietNames.MatchString(second.Name())
	case quietNames.MatchString(second.Name()):
		return false
	}
	// Only the first shows that others may be there: by the lock it holds for this, or by being atomic.
	return len(x.locks) > 0 && x.kind == plainWrite || x.kind == atomicWrite
}

func conflicting(x, y accessKind) bool {
	switch {
	case x == closing || y == closing:
		return x >= sending && y >= sending
	case x >= sending || y >= sending:
		return false
	case x == plainWrite || y == plainWrite:
		return true
	}
	return x == atomicWrite && y == plainRead || x == plainRead && y == atomicWrite
}

// handedOut is a map or slice that the second method returns as it is and that the first changes.
func handedOut(a, b *methodUse) *types.Var {
	for _, x := range a.accesses {
		if x.kind == plainWrite && x.stores && x.field == x.root && slices.Contains(b.gives, x.field) {
			return x.field
		}
	}
	return nil
}

// withTasks is a pair that keeps a goroutine of the value busy which conflicts with the second method.
func (o *owner) withTasks(pair methodPair, open []*types.Func) (methodPair, bool) {
	b := o.whole[pair.second]
	if o.tasks == nil || pair.first == pair.second || !b.locks || !o.feeds(pair.first) {
		return pair, false
	}
	for _, x := range o.tasks.accesses {
		for _, y := range b.accesses {
			if x.kind < sending && o.meet(x, y, b, b, pair.second) {
				return pair, true
			}
		}
	}
	return pair, false
}

// feeds: it starts a goroutine, or puts something where one takes it.
func (o *owner) feeds(fn *types.Func) bool {
	for _, task := range o.uses[fn].tasks {
		if o.uses[task] != nil {
			return true
		}
	}
	use := o.whole[fn]
	return slices.ContainsFunc(use.accesses, func(it access) bool { return it.kind == sending || it.stores })
}

// fills are the methods that put elements where the accesses look for them. What two methods that fill a map by
// themselves conflict about is left empty.
func (o *owner) fills(first, second *types.Func, about []access, open []*types.Func) []*types.Func {
	wanted := map[*types.Var]bool{}
	for _, fn := range []*types.Func{first, second} {
		for _, it := range o.whole[fn].accesses {
			wanted[it.root] = true
		}
	}
	for _, it := range about {
		if it.field == it.root && it.kind < sending && o.storesTo(first, it.root) {
			delete(wanted, it.root)
		}
	}
	for _, it := range o.whole[second].accesses {
		if it.stores && len(about) > 0 { // It makes what it needs, and what is made already may be used up.
			delete(wanted, it.root)
		}
	}
	var fills []*types.Func
	for _, fn := range open {
		use := o.whole[fn]
		filled := slices.IndexFunc(use.accesses, func(it access) bool { return it.stores && wanted[it.root] })
		if filled < 0 || use.waits || len(fills) == mostFills {
			continue
		}
		delete(wanted, use.accesses[filled].root)
		fills = append(fills, fn)
	}
	return fills
}

func (o *owner) storesTo(fn *types.Func, root *types.Var) bool {
	return slices.ContainsFunc(o.whole[fn].accesses, func(it access) bool { return it.stores && it.root == root })
}

// owners are the struct types that other packages can have, with methods that several goroutines may call, in the order of the source.
func owners(u *unit) []*owner {
	found := map[*types.TypeName]*owner{}
	quiet, shared := documented(u)
	decls := map[*types.Func]*ast.FuncDecl{}
	var order []*types.Func
	for _, file := range u.syntax {
		if strings.HasSuffix(u.fileName(file), "_test.go") {
			continue
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if obj, ok := u.info.Defs[fn.Name].(*types.Func); ok {
				decls[obj] = fn
				order = append(order, obj)
			}
		}
	}
	made := madeBy(u, decls)
	for _, obj := range order {
		typ, decl := receiverType(obj), decls[obj]
		if typ == nil || quiet[typ] || !typ.Exported() && made[typ] == nil {
			continue
		}
		if found[typ] == nil {
			found[typ] = &owner{typ: typ, shared: shared[typ], uses: map[*types.Func]*methodUse{}}
		}
		found[typ].read(u, obj, decls)
		if !notShared.MatchString(decl.Doc.Text()) {
			found[typ].order = append(found[typ].order, obj)
		}
	}
	if functions := functionsOf(u, order, decls); len(functions.order) > 0 {
		found[nil] = functions
	}
	var out []*owner
	for _, owner := range found {
		owner.makers = made[owner.typ]
		owner.join(u, order, decls)
		out = append(out, owner)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].typ == nil || out[j].typ == nil { // Functions come after all types.
			return out[j].typ == nil && out[i].typ != nil
		}
		return u.before(out[i].typ.Pos(), out[j].typ.Pos())
	})
	return out
}

// functionsOf are a package's functions, to which its variables are what fields are to methods.
func functionsOf(u *unit, order []*types.Func, decls map[*types.Func]*ast.FuncDecl) *owner {
	all := &owner{uses: map[*types.Func]*methodUse{}}
	for _, fn := range order {
		if fn.Signature().Recv() != nil || fn.Name() == "init" {
			continue
		}
		all.uses[fn], _ = useOf(u, decls[fn], func(*types.Func) *types.Var { return nil })
		if fn.Signature().TypeParams().Len() == 0 && !notShared.MatchString(decls[fn].Doc.Text()) {
			all.order = append(all.order, fn)
		}
	}
	return all
}

// read walks a method and before it those whose results it uses.
func (o *owner) read(u *unit, fn *types.Func, decls map[*types.Func]*ast.FuncDecl) {
	results := map[*types.Func]*types.Var{}
	var read func(fn *types.Func) *types.Var
	read = func(fn *types.Func) *types.Var {
		decl := decls[fn]
		if result, seen := results[fn]; seen || decl == nil || decl.Recv == nil || receiverType(fn) != o.typ {
			return result
		}
		results[fn] = nil
		o.uses[fn], results[fn] = useOf(u, decl, read)
		return results[fn]
	}
	read(fn)
}

// join adds to each method what those do that it calls on its receiver, and finds what goroutines do.
func (o *owner) join(u *unit, order []*types.Func, decls map[*types.Func]*ast.FuncDecl) {
	o.whole = map[*types.Func]*methodUse{}
	for fn := range o.uses {
		o.whole[fn] = o.together(fn, lockset{}, deepest)
	}
	tasks := map[*types.Func]bool{}
	for _, fn := range order {
		if use := o.uses[fn]; use != nil {
			for _, task := range use.tasks {
				tasks[task] = true
			}
		} else if slices.Contains(o.makers, fn) {
			startedIn(u, decls[fn].Body, tasks)
		}
	}
	for _, fn := range order {
		if tasks[fn] && o.whole[fn] != nil {
			if o.tasks == nil {
				o.tasks = &methodUse{}
			}
			o.tasks.accesses = append(o.tasks.accesses, o.whole[fn].accesses...)
		}
	}
}

// startedIn adds the functions that goroutines run which a constructor starts.
func startedIn(u *unit, body *ast.BlockStmt, tasks map[*types.Func]bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if stmt, ok := n.(*ast.GoStmt); ok {
			for _, task := range namedIn(u, stmt.Call) {
				tasks[task] = true
			}
		}
		return true
	})
}

// namedIn are the functions of packages and methods that a call mentions.
func namedIn(u *unit, call *ast.CallExpr) []*types.Func {
	var named []*types.Func
	ast.Inspect(call, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if fn, ok := u.info.Uses[sel.Sel].(*types.Func); ok {
				named = append(named, fn.Origin())
			}
		}
		return true
	})
	return named
}

// deepest is how far calls of helpers are followed.
const deepest = 4

func (o *owner) together(fn *types.Func, held lockset, depth int) *methodUse {
	use := o.uses[fn]
	if use == nil || depth == 0 {
		return &methodUse{}
	}
	all := &methodUse{locks: use.locks, waits: use.waits, gives: use.gives}
	for _, it := range use.accesses {
		it.locks = it.locks.with(held)
		all.accesses = append(all.accesses, it)
	}
	for _, call := range use.calls {
		callee := o.together(call.fn, call.locks.with(held), depth-1)
		all.locks = all.locks || callee.locks
		all.waits = all.waits || callee.waits
		all.accesses = append(all.accesses, callee.accesses...)
	}
	return all
}

// madeBy are the exported functions that give a value of a type, alone or with an error: as it is, or as an interface or
// in a struct that embeds it where the function makes one of the type.
func madeBy(u *unit, decls map[*types.Func]*ast.FuncDecl) map[*types.TypeName][]*types.Func {
	made := map[*types.TypeName][]*types.Func{}
	scope := u.types.Scope()
	for _, name := range scope.Names() {
		fn, ok := scope.Lookup(name).(*types.Func)
		if !ok || !fn.Exported() || decls[fn] == nil {
			continue
		}
		results := fn.Signature().Results()
		if results.Len() == 0 || results.Len() > 2 || results.Len() == 2 && results.At(1).Type().String() != "error" {
			continue
		}
		result := types.Unalias(results.At(0).Type())
		if pointer, ok := result.(*types.Pointer); ok {
			result = types.Unalias(pointer.Elem())
		}
		named, ok := result.(*types.Named)
		if !ok {
			continue
		}
		if !types.IsInterface(named) {
			made[named.Obj()] = append(made[named.Obj()], fn)
		}
		for _, typ := range literalsIn(u, decls[fn].Body) {
			if types.IsInterface(named) && types.AssignableTo(types.NewPointer(typ.Type()), named) || embeds(named, typ) {
				made[typ] = append(made[typ], fn)
			}
		}
	}
	return made
}

// embeds reports whether a struct has the methods of a type because it embeds one.
func embeds(named *types.Named, typ *types.TypeName) bool {
	shape, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range shape.NumFields() {
		field := shape.Field(i)
		if pointer, ok := field.Type().(*types.Pointer); ok && field.Embedded() && pointer.Elem() == typ.Type() {
			return true
		}
	}
	return false
}

// literalsIn are the struct types of the package that a function makes values of.
func literalsIn(u *unit, body *ast.BlockStmt) []*types.TypeName {
	var made []*types.TypeName
	ast.Inspect(body, func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok {
			named, ok := types.Unalias(u.info.TypeOf(literal)).(*types.Named)
			if ok && named.Obj().Pkg() == u.types && named.TypeParams().Len() == 0 && !slices.Contains(made, named.Obj()) {
				made = append(made, named.Obj())
			}
		}
		return true
	})
	return made
}

// documented are the types whose documentation says that one goroutine uses them, and those of which it says that many do.
func documented(u *unit) (quiet, shared map[*types.TypeName]bool) {
	quiet, shared = map[*types.TypeName]bool{}, map[*types.TypeName]bool{}
	for _, file := range u.syntax {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					text := gen.Doc.Text() + spec.Doc.Text()
					obj, ok := u.info.Defs[spec.Name].(*types.TypeName)
					if !ok {
						continue
					}
					quiet[obj] = notShared.MatchString(text)
					shared[obj] = saidShared.MatchString(text)
				}
			}
		}
	}
	return quiet, shared
}

// receiverType is the struct that a method with a pointer receiver is of, or nil.
func receiverType(fn *types.Func) *types.TypeName {
	if fn == nil || fn.Signature().Recv() == nil {
		return nil
	}
	pointer, ok := types.Unalias(fn.Signature().Recv().Type()).(*types.Pointer)
	if !ok {
		return nil
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	if !ok {
		return nil
	}
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return nil
	}
	return named.Obj()
}
