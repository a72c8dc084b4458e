// Command genstd writes the standard library as gossa and the virtual machine need it.
package main

import (
	"flag"
	"fmt"
	"os"
	"sort"

	"happens-before/gossa/genstd"
)

func main() {
	out := flag.String("out", "std", "folder to write")
	overlay := flag.String("overlay", "overlay", "folder of replacements, by import path")
	flag.Parse()
	if err := run(*out, *overlay); err != nil {
		fmt.Fprintln(os.Stderr, "genstd:", err)
		os.Exit(1)
	}
}

func run(out, overlay string) error {
	std, err := genstd.Generate(overlay)
	if err != nil {
		return err
	}
	paths := make([]string, 0, len(std.Problems))
	for path := range std.Problems {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	size := 0
	for _, path := range paths {
		size += len(std.Images[path])
		fmt.Printf("%-34s %8d bytes, %d problems\n", path, len(std.Images[path]), len(std.Problems[path]))
		for i, problem := range std.Problems[path] {
			if i == 12 {
				fmt.Println("    …")
				break
			}
			fmt.Println("   ", problem)
		}
	}
	fmt.Printf("types %.2f MB, images %.2f MB in %d packages, not found %v\n",
		float64(len(std.Types))/1e6, float64(size)/1e6, len(std.Images), std.Missing)
	return std.Write(out)
}
