package genstd

import (
	"encoding/json"
	"fmt"
)

// gapsOf lists an image's gaps as `file:line: reason`.
func gapsOf(image []byte) []string {
	var head struct {
		Files []string
		Spans []int
		Gaps  [][2]any
	}
	if err := json.Unmarshal(image, &head); err != nil {
		return []string{"the image is not JSON: " + err.Error()}
	}
	var out []string
	for _, g := range head.Gaps {
		row, _ := g[0].(float64)
		span := head.Spans[int(row)*5:]
		out = append(out, fmt.Sprintf("%s:%d: %v", head.Files[span[0]], span[1]+1, g[1]))
	}
	return out
}
