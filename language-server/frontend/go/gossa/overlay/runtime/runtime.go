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

// Stack gives the first line of a stack: what stands in it is for people to read.
func Stack(buf []byte, all bool) int { return copy(buf, "goroutine 1 [running]:\n") }

// ReadMemStats tells nothing: there is no memory that is measured.
func ReadMemStats(m *MemStats) {}

// MemStats are the figures of programs that look at them.
type MemStats struct {
	opaque struct{}
}

func GOROOT() string  { return "" }
func Version() string { return "go1.26" }

// Where calls come from is not known, which programs must expect: it is so in a stripped one.

func Caller(skip int) (pc uintptr, file string, line int, ok bool) { return }
func Callers(skip int, pc []uintptr) int                           { return 0 }
func FuncForPC(pc uintptr) *Func                                   { return nil }
func CallersFrames(callers []uintptr) *Frames                      { return &Frames{} }

type Func struct {
	opaque struct{}
}

func (f *Func) Name() string                                { return "" }
func (f *Func) Entry() uintptr                              { return 0 }
func (f *Func) FileLine(pc uintptr) (file string, line int) { return "", 0 }

type Frames struct {
	opaque struct{}
}

// Frame has the cells of the real one.
type Frame struct {
	PC        uintptr
	Func      *Func
	Function  string
	File      string
	Line      int
	startLine int
	Entry     uintptr
	funcInfo  struct{ function, module *Func }
}

func (ci *Frames) Next() (frame Frame, more bool) { return }
