// Package sync for the virtual machine. What has no body is one instruction of the machine, see
// frontend/go/models/sync.ts; the first cell of each type is the machine's.
package sync

type Locker interface {
	Lock()
	Unlock()
}

type Mutex struct {
	state int
}

func (m *Mutex) Lock()
func (m *Mutex) TryLock() bool
func (m *Mutex) Unlock()

type RWMutex struct {
	state int
}

func (rw *RWMutex) RLock()
func (rw *RWMutex) TryRLock() bool
func (rw *RWMutex) RUnlock()
func (rw *RWMutex) Lock()
func (rw *RWMutex) TryLock() bool
func (rw *RWMutex) Unlock()

func (rw *RWMutex) RLocker() Locker { return (*rlocker)(rw) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }

type WaitGroup struct {
	state  int
	noCopy noCopy
}

func (wg *WaitGroup) Add(delta int)
func (wg *WaitGroup) Done()
func (wg *WaitGroup) Wait()

func (wg *WaitGroup) Go(f func())

type Once struct {
	state int
}

func onceBegin(o *Once) bool
func onceEnd(o *Once)

func (o *Once) Do(f func()) {
	if onceBegin(o) {
		defer onceEnd(o)
		f()
	}
}

type Cond struct {
	state  int
	noCopy noCopy

	L Locker
}

func NewCond(l Locker) *Cond { return &Cond{L: l} }

func condEnqueue(c *Cond)
func condPark(c *Cond)

func (c *Cond) Wait() {
	condEnqueue(c)
	c.L.Unlock()
	condPark(c)
	c.L.Lock()
}

func (c *Cond) Signal()
func (c *Cond) Broadcast()

type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
