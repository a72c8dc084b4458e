package atomic

type Value struct {
	v any
}

func valueLoad(addr *any) any
func valueStore(addr *any, val any)
func valueSwap(addr *any, new any) any
func valueCompareAndSwap(addr *any, old, new any) bool

// sameType compares dynamic types.
func sameType(x, y any) bool

func (v *Value) check(val any, what string) {
	if old := valueLoad(&v.v); old != nil && !sameType(old, val) {
		panic("sync/atomic: " + what + " of inconsistently typed value into Value")
	}
}

// typeOf is reflect's.
func typeOf(i any) int

// check is not scheduled: what an operation does is its last step.
func check(addr *any, what string, val any) {
	if val == nil {
		panic("sync/atomic: " + what + " of nil value into Value")
	}
	if old := valueLoad(addr); old != nil && typeOf(old) != typeOf(val) {
		panic("sync/atomic: " + what + " of inconsistently typed value into Value")
	}
}

func (v *Value) Load() (val any) { return valueLoad(&v.v) }

func (v *Value) Store(val any) {
	if val == nil {
		panic("sync/atomic: store of nil value into Value")
	}
	v.check(val, "store")
	valueStore(&v.v, val)
}

func (v *Value) Swap(new any) (old any) {
	check(&v.v, "swap", new)
	v.check(new, "swap")
	return valueSwap(&v.v, new)
}

func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	check(&v.v, "compare and swap", new)
	if old != nil && typeOf(old) != typeOf(new) {
		panic("sync/atomic: compare and swap of inconsistently typed values")
	}
	for {
		current := valueLoad(&v.v)
		if current != old {
			return false
		}
		// Compared by identity: what was there is there still.
		if valueCompareAndSwap(&v.v, current, new) {
			return true
		}
	}
}
