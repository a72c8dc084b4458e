// Package cpu reports a processor without extensions.
package cpu

const CacheLinePadSize = 64

type CacheLinePad struct{ _ [CacheLinePadSize]byte }

var X86 struct{ HasAVX2, HasFMA, HasSSE41, HasPOPCNT, HasBMI2, HasERMS bool }
var Loong64 struct{ HasLSX bool }
var RISCV64 struct{ HasV bool }
