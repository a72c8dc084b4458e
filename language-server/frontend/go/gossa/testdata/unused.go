// Package unused has generic code that nothing instantiates.
package unused

type box[T any] struct{ v T }

func (b *box[T]) set(v T) { b.v = v }

func apply[S ~[]E, E any](s S, f func(E)) {
	for _, e := range s {
		f(e)
	}
}

func join[T string | []byte](a, b T) int { return len(a) + len(b) }
