package gossa

import (
	"bytes"
	"encoding/json"
	"errors"
)

// A message is one line of JSON, a newline and the bytes that the lengths in it announce: texts
// of files in a request, images in a reply. Both transports (WebAssembly, pipes) carry it as is.

// Request asks for the images of some packages.
type Request struct {
	GOOS   string   `json:"goos"`
	GOARCH string   `json:"goarch"`
	Tags   []string `json:"tags"`
	// Packages are known from source; those that `check` does not name are only imported.
	Packages []RequestPackage `json:"packages"`
	Check    []string         `json:"check"`
	// Exports are export data of packages that are not known from source.
	Exports []RequestExport `json:"exports"`
	Edited  *EditedLine     `json:"edited"`
}

// RequestPackage is a folder; build constraints choose among its files.
type RequestPackage struct {
	Path string `json:"path"`
	// GoVersion is the `go` line of go.mod, "" for the newest.
	GoVersion string        `json:"goVersion"`
	Files     []RequestFile `json:"files"`
	// Tests adds the `_test.go` files.
	Tests bool `json:"tests"`
	// TypesOnly skips function bodies.
	TypesOnly bool `json:"typesOnly"`
	// Kept stands for the files that an earlier request had for this types-only package.
	Kept bool `json:"kept"`
}

// RequestFile announces the text of a file.
type RequestFile struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
	text  []byte
}

// RequestExport announces the export data of a package and lists its direct imports.
type RequestExport struct {
	Path    string   `json:"path"`
	Imports []string `json:"imports"`
	Bytes   int      `json:"bytes"`
	data    []byte
}

// EditedLine is where the user types, from 0; it is left out first when the file does not parse.
type EditedLine struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Reply announces the images, dependencies before the packages that import them.
type Reply struct {
	Images []ReplyImage `json:"images"`
	// Missing are imports that nobody could supply.
	Missing []string `json:"missing"`
	Error   string   `json:"error"`
}

// ReplyImage announces one image.
type ReplyImage struct {
	Package string `json:"package"`
	Bytes   int    `json:"bytes"`
	data    []byte
}

func decodeRequest(message []byte) (*Request, error) {
	head, payload, ok := bytes.Cut(message, []byte("\n"))
	if !ok {
		return nil, errors.New("the request has no end of line")
	}
	var req Request
	if err := json.Unmarshal(head, &req); err != nil {
		return nil, err
	}
	take := func(n int) []byte {
		if n < 0 || n > len(payload) {
			n = len(payload)
		}
		part := payload[:n:n]
		payload = payload[n:]
		return part
	}
	for i := range req.Packages {
		for j := range req.Packages[i].Files {
			f := &req.Packages[i].Files[j]
			f.text = take(f.Bytes)
		}
	}
	for i := range req.Exports {
		req.Exports[i].data = take(req.Exports[i].Bytes)
	}
	return &req, nil
}

// EncodeRequest is the opposite of what Handle decodes; texts holds the files in order.
func EncodeRequest(req *Request, payload ...[]byte) []byte {
	head, err := json.Marshal(req)
	if err != nil {
		panic(err) // Strings and numbers only.
	}
	return bytes.Join([][]byte{head, bytes.Join(payload, nil)}, []byte("\n"))
}

func encodeReply(reply *Reply) []byte {
	size := 0
	for i := range reply.Images {
		reply.Images[i].Bytes = len(reply.Images[i].data)
		size += reply.Images[i].Bytes
	}
	head, err := json.Marshal(reply)
	if err != nil {
		panic(err) // Strings and numbers only.
	}
	out := make([]byte, 0, len(head)+1+size)
	out = append(out, head...)
	out = append(out, '\n')
	for _, image := range reply.Images {
		out = append(out, image.data...)
	}
	return out
}

// DecodeReply splits a reply into its head and its images.
func DecodeReply(message []byte) (*Reply, [][]byte, error) {
	head, payload, _ := bytes.Cut(message, []byte("\n"))
	var reply Reply
	if err := json.Unmarshal(head, &reply); err != nil {
		return nil, nil, err
	}
	var images [][]byte
	for _, image := range reply.Images {
		if image.Bytes > len(payload) {
			return nil, nil, errors.New("the reply is cut short")
		}
		images = append(images, payload[:image.Bytes])
		payload = payload[image.Bytes:]
	}
	return &reply, images, nil
}
