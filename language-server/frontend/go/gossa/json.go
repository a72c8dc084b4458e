package gossa

import "strconv"

// buffer builds JSON text without reflection: the image of a package is large and is written on
// every keystroke.
type buffer struct {
	data []byte
}

func (b *buffer) raw(text string) { b.data = append(b.data, text...) }

func (b *buffer) byte(c byte) { b.data = append(b.data, c) }

func (b *buffer) int(n int) { b.data = strconv.AppendInt(b.data, int64(n), 10) }

func (b *buffer) flag(on bool) {
	if on {
		b.byte('1')
	} else {
		b.byte('0')
	}
}

const hexDigits = "0123456789abcdef"

// text writes a string that is UTF-8 text: names, reasons, tags.
func (b *buffer) text(s string) {
	b.byte('"')
	for _, r := range s { // Invalid bytes become U+FFFD.
		b.rune(r)
	}
	b.byte('"')
}

// bytes writes a string that is Go data: one character (code points 0-255) per byte.
func (b *buffer) bytes(s string) {
	b.byte('"')
	for i := 0; i < len(s); i++ {
		b.rune(rune(s[i]))
	}
	b.byte('"')
}

func (b *buffer) rune(r rune) {
	switch {
	case r == '"' || r == '\\':
		b.data = append(b.data, '\\', byte(r))
	case r < 0x20 || r == 0x7f:
		b.data = append(b.data, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
	case r < 0x80:
		b.byte(byte(r))
	default:
		b.data = append(b.data, string(r)...)
	}
}

// list writes `[` item `,` item … `]`; each is called once per index.
func (b *buffer) list(n int, each func(i int)) {
	b.byte('[')
	for i := range n {
		if i > 0 {
			b.byte(',')
		}
		each(i)
	}
	b.byte(']')
}

// table is a JSON list whose rows are written one at a time.
type table struct {
	buffer
	rows int
}

// row opens the next row and returns its index; the caller writes exactly one JSON value.
func (t *table) row() int {
	if t.rows > 0 {
		t.byte(',')
	}
	t.rows++
	return t.rows - 1
}
