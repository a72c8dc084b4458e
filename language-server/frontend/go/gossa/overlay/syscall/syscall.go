// Package syscall for a machine without a system: the signals that programs name, and what others ask the system for.
package syscall

const (
	SIGHUP  Signal = 0x1
	SIGINT  Signal = 0x2
	SIGQUIT Signal = 0x3
	SIGKILL Signal = 0x9
	SIGUSR1 Signal = 0xa
	SIGUSR2 Signal = 0xc
	SIGPIPE Signal = 0xd
	SIGALRM Signal = 0xe
	SIGTERM Signal = 0xf
)

type Signal int

func (s Signal) Signal() {}

func (s Signal) String() string {
	if name, ok := names[s]; ok {
		return name
	}
	return "signal"
}

var names = map[Signal]string{
	SIGHUP:  "hangup",
	SIGINT:  "interrupt",
	SIGQUIT: "quit",
	SIGKILL: "killed",
	SIGUSR1: "user defined signal 1",
	SIGUSR2: "user defined signal 2",
	SIGPIPE: "broken pipe",
	SIGALRM: "alarm clock",
	SIGTERM: "terminated",
}

func Getenv(key string) (value string, found bool)

// Errno is an error of a system that is not there.
type Errno uintptr

const (
	ENOENT  Errno = 0x2
	ENOTDIR Errno = 0x14
)

func (e Errno) Error() string
func (e Errno) Is(target error) bool
func (e Errno) Temporary() bool
func (e Errno) Timeout() bool
