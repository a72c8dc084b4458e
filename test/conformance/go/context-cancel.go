package main

import (
	"context"
	"errors"
	"fmt"
)

type key string

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-ctx.Done()
		fmt.Println("stopped", ctx.Err())
	}()
	fmt.Println(ctx.Err())
	cancel()
	cancel()
	<-done
	child, cc := context.WithCancel(ctx)
	defer cc()
	fmt.Println(child.Err(), errors.Is(child.Err(), context.Canceled))
	v := context.WithValue(context.Background(), key("k"), 5)
	fmt.Println(v.Value(key("k")), v.Value(key("z")), v.Value("k"))
	cause, cancelCause := context.WithCancelCause(context.Background())
	cancelCause(errors.New("why"))
	fmt.Println(cause.Err(), context.Cause(cause))
	w := context.WithoutCancel(ctx)
	fmt.Println(w.Err(), w.Done() == nil)
	fmt.Println(context.Background(), context.TODO())
}
