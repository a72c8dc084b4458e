package main

import (
	"fmt"
	"hash/fnv"
	"math"
)

// Digests of many results, so that the last bit of each counts.
func main() {
	funcs := []struct {
		name string
		f    func(x float64) float64
	}{
		{"exp", math.Exp}, {"log", func(x float64) float64 { return math.Log(math.Abs(x)) }}, {"sinh", func(x float64) float64 { return math.Sinh(x / 50) }},
		{"tanh", math.Tanh}, {"pow", func(x float64) float64 { return math.Pow(math.Abs(x), x/77) }}, {"expm1", func(x float64) float64 { return math.Expm1(x / 90) }},
		{"gamma", func(x float64) float64 { return math.Gamma(x / 100) }}, {"erf", math.Erf}, {"sin", math.Sin}, {"tan", math.Tan}, {"atan", math.Atan},
		{"exp2", func(x float64) float64 { return math.Exp2(x / 9) }}, {"log1p", func(x float64) float64 { return math.Log1p(math.Abs(x)) }}, {"cbrt", math.Cbrt},
		{"fma", func(x float64) float64 { return math.FMA(x, 0.1, x/3) }}, {"hypot", func(x float64) float64 { return math.Hypot(x, 3) }}, {"log10", func(x float64) float64 { return math.Log10(math.Abs(x)) }},
	}
	for _, it := range funcs {
		h := fnv.New64a()
		x := -745.0
		for range 300 {
			fmt.Fprintln(h, it.f(x))
			x += 4.97123
		}
		fmt.Println(it.name, h.Sum64())
	}
}
