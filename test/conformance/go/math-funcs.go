package main

import (
	"fmt"
	"math"
)

func main() {
	fmt.Println(math.Sqrt(2), math.Floor(-1.5), math.Ceil(-1.5), math.Trunc(-1.5), math.Round(2.5), math.RoundToEven(2.5))
	fmt.Println(math.Abs(-3), math.Max(1, 2), math.Min(-0.5, 0), math.Mod(7, -3), math.Hypot(3, 4), math.Cbrt(27))
	fmt.Println(math.MaxInt64, math.MinInt64, uint64(math.MaxUint64), math.MaxInt32, math.SmallestNonzeroFloat64)
	fmt.Println(math.Float64bits(1.5), math.Float64frombits(0x4009_21fb_5444_2d18), math.Float32bits(-2), math.Signbit(-0.0), math.Copysign(3, -1))
	frac, exp := math.Frexp(10)
	i, f := math.Modf(3.25)
	fmt.Println(frac, exp, i, f, math.Ldexp(0.5, 4), math.IsNaN(math.NaN()), math.IsInf(math.Inf(-1), -1))
	fmt.Printf("%.6f %.6f %.6f %.6f %.6f\n", math.Sin(1), math.Log(10), math.Exp(1), math.Pow(2, 0.5), math.Atan2(1, 2))
}
