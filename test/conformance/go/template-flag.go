package main

import (
	"errors"
	"flag"
	"fmt"
	"html"
	"net/url"
	"os"
	"strings"
	"text/template"
	"time"
)

type item struct {
	Name  string
	Price float64
	Tags  []string
}

func (i item) Upper() string             { return strings.ToUpper(i.Name) }
func (i *item) Twice(n int) (int, error) { return n * 2, nil }

func main() {
	t := template.Must(template.New("t").Funcs(template.FuncMap{"join": strings.Join}).Parse(
		`{{range $i, $e := .}}{{$i}}: {{.Upper | printf "%-6s|"}} {{printf "%.2f" .Price}}{{with .Tags}} [{{join . "+"}}]{{else}} -{{end}} {{.Twice $i}}
{{end}}{{len .}} {{if and (gt (len .) 1) true}}many{{end}}
`))
	err := t.Execute(os.Stdout, []*item{{"pen", 1.5, []string{"a", "b"}}, {"ink", 20, nil}})
	fmt.Println(err)
	err = template.Must(template.New("bad").Parse("{{.Missing}}\n")).Execute(os.Stdout, item{})
	fmt.Println(err)
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	fs.SetOutput(os.Stdout)
	n := fs.Int("n", 3, "number of `things`")
	d := fs.Duration("d", time.Second, "wait")
	v := fs.Bool("v", false, "verbose")
	fmt.Println(fs.Parse([]string{"-n=5", "--d", "2m", "-v", "rest"}), *n, *d, *v, fs.Args())
	fs.PrintDefaults()
	err = fs.Parse([]string{"-n", "x"})
	fmt.Println(err, errors.Is(err, flag.ErrHelp))
	u, err := url.Parse("http://u:p@h.example:80/a%20b?q=1&q=2#f")
	fmt.Println(u.Host, u.Path, u.Query()["q"], u.Fragment, u.User.Username(), err, url.QueryEscape("a&b c"))
	fmt.Println(html.EscapeString("<a href=\"x\">'&"), html.UnescapeString("&lt;&eacute;&#65;"))
}
