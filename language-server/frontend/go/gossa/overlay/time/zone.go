package time

var platformZoneSources []string

// Local is UTC, so that a program prints the same everywhere.
func initLocal() { localLoc.name = "UTC" }

func gorootZoneSource(goroot string) (string, bool) { return "", false }

func open(name string) (uintptr, error)
func read(fd uintptr, buf []byte) (int, error)
func closefd(fd uintptr)
func preadn(fd uintptr, buf []byte, off int) error
