package gossa

// Mentions are by function what the last image of a package keeps of it: the same for a row that was lent by the one before.
func (s *Session) Mentions(path string) map[string]any {
	out := map[string]any{}
	if k := s.kept[path]; k != nil {
		for name, fn := range k.funcs {
			out[name] = fn.mentions
		}
	}
	return out
}
