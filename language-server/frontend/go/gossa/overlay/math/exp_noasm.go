package math

const haveArchExp = true

func archExp(x float64) float64
