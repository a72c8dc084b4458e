package main

import "fmt"

func main() {
	errs := make(chan error)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				errs <- fmt.Errorf("caught %v", r)
			}
		}()
		var m map[string]int
		m["x"]++
	}()
	fmt.Println(<-errs)
}
