// Package sync stands in for the standard library's, so that the golden files are the same with
// every Go release.
package sync

type Mutex struct{ state int32 }

func (m *Mutex) Lock()
func (m *Mutex) Unlock()

type WaitGroup struct{ n int64 }

func (wg *WaitGroup) Add(delta int)
func (wg *WaitGroup) Done() { wg.Add(-1) }
func (wg *WaitGroup) Wait()
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
}

func OnceValue[T any](f func() T) func() T {
	var mu Mutex
	var done bool
	var value T
	return func() T {
		mu.Lock()
		defer mu.Unlock()
		if !done {
			done, value = true, f()
		}
		return value
	}
}
