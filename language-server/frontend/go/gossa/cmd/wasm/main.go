//go:build js && wasm

// Command wasm offers a gossa session to JavaScript. It calls `__gossaReady` once with functions
// that take and return Uint8Array.
package main

import (
	"runtime"
	"syscall/js"

	"happens-before/gossa"
)

func main() {
	var session *gossa.Session
	open := js.FuncOf(func(_ js.Value, args []js.Value) any {
		bundle, err := gossa.ReadBundle(toGo(args[0]))
		if err != nil {
			return err.Error()
		}
		session = gossa.NewSession(bundle)
		return js.Null()
	})
	handle := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return toJS(session.Handle(toGo(args[0])))
	})
	gc := js.FuncOf(func(js.Value, []js.Value) any {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return float64(stats.Sys)
	})
	js.Global().Call("__gossaReady", map[string]any{"addBundle": open, "handle": handle, "gc": gc})
	select {}
}

func toGo(array js.Value) []byte {
	data := make([]byte, array.Get("byteLength").Int())
	js.CopyBytesToGo(data, array)
	return data
}

func toJS(data []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	return array
}
