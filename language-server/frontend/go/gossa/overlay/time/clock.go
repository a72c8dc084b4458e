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

func timerStart(t *timer, when, period int64, f func())
func timerStop(t *timer) bool

type Timer struct {
	timer timer
	fire  func()
	ch    chan Time

	C <-chan Time
}

func NewTimer(d Duration) *Timer {
	c := make(chan Time, 1)
	t := &Timer{fire: func() { sendTime(c) }, ch: c, C: c}
	timerStart(&t.timer, delay(d), 0, t.fire)
	return t
}

func AfterFunc(d Duration, f func()) *Timer {
	t := &Timer{fire: f}
	timerStart(&t.timer, delay(d), 0, f)
	return t
}

func After(d Duration) <-chan Time { return NewTimer(d).C }

func delay(d Duration) int64 {
	if d < 0 {
		return 0
	}
	return int64(d)
}

func sendTime(c chan Time) {
	select {
	case c <- Now():
	default:
	}
}

// drain takes back a time that nobody has received: after Stop and Reset no stale one arrives.
func drain(c chan Time) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (t *Timer) Stop() bool {
	if t.fire == nil {
		panic("time: Stop called on uninitialized Timer")
	}
	active := timerStop(&t.timer)
	return drain(t.ch) || active
}

func (t *Timer) Reset(d Duration) bool {
	if t.fire == nil {
		panic("time: Reset called on uninitialized Timer")
	}
	active := t.Stop()
	timerStart(&t.timer, delay(d), 0, t.fire)
	return active
}

type Ticker struct {
	timer timer
	fire  func()
	ch    chan Time

	C <-chan Time
}

func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	c := make(chan Time, 1)
	t := &Ticker{fire: func() { sendTime(c) }, ch: c, C: c}
	timerStart(&t.timer, int64(d), int64(d), t.fire)
	return t
}

func (t *Ticker) Stop() {
	if t.fire == nil {
		return
	}
	timerStop(&t.timer)
	drain(t.ch)
}

func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if t.fire == nil {
		panic("time: Reset called on uninitialized Ticker")
	}
	t.Stop()
	timerStart(&t.timer, int64(d), int64(d), t.fire)
}

func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}
