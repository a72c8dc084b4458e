package gossa

import (
	"bytes"
	"go/token"
	"go/types"
	"slices"
)

// Most of what an edit leaves as it was need not be built and written again: the rows of functions are kept from one image
// of a unit to the next. A function's row depends on its body, on the unit's declarations and on what the unit imports.
// While the last two are the same (see outline.go), the next image borrows the rows of all bodies that are, too (lend.go).
// An image with borrowed rows is byte for byte the one that is written without.

// kept is what an image has to lend.
type kept struct {
	id      string
	outline []byte
	// outside are the packages that the unit and its units import from elsewhere.
	outside []*types.Package
	files   map[*token.File]keptFile
	// body holds the rows; holes are the places in it where indices stand, uses what rows refer to.
	body   []byte
	holes  []hole
	uses   []use
	funcs  map[string]*keptFunc
	tables map[string]*keptTable
	types  []typeRow
	pool   []poolRow
	spans  []place
}

// keptFile is a file as it was, and where its bodies were.
type keptFile struct {
	name   string
	text   []byte
	bodies []between
}

// between is a range of offsets or indices.
type between struct{ from, to int }

func (b between) in(text []byte) []byte { return text[b.from:b.to] }

// keptFunc is a function's row: ranges of the image's body, holes and uses; and what comes into the image with it.
type keptFunc struct {
	text, holes, uses between
	mentions          *mentions
}

// keptTable is a method table; the index of its type is -1 for one without methods.
type keptTable struct {
	typ     int
	methods []method
	parts   []string
}

type method struct{ id, fn string }

// tableKind is one of the tables of an image that others refer to by index.
type tableKind int

const (
	ofTypes tableKind = iota
	ofPool
	ofSpans
	tableKinds
)

// hole is the text of an index in a row.
type hole struct {
	kind     tableKind
	index    int
	from, to int
}

// use is a reference to the row of a table.
type use struct {
	kind  tableKind
	index int
}

// uses are the rows that a function refers to, in the order in which it first does, since rows are numbered in that order.
type uses struct {
	list []use
	// seen holds the turn in which a row was last used.
	seen [tableKinds][]int
	turn int
}

func (u *uses) begin() {
	u.list = u.list[:0]
	u.turn++
}

func (u *uses) note(kind tableKind, index int) {
	for len(u.seen[kind]) <= index {
		u.seen[kind] = append(u.seen[kind], 0)
	}
	if u.seen[kind][index] != u.turn {
		u.seen[kind][index] = u.turn
		u.list = append(u.list, use{kind, index})
	}
}

func newKept(funcs int) *kept {
	return &kept{funcs: make(map[string]*keptFunc, funcs), tables: map[string]*keptTable{}}
}

// add keeps the row that the exporter has just written.
func (k *kept) add(x *exporter, row imageFunc, text between) {
	holes := between{len(k.holes), len(k.holes) + len(x.holes)}
	uses := between{len(k.uses), len(k.uses) + len(x.uses.list)}
	k.holes = append(k.holes, x.holes...)
	k.uses = append(k.uses, x.uses.list...)
	all := x.mentions[row.fn]
	if row.lent != nil {
		all = row.lent.mentions
	}
	k.funcs[row.name] = &keptFunc{text, holes, uses, all}
}

// finish takes over the tables once the image is written.
func (k *kept) finish(x *exporter, body []byte) {
	k.body, k.types, k.pool, k.spans = body, x.types.rows, x.pool.rows, x.spans.places
}

// keep remembers what an image has to lend. Where names depend on the order of functions it has nothing.
func (l *loader) keep(u *unit, x *exporter) {
	if !u.clean || x.names.numbered {
		return
	}
	k := x.keeping
	k.id, k.outline, k.outside = u.id, slices.Clone(u.outline()), u.outside()
	k.files = map[*token.File]keptFile{}
	for _, f := range u.closedFiles() {
		k.files[f.file] = keptFile{f.name, f.text, f.bodies()}
	}
	l.kept[u.path] = k
}

// fits reports whether the unit differs from what is kept in bodies alone.
func (k *kept) fits(u *unit) bool {
	return k != nil && u.clean && k.id == u.id && bytes.Equal(k.outline, u.outline()) &&
		slices.Equal(k.outside, u.outside())
}
