package sync

// Map is a plain map behind a lock. Taking the lock is the one scheduling point of an operation.
type Map struct {
	mu Mutex
	m  map[any]any
}

// enter is scheduled, see models/visible.ts.
func (m *Map) enter() { m.mu.Lock() }

func (m *Map) leave() { m.mu.Unlock() }

func (m *Map) Load(key any) (value any, ok bool) {
	m.enter()
	defer m.leave()
	value, ok = m.m[key]
	return value, ok
}

func (m *Map) Store(key, value any) { m.Swap(key, value) }

func (m *Map) Clear() {
	m.enter()
	defer m.leave()
	clear(m.m)
}

func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	m.enter()
	defer m.leave()
	if actual, loaded = m.m[key]; loaded {
		return actual, true
	}
	m.set(key, value)
	return value, false
}

func (m *Map) set(key, value any) {
	if m.m == nil {
		m.m = map[any]any{}
	}
	m.m[key] = value
}

func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	m.enter()
	defer m.leave()
	value, loaded = m.m[key]
	delete(m.m, key)
	return value, loaded
}

func (m *Map) Delete(key any) { m.LoadAndDelete(key) }

func (m *Map) Swap(key, value any) (previous any, loaded bool) {
	m.enter()
	defer m.leave()
	previous, loaded = m.m[key]
	m.set(key, value)
	return previous, loaded
}

func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	m.enter()
	defer m.leave()
	if value, ok := m.m[key]; !ok || value != old {
		return false
	}
	m.m[key] = new
	return true
}

func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	m.enter()
	defer m.leave()
	if value, ok := m.m[key]; !ok || value != old {
		return false
	}
	delete(m.m, key)
	return true
}

func (m *Map) Range(f func(key, value any) bool) {
	for _, key := range m.keys() {
		value, ok := m.peek(key)
		if ok && !f(key, value) {
			return
		}
	}
}

func (m *Map) keys() []any {
	m.enter()
	defer m.leave()
	keys := make([]any, 0, len(m.m))
	for key := range m.m {
		keys = append(keys, key)
	}
	return keys
}

func (m *Map) peek(key any) (value any, ok bool) {
	m.enter()
	defer m.leave()
	value, ok = m.m[key]
	return value, ok
}
