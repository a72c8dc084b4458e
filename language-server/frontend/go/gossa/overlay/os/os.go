// Package os for a machine without files: the standard streams, arguments, an empty environment.
// What needs a real system has no body, and stops an execution by name.
package os

import (
	"errors"
	"internal/oserror"
	"io"
	"io/fs"
	"syscall"
)

const (
	O_RDONLY = 0x0
	O_WRONLY = 0x1
	O_RDWR   = 0x2
	O_APPEND = 0x400
	O_CREATE = 0x40
	O_EXCL   = 0x80
	O_SYNC   = 0x101000
	O_TRUNC  = 0x200

	PathSeparator     = '/'
	PathListSeparator = ':'
	DevNull           = "/dev/null"
)

var (
	ErrInvalid     = fs.ErrInvalid
	ErrPermission  = fs.ErrPermission
	ErrExist       = fs.ErrExist
	ErrNotExist    = fs.ErrNotExist
	ErrClosed      = fs.ErrClosed
	ErrNoDeadline  = errors.New("file type does not support deadline")
	ErrProcessDone = errors.New("os: process already finished")

	ErrDeadlineExceeded error = &deadlineExceeded{}
)

type deadlineExceeded struct{}

func (*deadlineExceeded) Error() string   { return "i/o timeout" }
func (*deadlineExceeded) Timeout() bool   { return true }
func (*deadlineExceeded) Temporary() bool { return true }

type (
	PathError = fs.PathError
	FileInfo  = fs.FileInfo
	FileMode  = fs.FileMode
	DirEntry  = fs.DirEntry
)

const (
	ModeDir  = fs.ModeDir
	ModePerm = fs.ModePerm
)

// Args holds the command line.
var Args = []string{"main"}

// A File is one of the three standard streams.
type File struct {
	*file
}

type file struct {
	fd   int
	name string
}

var (
	Stdin  = &File{&file{0, "/dev/stdin"}}
	Stdout = &File{&file{1, "/dev/stdout"}}
	Stderr = &File{&file{2, "/dev/stderr"}}
)

// write hands bytes to the machine.
func write(fd int, b []byte)

func (f *File) Write(b []byte) (n int, err error) {
	if f == nil {
		return 0, ErrInvalid
	}
	if f.fd == 0 {
		return 0, &PathError{Op: "write", Path: f.name, Err: errors.New("bad file descriptor")}
	}
	write(f.fd, b)
	return len(b), nil
}

func (f *File) WriteString(s string) (n int, err error) { return f.Write([]byte(s)) }

// Read finds nothing: standard input is empty.
func (f *File) Read(b []byte) (n int, err error) {
	if f == nil {
		return 0, ErrInvalid
	}
	if len(b) == 0 {
		return 0, nil
	}
	return 0, io.EOF
}

func (f *File) Name() string { return f.name }
func (f *File) Fd() uintptr  { return uintptr(f.fd) }
func (f *File) Sync() error  { return nil }
func (f *File) Close() error { return nil }

func Exit(code int)

// env is the environment, which begins empty.
var env = map[string]string{}

func Getenv(key string) string { return env[key] }

func LookupEnv(key string) (string, bool) {
	value, ok := env[key]
	return value, ok
}

func Setenv(key, value string) error {
	if key == "" {
		return ErrInvalid
	}
	env[key] = value
	return nil
}

func Unsetenv(key string) error {
	delete(env, key)
	return nil
}

func Clearenv() { clear(env) }

func Environ() []string {
	var all []string
	for key, value := range env {
		all = append(all, key+"="+value)
	}
	return all
}

func Getpid() int      { return 1 }
func Getpagesize() int { return 4096 }

// IsPathSeparator reports whether c separates directories.
func IsPathSeparator(c uint8) bool { return c == PathSeparator }

func Hostname() (string, error) { return "localhost", nil }
func TempDir() string           { return "/tmp" }
func Getwd() (string, error)    { return "/", nil }

func IsExist(err error) bool      { return underlyingIs(err, oserror.ErrExist) }
func IsNotExist(err error) bool   { return underlyingIs(err, oserror.ErrNotExist) }
func IsPermission(err error) bool { return underlyingIs(err, oserror.ErrPermission) }
func IsTimeout(err error) bool {
	terr, ok := underlying(err).(interface{ Timeout() bool })
	return ok && terr.Timeout()
}

func underlyingIs(err, target error) bool { return underlying(err) == target }

func underlying(err error) error {
	if e, ok := err.(*PathError); ok {
		return e.Err
	}
	return err
}

type Signal interface {
	String() string
	Signal()
}

var (
	Interrupt Signal = syscall.SIGINT
	Kill      Signal = syscall.SIGKILL
)

// Files are not there.
func Create(name string) (*File, error)
func Lstat(name string) (FileInfo, error)
func Mkdir(name string, perm FileMode) error
func MkdirAll(path string, perm FileMode) error
func Open(name string) (*File, error)
func OpenFile(name string, flag int, perm FileMode) (*File, error)
func ReadDir(name string) ([]DirEntry, error)
func ReadFile(name string) ([]byte, error)
func Readlink(name string) (string, error)
func Remove(name string) error
func RemoveAll(path string) error
func Rename(oldpath, newpath string) error
func Stat(name string) (FileInfo, error)
func WriteFile(name string, data []byte, perm FileMode) error
func (f *File) Readdirnames(n int) (names []string, err error)
func (f *File) ReadDir(n int) ([]DirEntry, error)
func (f *File) Stat() (FileInfo, error)
