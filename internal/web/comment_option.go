package web

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"sync"

	"openiis.org/iis"
)

// commentOptions are the options of the comment list, made once: there are some
// hundreds, and the page is the same for all but the one chosen.
var commentOptions = sync.OnceValue(func() *optionList {
	l := &optionList{}
	effects, last := map[string]int{}, -1
	for _, g := range iis.CommentsByKind() {
		l.parts = append(l.parts, option{html: `<optgroup label="` + html.EscapeString(string(g.Kind)) + `">`})
		for _, row := range g.Rows {
			n, ok := effects[row.Effect]
			if !ok {
				n = len(l.effects)
				effects[row.Effect] = n
				l.effects = append(l.effects, row.Effect)
			}
			// An option without a number has the effect of the one before it.
			number := ""
			if n != last {
				number, last = fmt.Sprintf(" data-e=%d", n), n
			}
			l.parts = append(l.parts, option{
				code: string(row.Code),
				html: fmt.Sprintf(`<option value="%s"%s>%s`, html.EscapeString(string(row.Code)), number, html.EscapeString(row.Label)),
			})
		}
		l.parts = append(l.parts, option{html: "</optgroup>"})
	}
	return l
})

type optionList struct {
	parts   []option
	effects []string
}

type option struct{ code, html string }

// CommentOptions is the list of comments with the given one chosen.
func (sc *clientScreen) CommentOptions(code string) template.HTML {
	var b strings.Builder
	b.Grow(40_000)
	known := code == ""
	b.WriteString(`<option value="">Choose a comment</option>`)
	for _, p := range commentOptions().parts {
		if code != "" && p.code == code {
			known = true
			b.WriteString(strings.Replace(p.html, "<option", "<option selected", 1))
			continue
		}
		b.WriteString(p.html)
	}
	if !known {
		fmt.Fprintf(&b, `<option value="%s" selected>%[1]s</option>`, html.EscapeString(code))
	}
	return template.HTML(b.String())
}

// CommentEffects are the sentences that the options refer to by number.
func (sc *clientScreen) CommentEffects() string { return strings.Join(commentOptions().effects, "|") }
