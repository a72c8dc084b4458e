// Every operation on edge values of every width, as digests.
package main

import (
	"fmt"
	"math"
	"math/cmplx"
)

type num interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr
}

func try(f func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprint(r)
		}
	}()
	return f()
}
func ops[T num](name string, xs []T) {
	h := uint64(1469598103934665603)
	mix := func(s string) {
		for i := 0; i < len(s); i++ {
			h ^= uint64(s[i])
			h *= 1099511628211
		}
	}
	for _, a := range xs {
		mix(fmt.Sprint(-a, ^a, float64(a), float32(a), int8(a), int16(a), int32(a), int64(a), uint8(a), uint16(a), uint32(a), uint64(a)))
		for _, b := range xs {
			mix(fmt.Sprint(a+b, a-b, a*b, a&b, a|b, a^b, a&^b, a < b, a <= b, a == b, min(a, b), max(a, b)))
			mix(try(func() string { return fmt.Sprint(a/b, a%b) }))
			mix(try(func() string { return fmt.Sprint(a<<b, a>>b) }))
		}
		for s := 0; s < 70; s += 3 {
			mix(fmt.Sprint(a<<s, a>>s))
		}
	}
	fmt.Println(name, h)
}
func main() {
	ops[int8]("int8", []int8{0, 1, -1, 2, -2, 3, -7, 127, -128, -127, 64})
	ops[int16]("int16", []int16{0, 1, -1, 2, -2, 3, -7, 32767, -32768, -32767, 16384})
	ops[int32]("int32", []int32{0, 1, -1, 2, -2, 3, -7, 2147483647, -2147483648, -2147483647, 1073741824, 65535, 65536, -65537, 2125315823})
	ops[int64]("int64", []int64{0, 1, -1, 2, -2, 3, -7, 9223372036854775807, -9223372036854775808, -9223372036854775807, 4611686018427387904, 9007199254740992, 9007199254740991, 9007199254740993, -9007199254740992, -9007199254740993, 4294967296, -4294967296, 1234567890123456789, -987654321098, 65535, 65536, -65537, 2125315823})
	ops[int]("int", []int{0, 1, -1, 2, -2, 3, -7, 9223372036854775807, -9223372036854775808, -9223372036854775807, 4611686018427387904, 9007199254740992, 9007199254740991, 9007199254740993, -9007199254740992, -9007199254740993, 4294967296, -4294967296, 1234567890123456789, -987654321098, 65535, 65536, -65537, 2125315823})
	ops[uint8]("uint8", []uint8{0, 1, 2, 3, 7, 127, 128, 255, 254})
	ops[uint16]("uint16", []uint16{0, 1, 2, 3, 7, 32767, 32768, 65535, 65534})
	ops[uint32]("uint32", []uint32{0, 1, 2, 3, 7, 2147483647, 2147483648, 4294967295, 4294967294, 65535, 65536, 3735928559})
	ops[uint64]("uint64", []uint64{0, 1, 2, 3, 7, 9223372036854775807, 9223372036854775808, 18446744073709551615, 18446744073709551614, 9007199254740992, 9007199254740991, 9007199254740993, 4503599627370496, 4294967296, 4294967295, 12345678901234567, 9876543210, 65535, 65536, 3735928559})
	ops[uint]("uint", []uint{0, 1, 2, 3, 7, 9223372036854775807, 9223372036854775808, 18446744073709551615, 18446744073709551614, 9007199254740992, 9007199254740991, 9007199254740993, 4503599627370496, 4294967296, 4294967295, 12345678901234567, 9876543210, 65535, 65536, 3735928559})
	ops[uintptr]("uintptr", []uintptr{0, 1, 2, 3, 7, 9223372036854775807, 9223372036854775808, 18446744073709551615, 18446744073709551614, 9007199254740992, 9007199254740991, 9007199254740993, 4503599627370496, 4294967296, 4294967295, 12345678901234567, 9876543210, 65535, 65536, 3735928559})

	fs := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1.5, -2.5, 1e10, 1e18, -1e18, 9.3e18, 1.8e19, 1e300, -1e300, 5e-324, math.MaxFloat32, math.SmallestNonzeroFloat32, math.Inf(1), math.Inf(-1), math.NaN(), math.Pi, 16777217, 9007199254740993}
	for _, a := range fs {
		h := uint64(1469598103934665603)
		mix := func(s string) {
			for i := 0; i < len(s); i++ {
				h ^= uint64(s[i])
				h *= 1099511628211
			}
		}
		mix(fmt.Sprintln(a, float32(a), -a, math.Floor(a), math.Ceil(a), math.Trunc(a), math.Round(a), math.RoundToEven(a), math.Sqrt(a), math.Abs(a), math.Float64bits(a), math.Float32bits(float32(a))))
		if a > -9e18 && a < 9e18 {
			mix(fmt.Sprintln(int64(a), int32(int64(a)), uint8(int64(a))))
		}
		fr, e := math.Frexp(a)
		ip, fp := math.Modf(a)
		mix(fmt.Sprintln(fr, e, ip, fp, math.Cbrt(a), math.Log2(a), math.Signbit(a), math.Nextafter(a, 2)))
		for _, b := range fs {
			mix(fmt.Sprintln(a+b, a-b, a*b, a/b, a < b, a == b, a != b, min(a, b), max(a, b), math.Mod(a, b), math.Max(a, b), math.Pow(a, b), math.Dim(a, b), math.Copysign(a, b), math.FMA(a, b, a), math.Remainder(a, b)))
			x, y := float32(a), float32(b)
			mix(fmt.Sprintln(x+y, x-y, x*y, x/y, x < y))
			c, d := complex(a, b), complex(b, a)
			mix(fmt.Sprintln(c+d, c-d, c*d, c/d, c == d, real(c), imag(d), cmplx.Abs(c), complex64(c)*complex64(d)))
			mix(fmt.Sprintf("%g %e %f %.3g %8.2f %+v %x %b %v %T\n", a, a, b, a, b, c, a, a, x, d))
		}
		fmt.Println(a, h)
	}
}
