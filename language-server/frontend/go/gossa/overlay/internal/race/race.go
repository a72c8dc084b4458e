// Package race is the race detector's door; the machine watches memory by itself.
package race

import "unsafe"

const Enabled = false

func Acquire(addr unsafe.Pointer)             {}
func Release(addr unsafe.Pointer)             {}
func ReleaseMerge(addr unsafe.Pointer)        {}
func Disable()                                {}
func Enable()                                 {}
func Read(addr unsafe.Pointer)                {}
func Write(addr unsafe.Pointer)               {}
func ReadRange(addr unsafe.Pointer, len int)  {}
func WriteRange(addr unsafe.Pointer, len int) {}
func Errors() int                             { return 0 }
