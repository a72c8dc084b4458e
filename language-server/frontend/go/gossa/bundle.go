package gossa

// Bundle is the standard library for a session: export data of all packages, decoded when first
// imported, and the sources of those whose generic functions need bodies. Its file has the form of
// a request.
type Bundle struct {
	exports map[string]*RequestExport
	sources map[string]*RequestPackage
}

// ReadBundle decodes what EncodeRequest wrote.
func ReadBundle(message []byte) (*Bundle, error) {
	req, err := decodeRequest(message)
	if err != nil {
		return nil, err
	}
	b := &Bundle{exports: map[string]*RequestExport{}, sources: map[string]*RequestPackage{}}
	b.add(req)
	return b, nil
}

func (b *Bundle) add(req *Request) {
	for i := range req.Exports {
		b.exports[req.Exports[i].Path] = &req.Exports[i]
	}
	for i := range req.Packages {
		b.sources[req.Packages[i].Path] = &req.Packages[i]
	}
}
