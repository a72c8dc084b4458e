// Package debug for the virtual machine, which has no collector to tune.
package debug

import "os"

func FreeOSMemory() {}

var percent = 100

func SetGCPercent(p int) int {
	old := percent
	percent = p
	return old
}

func SetMemoryLimit(limit int64) int64  { return 1<<63 - 1 }
func SetMaxStack(bytes int) int         { return 1000000000 }
func SetMaxThreads(threads int) int     { return 10000 }
func SetPanicOnFault(enabled bool) bool { return false }
func SetTraceback(level string)         {}

// Stack gives the first line of a stack, as runtime.Stack does.
func Stack() []byte { return []byte("goroutine 1 [running]:\n") }

func PrintStack() { os.Stderr.Write(Stack()) }
