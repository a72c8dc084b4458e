package gossa

import (
	"go/ast"
	"go/types"
)

func (l *loader) sanitize(u *unit, files []*ast.File, problems []types.Error) []*ast.File {
	for _, problem := range problems {
		if !problem.Soft {
			u.gaps = append(u.gaps, gap{extent{problem.Pos, problem.Pos + 1}, "does not type-check: " + problem.Msg})
		}
	}
	return files
}

func (p *program) isolate(u *unit, reason any) { panic(panicReason(reason)) }
