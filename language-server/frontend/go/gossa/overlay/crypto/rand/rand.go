// Package rand for the virtual machine: what it gives is never the same twice and never secret. Programs ask it for names
// that nobody else has, so the same bytes for two would show failures that cannot be.
package rand

import "io"

// source gives the bytes of a counter that only goes up.
var source = &reader{}

var Reader io.Reader = source

type reader struct{ given uint64 }

func (r *reader) Read(b []byte) (n int, err error) {
	r.given++
	next := r.given
	for i := range b {
		b[i] = byte(next)
		next = next>>8 | next<<56
	}
	return len(b), nil
}

func Read(b []byte) (n int, err error) { return io.ReadFull(Reader, b) }

const base32alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

func Text() string {
	source.given++
	text := []byte("AAAAAAAAAAAAAAAAAAAAAAAAAA")
	for i, n := 0, source.given; n > 0; i, n = i+1, n/32 {
		text[i] = base32alphabet[n%32]
	}
	return string(text)
}
