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

func (v *Value) Load() (val any) { return valueLoad(&v.v) }

func (v *Value) Store(val any) {
	if val == nil {
		panic("sync/atomic: store of nil value into Value")
	}
	v.check(val, "store")
	valueStore(&v.v, val)
}

func (v *Value) Swap(new any) (old any) {
	if new == nil {
		panic("sync/atomic: swap of nil value into Value")
	}
	v.check(new, "swap")
	return valueSwap(&v.v, new)
}

func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	if new == nil {
		panic("sync/atomic: compare and swap of nil value into Value")
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
