package main

import (
	"fmt"
	"hash/fnv"
)

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h ^= uint64(s[i])
		h *= 1099511628211
	}
	return h
}

func main() {
	for _, s := range []string{"", "a", "hello", "happens before"} {
		fmt.Printf("%016x\n", hash(s))
	}
	h := fnv.New32a()
	h.Write([]byte("hello"))
	fmt.Println(h.Sum32())
}
