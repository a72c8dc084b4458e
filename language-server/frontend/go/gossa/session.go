// Package gossa turns Go sources into typed SSA, written as the JSON that schema.ts describes.
//
// It only exports; what the code means is decided by its consumer. It never fails on bad input:
// what does not parse or type-check becomes a gap with its position, and the rest is exported.
package gossa

import (
	"fmt"
	"go/token"
	"go/types"
	"runtime/debug"
	"sort"
)

// Session keeps parsed files and imported packages between requests. Not for concurrent use.
type Session struct {
	fset   *token.FileSet
	files  map[string]*sourceFile
	byFile map[*token.File]*sourceFile
	bundle *Bundle
	// imported holds packages read from export data and the standard library's from source.
	imported map[string]*types.Package
	// library are the packages of the standard library that are known with bodies.
	library map[string]*unit
	// units are those of the last request; reused while nothing they depend on changes.
	units map[string]*unit
	// driverFiles are the files of drivers, by the package they are in.
	driverFiles map[string]*sourceFile
	// sent are the files of types-only packages, which later requests need not repeat.
	sent map[string][]RequestFile
	// kept are the functions of the last image of each unit that had one without errors.
	kept map[string]*kept
}

// NewSession makes a session whose standard library comes from a bundle.
func NewSession(bundle *Bundle) *Session {
	return &Session{
		fset:     token.NewFileSet(),
		files:    map[string]*sourceFile{},
		byFile:   map[*token.File]*sourceFile{},
		bundle:   bundle,
		imported: map[string]*types.Package{"unsafe": types.Unsafe},
		library:  map[string]*unit{},
		units:    map[string]*unit{},
		sent:     map[string][]RequestFile{},

		driverFiles: map[string]*sourceFile{},
		kept:        map[string]*kept{},
	}
}

// Handle answers a request; see Request and Reply. It never panics.
func (s *Session) Handle(message []byte) (reply []byte) {
	defer func() {
		if p := recover(); p != nil {
			reply = encodeReply(&Reply{Error: fmt.Sprintf("%v\n%s", p, debug.Stack())})
		}
	}()
	req, err := decodeRequest(message)
	if err != nil {
		return encodeReply(&Reply{Error: err.Error()})
	}
	return encodeReply(s.load(req))
}

func (s *Session) load(req *Request) *Reply {
	l := newLoader(s, req)
	reply := &Reply{Images: []ReplyImage{}, Missing: []string{}}
	for _, path := range req.Check {
		l.unit(path)
		l.unit(path + "_test")
	}
	program := l.program()
	for _, u := range l.order {
		if u.typesOnly {
			continue
		}
		if u.image == nil {
			u.image = program.image(u)
		}
		reply.Images = append(reply.Images, ReplyImage{Package: u.id, data: u.image})
	}
	for path := range l.missing {
		reply.Missing = append(reply.Missing, path)
	}
	sort.Strings(reply.Missing)
	s.units = l.units
	return reply
}
