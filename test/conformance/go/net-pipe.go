package main

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"time"
)

func main() {
	a, b := net.Pipe()
	go func() {
		fmt.Fprintln(a, "hello")
		fmt.Fprintln(a, "world")
		a.Close()
	}()
	lines := bufio.NewScanner(b)
	for lines.Scan() {
		fmt.Println(lines.Text())
	}
	fmt.Println(lines.Err(), b.LocalAddr(), b.RemoteAddr().Network())
	_, err := b.Write([]byte("x"))
	fmt.Println(err, err == io.ErrClosedPipe)

	c, d := net.Pipe()
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	var timeout net.Error
	fmt.Println(err, errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout())
	go d.Write([]byte("late"))
	c.SetReadDeadline(time.Time{})
	got := make([]byte, 4)
	n, err := io.ReadFull(c, got)
	fmt.Println(n, err, string(got))
	fmt.Println(net.ErrClosed)

	first, second := make([]byte, 8), make([]byte, 8)
	n, err = rand.Read(first)
	rand.Read(second)
	fmt.Println(n, err, string(first) == string(second), len(rand.Text()), rand.Text() == rand.Text())

	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	stack := make([]byte, 64)
	fmt.Println(runtime.Stack(stack, false) > 0, string(stack[:9]))
	frames := runtime.CallersFrames(nil)
	_, more := frames.Next()
	fmt.Println(more)
}
