package runtime

const (
	Compiler = "gc"
	GOOS     = "linux"
	GOARCH   = "amd64"
)

func Gosched()
func Goexit()
func KeepAlive(x any)
func NumGoroutine() int

// processors is what programs see of the machine: enough to make them start several workers.
var processors = 4

func NumCPU() int { return 4 }

func GOMAXPROCS(n int) int {
	old := processors
	if n > 0 {
		processors = n
	}
	return old
}

func SetDefaultGOMAXPROCS() {}

func NumCgoCall() int64 { return 0 }

func GC() {}

func SetFinalizer(obj, finalizer any) {}

func LockOSThread()   {}
func UnlockOSThread() {}

func GOROOT() string  { return "" }
func Version() string { return "go1.26" }

func Stack(buf []byte, all bool) int
func Caller(skip int) (pc uintptr, file string, line int, ok bool)
func Callers(skip int, pc []uintptr) int
func FuncForPC(pc uintptr) *Func
func CallersFrames(callers []uintptr) *Frames

type Func struct {
	opaque struct{}
}

func (f *Func) Name() string
func (f *Func) Entry() uintptr
func (f *Func) FileLine(pc uintptr) (file string, line int)

type Frames struct {
	callers []uintptr
}

type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	Entry    uintptr
}

func (ci *Frames) Next() (frame Frame, more bool)
