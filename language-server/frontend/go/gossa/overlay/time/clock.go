package time

// The virtual clock starts here: 2009-11-10 23:00:00 UTC.
const epoch = 1257894000

// virtualNow is the nanoseconds since the program began.
func virtualNow() int64

// linkedNow and linkedNano are the bodies of now, runtimeNow and runtimeNano.
func linkedNow() (sec int64, nsec int32, mono int64) {
	t := virtualNow()
	return epoch + t/1e9, int32(t % 1e9), t + 1
}

func linkedNano() int64 { return virtualNow() + 1 }

func linkedBubbled() bool { return false }

func Sleep(d Duration)

// timer is the machine's.
type timer struct {
	state int
}

// timerStart makes the machine call target, a function, in a goroutine of its own, or send the time,
// which is now at the call, on target, a channel.
func timerStart(t *timer, when, period int64, target any, now Time)
func timerStop(t *timer) bool

type Timer struct {
	timer  timer
	target any

	C <-chan Time
}

func NewTimer(d Duration) *Timer {
	timer := make(chan Time, 1)
	t := &Timer{target: timer, C: timer}
	timerStart(&t.timer, delay(d), 0, t.target, Now())
	return t
}

func AfterFunc(d Duration, f func()) *Timer {
	t := &Timer{target: f}
	timerStart(&t.timer, delay(d), 0, t.target, Time{})
	return t
}

func After(d Duration) <-chan Time { return NewTimer(d).C }

func delay(d Duration) int64 {
	if d < 0 {
		return 0
	}
	return int64(d)
}

func (t *Timer) Stop() bool {
	if t.target == nil {
		panic("time: Stop called on uninitialized Timer")
	}
	return timerStop(&t.timer)
}

func (t *Timer) Reset(d Duration) bool {
	if t.target == nil {
		panic("time: Reset called on uninitialized Timer")
	}
	active := timerStop(&t.timer)
	timerStart(&t.timer, delay(d), 0, t.target, Now())
	return active
}

type Ticker struct {
	timer  timer
	target any

	C <-chan Time
}

func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	ticker := make(chan Time, 1)
	t := &Ticker{target: ticker, C: ticker}
	timerStart(&t.timer, int64(d), int64(d), t.target, Now())
	return t
}

func (t *Ticker) Stop() {
	if t.target != nil {
		timerStop(&t.timer)
	}
}

func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if t.target == nil {
		panic("time: Reset called on uninitialized Ticker")
	}
	timerStop(&t.timer)
	timerStart(&t.timer, int64(d), int64(d), t.target, Now())
}

func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}
