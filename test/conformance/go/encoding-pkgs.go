package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type level int

func (l level) MarshalText() ([]byte, error) { return []byte(strings.Repeat("!", int(l))), nil }

func (l *level) UnmarshalText(b []byte) error {
	*l = level(len(b))
	return nil
}

type inner struct {
	Name string           `json:"name"`
	Tags map[string]level `json:"tags,omitempty"`
	Any  any              `json:"any"`
	skip int
}

type outer struct {
	inner
	ID    uint8    `json:"id"`
	Ratio float64  `json:"ratio"`
	List  []*inner `json:"list"`
	Raw   []byte
	L     level
	Arr   [2]bool
}

func main() {
	v := outer{inner: inner{Name: "a<b", Tags: map[string]level{"z": 1, "k": 3}}, ID: 7, Ratio: 1e21, Raw: []byte("hi"), L: 2}
	v.List = append(v.List, &inner{Any: []int{1, 2}}, nil)
	b, err := json.Marshal(v)
	fmt.Println(string(b), err)
	var w outer
	fmt.Println(json.Unmarshal(b, &w), w.Name, w.Tags, w.L, w.List[0].Any, w.List[1] == nil, string(w.Raw))
	var a any
	err = json.Unmarshal([]byte(`{"x":[1,2.5,"s",null,true],"y":{"z":-1e3}}`), &a)
	fmt.Println(a, err)
	fmt.Println(json.Unmarshal([]byte(`{"id":300}`), &w))
	fmt.Println(json.Unmarshal([]byte(`{"id":`), &w))
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent(">", "  ")
	fmt.Println(enc.Encode(map[string]any{"b": 1, "a": []string{}}))
	fmt.Println(hex.EncodeToString([]byte("Go\xff")), hex.Dump([]byte("0123456789abcdefXYZ")))
	s := base64.StdEncoding.EncodeToString([]byte("any carnal pleas"))
	d, err := base64.URLEncoding.DecodeString(s)
	fmt.Println(s, string(d), err)
	r := csv.NewReader(strings.NewReader("a,\"b,\"\"c\"\nd,e\n"))
	fmt.Println(r.ReadAll())
	buf := binary.BigEndian.AppendUint32(nil, 0xdeadbeef)
	buf = binary.AppendUvarint(buf, 300)
	fmt.Printf("% x %#x\n", buf, binary.LittleEndian.Uint16(buf))
}
