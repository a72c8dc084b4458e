// Package runtime for the virtual machine: errors, and what programs ask of the scheduler.
package runtime

type Error interface {
	error
	RuntimeError()
}

// errorString and plainError are what the machine panics with, see docs/ir.md.
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

type TypeAssertionError struct {
	text string
}

func (*TypeAssertionError) RuntimeError()   {}
func (e *TypeAssertionError) Error() string { return e.text }

type PanicNilError struct {
	_ [0]func()
}

func (*PanicNilError) RuntimeError() {}
func (*PanicNilError) Error() string {
	return "panic called with nil argument"
}
