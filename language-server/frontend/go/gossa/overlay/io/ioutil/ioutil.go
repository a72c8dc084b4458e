// Package ioutil for a machine without files.
package ioutil

import (
	"io"
	"io/fs"
	"os"
)

var Discard io.Writer = io.Discard

func NopCloser(r io.Reader) io.ReadCloser { return io.NopCloser(r) }

func ReadAll(r io.Reader) ([]byte, error) { return io.ReadAll(r) }

func ReadFile(name string) ([]byte, error)
func WriteFile(name string, data []byte, perm fs.FileMode) error
func ReadDir(name string) ([]fs.FileInfo, error)
func TempFile(dir, pattern string) (*os.File, error)
func TempDir(dir, pattern string) (string, error)
