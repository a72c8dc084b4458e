// Package abi has what the executed library asks of it: on a machine of its own, little.
package abi

import "unsafe"

// NoEscape would hide p from escape analysis.
func NoEscape(p unsafe.Pointer) unsafe.Pointer { return p }

// Escape would force x to the heap, where everything is already.
func Escape[T any](x T) T { return x }
