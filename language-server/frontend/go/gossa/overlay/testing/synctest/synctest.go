// Package synctest for the virtual machine.
package synctest

import (
	"internal/synctest"
	"testing"
)

// Test runs f; time goes on when nobody can. Its clean-up functions are those of the test around.
func Test(t *testing.T, f func(*testing.T)) {
	synctest.Run(func() { f(t) })
}

// Wait returns when nobody else can go on without time.
func Wait() { synctest.Wait() }
