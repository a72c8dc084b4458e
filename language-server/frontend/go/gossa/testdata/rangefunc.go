package rangefunc

func Seq(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}

func Sum(work func()) (sum int) {
	for x := range Seq {
		if x == 2 {
			break
		}
		defer work()
		go func() { sum += x }()
	}
	for i := range 3 {
		go func() { sum += i }()
	}
	for i, c := range "añ" {
		sum += i + int(c)
	}
	return sum
}
