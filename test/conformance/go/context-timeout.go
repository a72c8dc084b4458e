package main

import (
	"context"
	"fmt"
	"time"
)

func main() {
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err(), ctx.Err() == context.DeadlineExceeded)
	case <-time.After(time.Second):
		fmt.Println("late")
	}
	d, ok := ctx.Deadline()
	fmt.Println(ok, d.Sub(start) >= 50*time.Millisecond, time.Since(start) < time.Second)
	parent, cancelParent := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancelParent()
	child, cancelChild := context.WithTimeout(parent, time.Hour)
	defer cancelChild()
	<-child.Done()
	fmt.Println(child.Err())
	stop := context.AfterFunc(child, func() { fmt.Println("after") })
	time.Sleep(10 * time.Millisecond)
	fmt.Println(stop())
}
