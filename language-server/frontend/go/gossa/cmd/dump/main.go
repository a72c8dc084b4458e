// Command dump prints the images of packages: what the lowering to the IR reads.
//
//	go run ./cmd/dump [-std] [-types FILE] DIR|FILE.go …
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"happens-before/gossa"
	"happens-before/gossa/genstd"
)

func main() {
	std := flag.Bool("std", false, "print images of the executed standard library, of the paths given or all")
	overlay := flag.String("overlay", "overlay", "folder of replacements for the standard library")
	bundle := flag.String("types", filepath.Join(os.TempDir(), "gossa-std.types"),
		"standard library's types; made when missing")
	tests := flag.Bool("tests", true, "include _test.go files")
	version := flag.String("go", "", "language version, as in go.mod")
	flag.Parse()
	var err error
	if *std {
		err = dumpStd(*overlay, flag.Args())
	} else {
		err = dump(*bundle, *overlay, *version, *tests, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dump:", err)
		os.Exit(1)
	}
}

func dumpStd(overlay string, paths []string) error {
	std, err := genstd.Generate(overlay)
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		for path := range std.Images {
			paths = append(paths, path)
		}
		sort.Strings(paths)
	}
	for _, path := range paths {
		os.Stdout.Write(std.Images[path])
	}
	return nil
}

func dump(bundlePath, overlay, version string, tests bool, args []string) error {
	data, err := os.ReadFile(bundlePath)
	if err != nil {
		if data, err = genstd.Types(overlay); err != nil {
			return err
		}
		if err := os.WriteFile(bundlePath, data, 0o644); err != nil {
			return err
		}
	}
	bundle, err := gossa.ReadBundle(data)
	if err != nil {
		return err
	}
	req := &gossa.Request{}
	var payload [][]byte
	for _, arg := range args {
		files, path := []string{arg}, "main"
		if !strings.HasSuffix(arg, ".go") {
			path = filepath.Base(arg)
			if files, err = filepath.Glob(filepath.Join(arg, "*.go")); err != nil {
				return err
			}
		}
		pkg := gossa.RequestPackage{Path: path, Tests: tests, GoVersion: version}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			pkg.Files = append(pkg.Files, gossa.RequestFile{Name: file, Bytes: len(text)})
			payload = append(payload, text)
		}
		req.Packages = append(req.Packages, pkg)
		req.Check = append(req.Check, path)
	}
	reply, images, err := gossa.DecodeReply(gossa.NewSession(bundle).Handle(gossa.EncodeRequest(req, payload...)))
	if err != nil {
		return err
	}
	for _, image := range images {
		os.Stdout.Write(image)
	}
	for _, path := range reply.Missing {
		fmt.Fprintln(os.Stderr, "dump: not found:", path)
	}
	if reply.Error != "" {
		return fmt.Errorf("%s", reply.Error)
	}
	return nil
}
