// Package bytealg searches bytes with the machine's own functions.
package bytealg

const (
	// MaxBruteForce and MaxLen send every search straight to Index.
	MaxBruteForce = 1 << 40
	PrimeRK       = 16777619
)

var MaxLen = 1 << 40

func Cutover(n int) int { return 1 << 40 }

func Compare(a, b []byte) int
func CompareString(a, b string) int
func Count(b []byte, c byte) int
func CountString(s string, c byte) int
func Equal(a, b []byte) bool
func Index(a, b []byte) int
func IndexString(a, b string) int
func IndexByte(b []byte, c byte) int
func IndexByteString(s string, c byte) int
func LastIndexByte(s []byte, c byte) int
func LastIndexByteString(s string, c byte) int

func MakeNoZero(n int) []byte { return make([]byte, n) }

func LastIndexRabinKarp[T string | []byte](s, sep T) int {
	return lastIndex(string(s), string(sep))
}

func IndexRabinKarp[T string | []byte](s, sep T) int {
	return IndexString(string(s), string(sep))
}

func lastIndex(s, sep string) int

func HashStr[T string | []byte](sep T) (uint32, uint32) {
	hash := uint32(0)
	for i := 0; i < len(sep); i++ {
		hash = hash*PrimeRK + uint32(sep[i])
	}
	return hash, power(len(sep))
}

func HashStrRev[T string | []byte](sep T) (uint32, uint32) {
	hash := uint32(0)
	for i := len(sep) - 1; i >= 0; i-- {
		hash = hash*PrimeRK + uint32(sep[i])
	}
	return hash, power(len(sep))
}

func power(n int) uint32 {
	pow := uint32(1)
	for ; n > 0; n-- {
		pow *= PrimeRK
	}
	return pow
}
