package math

// FMA returns x * y + z, computed with only one rounding.
func FMA(x, y, z float64) float64
