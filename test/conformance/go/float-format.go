package main

import (
	"fmt"
	"strconv"
)

func main() {
	for _, f := range []float64{0, 1, -1, 0.5, 1.0 / 3, 100, 1e6, 1e20, 1e21, 123456.789, 5e-324, 1.7976931348623157e308, -0.000001234} {
		fmt.Println(f, strconv.FormatFloat(f, 'f', -1, 64), strconv.FormatFloat(f, 'e', 3, 64), strconv.FormatFloat(f, 'g', 5, 64))
	}
}
