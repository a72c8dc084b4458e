package gossa

import (
	"bytes"
	"errors"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
)

// blanked is a range of bytes that was replaced by spaces because it does not parse.
type blanked struct {
	start, end int
	reason     string
}

var chunkStart = regexp.MustCompile(`(?m)^(func|type|var|const|import)\b`)

// blankBrokenChunks keeps every top-level declaration that parses alone. Of a broken function it
// first blanks only the edited line (from 0; -1 for none), then the body; of any other declaration
// everything. Line ends stay, so all positions stay.
func blankBrokenChunks(text []byte, edited int) ([]byte, []blanked) {
	out := bytes.Clone(text)
	starts := chunkStart.FindAllIndex(text, -1)
	var gaps []blanked
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		err := parseChunk(out[start[0]:end])
		if err == nil {
			continue
		}
		if from, to, ok := lineWithin(text, edited, start[0], end); ok {
			trial := bytes.Clone(out[start[0]:end])
			blank(trial[from-start[0] : to-start[0]])
			if parseChunk(trial) == nil {
				copy(out[start[0]:end], trial)
				gaps = append(gaps, blanked{from, to, err.Error()})
				continue
			}
		}
		from, to := brokenPart(out, start[0], end)
		blank(out[from:to])
		gaps = append(gaps, blanked{from, to, err.Error()})
	}
	return out, gaps
}

// parseChunk parses a declaration alone; the message has no position, since its line is relative.
func parseChunk(chunk []byte) error {
	source := append([]byte("package p;"), chunk...)
	_, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	return firstMessage(err)
}

// lineWithin is the range of a line's text if it lies inside the chunk but not on its first line.
func lineWithin(text []byte, line, start, end int) (from, to int, ok bool) {
	if line < 0 {
		return 0, 0, false
	}
	for ; line > 0; line-- {
		next := bytes.IndexByte(text[from:], '\n')
		if next < 0 {
			return 0, 0, false
		}
		from += next + 1
	}
	to = len(text)
	if next := bytes.IndexByte(text[from:], '\n'); next >= 0 {
		to = from + next
	}
	return from, to, from > start && to <= end && from < to
}

// brokenPart is what to blank of a chunk: a function's body with its braces when its header parses.
func brokenPart(text []byte, start, end int) (from, to int) {
	chunk := text[start:end]
	if !bytes.HasPrefix(chunk, []byte("func")) {
		return start, end
	}
	lineEnd := bytes.IndexByte(chunk, '\n')
	if lineEnd < 0 {
		lineEnd = len(chunk)
	}
	brace := bytes.LastIndexByte(chunk[:lineEnd], '{')
	for brace >= 0 {
		header := append(bytes.Clone(chunk[:brace+1]), '}')
		if parseChunk(header) == nil {
			break
		}
		brace = bytes.LastIndexByte(chunk[:brace], '{')
	}
	if brace < 0 {
		return start, end
	}
	return start + brace, start + len(bytes.TrimRight(chunk, " \t\r\n"))
}

// blank replaces everything but line ends with spaces.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}

// firstMessage is the first syntax error without its position.
func firstMessage(err error) error {
	if list, ok := err.(scanner.ErrorList); ok && len(list) > 0 {
		return errors.New(list[0].Msg)
	}
	return err
}
