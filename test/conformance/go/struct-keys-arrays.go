package main

import "fmt"

func main() {
	type pt struct{ x, y int }
	seen := map[pt]bool{}
	dirs := [...]pt{{0, 1}, {1, 0}, 3: {-1, 0}}
	cur := pt{}
	for i := range 8 {
		d := dirs[i%4]
		cur = pt{cur.x + d.x, cur.y + d.y}
		seen[cur] = true
	}
	fmt.Println(len(seen), cur, len(dirs), seen[pt{1, 2}])
	counts := map[[2]byte]int{}
	s := "abababc"
	for i := 0; i+1 < len(s); i++ {
		counts[[2]byte{s[i], s[i+1]}]++
	}
	fmt.Println(counts[[2]byte{'a', 'b'}], counts[[2]byte{'b', 'c'}])
}
