// Package synctest for the virtual machine, whose time is simulated anyway: it goes on when nobody can.
package synctest

// settle waits, with 1, until nobody else can go on without time.
func settle(wait int)

// Run runs f in a goroutine and returns when it has ended and nobody else can go on.
func Run(f func()) {
	settle(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
	settle(1)
}

// Wait returns when nobody else can go on without time.
func Wait() { settle(1) }

func IsInBubble() bool { return false }

type Association int

const (
	Unbubbled = Association(iota)
	CurrentBubble
	OtherBubble
)

func Associate[T any](p *T) Association { return Unbubbled }
func Disassociate[T any](p *T)          {}
func IsAssociated[T any](p *T) bool     { return false }

type Bubble struct{}

func Acquire() *Bubble         { return nil }
func (b *Bubble) Release()     {}
func (b *Bubble) Run(f func()) { f() }
