// Overlays belong to packages of the standard library; the go command must not take them for ours.
module happens-before/overlay

go 1.26
