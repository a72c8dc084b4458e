package genstd

// Not called from here: the sources of these packages are read at build time, and importing them
// keeps their version in go.mod.
import (
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sync/semaphore"
	_ "golang.org/x/sync/singleflight"
)

// bundledPaths are packages outside the Go distribution that are shipped with it.
var bundledPaths = []string{
	"golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore", "golang.org/x/sync/singleflight",
}
