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
// first repairs only the edited line (from 0; -1 for none), else it blanks the body; of any other
// declaration everything. Lines stay where they are and columns too, the edited line's apart.
func blankBrokenChunks(text []byte, edited int) ([]byte, []blanked) {
	var out []byte
	var gaps []blanked
	starts := chunkStart.FindAllIndex(text, -1)
	if len(starts) > 0 {
		out = append(out, text[:starts[0][0]]...)
	}
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		chunk := bytes.Clone(text[start[0]:end])
		err := parseChunk(chunk)
		if err == nil {
			out = append(out, chunk...)
			continue
		}
		at := len(out)
		if from, to, ok := lineWithin(text, edited, start[0], end); ok {
			if repaired := repairLine(chunk, from-start[0], to-start[0]); repaired != nil {
				out = append(out, repaired...)
				gaps = append(gaps, blanked{at + from - start[0], at + to - start[0], err.Error()})
				continue
			}
		}
		from, to := brokenPart(chunk)
		blank(chunk[from:to])
		out = append(out, chunk...)
		gaps = append(gaps, blanked{at + from, at + to, err.Error()})
	}
	return out, gaps
}

// repairLine closes the brackets that a half-typed line leaves open, or blanks it and closes those
// of the lines before it; nil when the chunk still does not parse.
func repairLine(chunk []byte, from, to int) []byte {
	try := func(line []byte, closers ...string) []byte {
		for _, closer := range closers {
			trial := bytes.Join([][]byte{chunk[:from], line, []byte(closer), chunk[to:]}, nil)
			if parseChunk(trial) == nil {
				return trial
			}
		}
		return nil
	}
	line := chunk[from:to]
	if !bytes.ContainsRune(line, '{') { // A block that is open would swallow or cut off what follows.
		if trial := try(line, ")", "))", "]", "])"); trial != nil {
			return trial
		}
	}
	spaces := bytes.Repeat([]byte(" "), len(line))
	return try(spaces, "", "}", "}}", "}()", "})", "}}}", "}}()", "}})", "}()}", "})}", ")", "{")
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
func brokenPart(chunk []byte) (from, to int) {
	to = len(bytes.TrimRight(chunk, " \t\r\n"))
	if !bytes.HasPrefix(chunk, []byte("func")) {
		return 0, to
	}
	lineEnd := bytes.IndexByte(chunk, '\n')
	if lineEnd < 0 {
		lineEnd = len(chunk)
	}
	brace := bytes.LastIndexByte(chunk[:lineEnd], '{')
	for brace >= 0 {
		if parseChunk(append(bytes.Clone(chunk[:brace+1]), '}')) == nil {
			return brace, to
		}
		brace = bytes.LastIndexByte(chunk[:brace], '{')
	}
	return 0, to
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
