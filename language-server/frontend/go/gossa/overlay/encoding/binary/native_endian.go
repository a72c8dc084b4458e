package binary

type nativeEndian struct {
	littleEndian
}

// NativeEndian is that of amd64.
var NativeEndian nativeEndian
