package main

import (
	"fmt"
	"sync/atomic"
)

func main() {
	var i32 atomic.Int32
	var u64 atomic.Uint64
	var b atomic.Bool
	var p atomic.Pointer[string]
	var v atomic.Value
	fmt.Println(i32.Add(5), i32.CompareAndSwap(5, 6), i32.CompareAndSwap(5, 7), i32.Swap(9), i32.Load())
	u64.Store(1)
	fmt.Println(u64.Add(^uint64(0)), u64.Or(6), u64.And(3), u64.Load())
	b.Store(true)
	fmt.Println(b.Load(), b.Swap(false), b.CompareAndSwap(false, true), b.Load())
	s := "x"
	fmt.Println(p.Load() == nil, p.CompareAndSwap(nil, &s), *p.Load())
	fmt.Println(v.Load())
	v.Store("str")
	fmt.Println(v.Load(), v.Swap("new"), v.CompareAndSwap("new", "newer"), v.Load())
	var n int64
	var u uint32 = 1
	fmt.Println(atomic.AddInt64(&n, 3), atomic.LoadInt64(&n), atomic.CompareAndSwapInt64(&n, 3, 4), atomic.SwapInt64(&n, 8), n)
	atomic.StoreUint32(&u, 7)
	fmt.Println(atomic.AddUint32(&u, ^uint32(0)), u)
	func() {
		defer func() { fmt.Println(recover()) }()
		v.Store(1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		v.Store(nil)
	}()
}
