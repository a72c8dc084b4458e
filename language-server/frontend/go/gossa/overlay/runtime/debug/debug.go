// Package debug for the virtual machine, which has no collector to tune.
package debug

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

func Stack() []byte
func PrintStack()
