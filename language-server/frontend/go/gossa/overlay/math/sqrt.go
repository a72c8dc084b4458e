package math

func Sqrt(x float64) float64 { return sqrt(x) }

func sqrt(x float64) float64
