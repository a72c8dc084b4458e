package gossa_test

import (
	"strings"
	"testing"

	"happens-before/gossa"
)

// TestHostile: no text makes a session fail or forget how to go on.
func TestHostile(t *testing.T) {
	session := gossa.NewSession(stubs(t))
	good := "package hostile\n\nfunc Good() {}\n"
	for _, text := range []string{
		"", "\n", "pac", "package", "package ", "package 1", "package _", "// only a comment",
		"\x00\xff\xfe", "\ufeffpackage hostile", "#!/bin/sh", "func f() {", "import \"C\"",
		"package hostile; import \"hostile\"", "package hostile; import (\"a\"; \"", "package hostile\n//line x.go:1000000\nfunc f() { g( }",
		"package hostile; func f() { " + strings.Repeat("{", 100_000),
		"package hostile; type T struct { T }; type I interface { I }; func (T) m() {}; func (T) m() {}",
		"package hostile; func init() int { return 1 }; func init(); func main(x int)",
		"package hostile; func f[T any](x T) { f[[]T](nil) }; var _ = f[int]",
		"package hostile; func f() { goto L; { L: }; break; continue; for { break M } }",
		"package hostile; var a, b = b, a; const c = c; type d d; type e = e",
		"package hostile; func (x Missing) m() { x.y() }; func (x *int) n() {}; func (f) o() {}",
		"package hostile; import . \"sync\"; import sync \"sync\"; var m Mutex; func f() { defer m.Unlock; go m }",
		"package hostile; func f() { var x [1<<40]int; _ = x; y := [...]int{1<<62: 1} }",
		"package hostile; func f() { switch x := any(nil).(type) { case missing: x() ; default: } ; select { case <-nil: } }",
	} {
		images := handle(t, session, request("hostile.go", []byte(text)))
		if len(images) != 1 {
			t.Errorf("%.40q gives %d images", text, len(images))
		}
		if after := declared(t, handle(t, session, request("hostile.go", []byte(good)))[0]); after["Good"] == 0 {
			t.Errorf("%.40q spoils the session", text)
		}
	}
}

// TestHostileMessages: what is no request is answered.
func TestHostileMessages(t *testing.T) {
	session := gossa.NewSession(stubs(t))
	for _, message := range []string{
		"", "\n", "{}", "{}\n", "null\n", "[1]\n",
		`{"packages":[{"path":"p","files":[{"name":"p.go","bytes":-1}]}],"check":["p","q"]}` + "\n",
		`{"packages":[{"path":"p","files":[{"name":"p.go","bytes":99}]}],"check":["p"]}` + "\nx",
		`{"packages":[{"path":"p","kept":true}],"check":["p"]}` + "\n",
		`{"exports":[{"path":"e","bytes":3}],"packages":[{"path":"p","files":[{"name":"p.go","bytes":26}]}],"check":["p"]}` +
			"\npackage p; import _ \"e\"   abc",
	} {
		if _, _, err := gossa.DecodeReply(session.Handle([]byte(message))); err != nil {
			t.Errorf("%q: %v", message, err)
		}
	}
}

// TestCgo: C code is left out aloud, a constraint on cgo is just a constraint.
func TestCgo(t *testing.T) {
	session := gossa.NewSession(stubs(t))
	for text, gap := range map[string]bool{
		"package cgo\n\n// int x;\nimport \"C\"\n\nfunc f() { _ = C.x }\n": true,
		"//go:build cgo\n\npackage cgo\n\nimport \"C\"\n":                  false,
		"package cgo\n\nvar c = \"C\"\n":                                   false,
	} {
		image := string(handle(t, session, request("cgo.go", []byte(text)))[0])
		if strings.Contains(image, "cgo is not analysed") != gap {
			t.Errorf("%q: %s", text, image)
		}
	}
}

// TestTypesOnly: a generic function of a package without bodies is called, not built.
func TestTypesOnly(t *testing.T) {
	session := gossa.NewSession(stubs(t))
	dep := []byte("package dep\n\nfunc First[T any](all []T) (first T) {\n\tif len(all) > 0 {\n\t\tfirst = all[0]\n\t}\n\treturn\n}\n")
	user := []byte("package user\n\nimport \"example.com/dep\"\n\nfunc Use() int { return dep.First([]int{1}) }\n")
	image := handle(t, session, gossa.EncodeRequest(&gossa.Request{
		Packages: []gossa.RequestPackage{
			{Path: "example.com/dep", TypesOnly: true, Files: []gossa.RequestFile{{Name: "dep.go", Bytes: len(dep)}}},
			{Path: "example.com/user", Files: []gossa.RequestFile{{Name: "user.go", Bytes: len(user)}}},
		},
		Check: []string{"example.com/user"},
	}, dep, user))[0]
	if strings.Contains(string(image), "not built") {
		t.Errorf("%s", image)
	}
	if declared(t, image)["Use"] == 0 {
		t.Error("Use has no body")
	}
}
