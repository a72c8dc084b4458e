package math

const haveArchLog = true

func archLog(x float64) float64
