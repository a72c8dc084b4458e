package genstd

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"happens-before/gossa"
)

// Std is the prepared standard library.
type Std struct {
	// Types is what gossa.ReadBundle reads.
	Types []byte
	// Images of the packages that are executed, by import path.
	Images map[string][]byte
	// Problems are the gaps of each package, for whoever writes overlays.
	Problems map[string][]string
	Missing  []string
}

// Generate reads the Go distribution on this machine; overlay is the folder of replacements.
func Generate(overlay string) (*Std, error) {
	packages, err := goList("-export", "std")
	if err != nil {
		return nil, err
	}
	exports, payload, err := exportData(packages)
	if err != nil {
		return nil, err
	}
	src, err := newSources(overlay, packages)
	if err != nil {
		return nil, err
	}
	std := &Std{Images: map[string][]byte{}, Problems: map[string][]string{}}
	std.Types, err = src.bundle(exports, payload)
	if err != nil {
		return nil, err
	}
	plain := gossa.EncodeRequest(&gossa.Request{Exports: exports}, payload...)
	return std, src.images(std, plain)
}

// Types is the bundle of types alone.
func Types(overlay string) ([]byte, error) {
	packages, err := goList("-export", "std")
	if err != nil {
		return nil, err
	}
	exports, payload, err := exportData(packages)
	if err != nil {
		return nil, err
	}
	src, err := newSources(overlay, packages)
	if err != nil {
		return nil, err
	}
	return src.bundle(exports, payload)
}

func newSources(overlay string, packages []*listed) (*sources, error) {
	s := &sources{overlay: overlay, dirs: map[string]string{}}
	for _, p := range packages {
		s.dirs[p.ImportPath] = p.Dir
	}
	extra, err := goList(bundledPaths...)
	if err != nil {
		return nil, err
	}
	for _, p := range extra {
		s.dirs[p.ImportPath] = p.Dir
	}
	return s, nil
}

// bundle joins export data and the sources of packages with generic functions. A package that is
// known from source has no export data.
func (s *sources) bundle(exports []gossa.RequestExport, exported [][]byte) ([]byte, error) {
	req := &gossa.Request{}
	var payload [][]byte
	for _, path := range slices.Concat(instantiated, bundledPaths) {
		files, texts, err := s.files(path)
		if err != nil {
			return nil, err
		}
		req.Packages = append(req.Packages, gossa.RequestPackage{Path: path, Files: files})
		payload = append(payload, texts...)
	}
	for i, e := range exports {
		if !slices.Contains(instantiated, e.Path) {
			req.Exports = append(req.Exports, e)
			payload = append(payload, exported[i])
		}
	}
	return gossa.EncodeRequest(req, payload...), nil
}

// images builds all executed packages together, so that they refer to each other's overlays.
func (s *sources) images(std *Std, bundle []byte) error {
	b, err := gossa.ReadBundle(bundle)
	if err != nil {
		return err
	}
	req := &gossa.Request{GOARCH: pureArch, Tags: []string{"purego"}}
	var payload [][]byte
	paths, err := s.executedPaths()
	if err != nil {
		return err
	}
	for _, path := range paths {
		files, texts, err := s.files(path)
		if err != nil {
			std.Problems[path] = append(std.Problems[path], err.Error())
			continue
		}
		req.Packages = append(req.Packages, gossa.RequestPackage{Path: path, Files: files})
		req.Check = append(req.Check, path)
		payload = append(payload, texts...)
	}
	reply, images, err := gossa.DecodeReply(gossa.NewSession(b).Handle(gossa.EncodeRequest(req, payload...)))
	if err != nil {
		return err
	}
	if reply.Error != "" {
		return fmt.Errorf("%s", reply.Error)
	}
	std.Missing = reply.Missing
	for i, image := range reply.Images {
		std.Images[image.Package] = images[i]
		std.Problems[image.Package] = append(std.Problems[image.Package], gapsOf(images[i])...)
	}
	return nil
}

// Write puts everything into a folder: `std.types`, and `std/<path with dots>.json` per image.
func (s *Std) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "std.types"), s.Types, 0o644); err != nil {
		return err
	}
	var index, all bytes.Buffer
	index.WriteString("{")
	for i, path := range sortedKeys(s.Images) {
		if i > 0 {
			index.WriteString(",")
		}
		fmt.Fprintf(&index, "\n%q:[%d,%d]", path, all.Len(), len(s.Images[path]))
		all.Write(s.Images[path])
	}
	index.WriteString("\n}\n")
	if err := os.WriteFile(filepath.Join(dir, "std-images.index.json"), index.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "std-images.json"), all.Bytes(), 0o644)
}

func sortedKeys(m map[string][]byte) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
