package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	sc := bufio.NewScanner(strings.NewReader("line one\nline two\n\nlast"))
	for sc.Scan() {
		fmt.Printf("%q\n", sc.Text())
	}
	ws := bufio.NewScanner(strings.NewReader("some words here"))
	ws.Split(bufio.ScanWords)
	n := 0
	for ws.Scan() {
		n++
	}
	fmt.Println(n, ws.Err())
	r := bufio.NewReader(strings.NewReader("ab\ncd"))
	s, err := r.ReadString('\n')
	fmt.Printf("%q %v\n", s, err)
	s, err = r.ReadString('\n')
	fmt.Printf("%q %v\n", s, err)
	w := bufio.NewWriter(os.Stdout)
	fmt.Fprintf(w, "buffered %d\n", 1)
	w.Flush()
	all, err := io.ReadAll(io.LimitReader(strings.NewReader("hello world"), 5))
	fmt.Println(string(all), err)
	var sb strings.Builder
	nn, err := io.Copy(&sb, io.TeeReader(strings.NewReader("tee"), io.Discard))
	fmt.Println(nn, err, sb.String())
	_, err = io.ReadFull(strings.NewReader("ab"), make([]byte, 3))
	fmt.Println(err, err == io.ErrUnexpectedEOF)
	io.WriteString(os.Stdout, "written\n")
}
