package cdsi

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"openiis.org/iis"
)

// node is an element of an XML file. What is read from it is marked, so that an
// element nobody knows is an error and not a rule that is quietly lost.
type node struct {
	name string
	text string
	kids []*node
	line int // of its file
	used bool
}

// deepest is how many elements may stand in one another; a release has nine.
const deepest = 32

// parse reads a file into its root element, after which nothing may follow. An
// attribute is an error, as CDC writes none; but the root may name its schema.
func parse(r io.Reader) (*node, error) {
	d := xml.NewDecoder(r)
	var root *node
	var stack []*node
	var texts [][]byte // of the stack
	for {
		t, err := d.Token()
		line, _ := d.InputPos()
		if err == io.EOF && root != nil {
			return root, nil
		}
		if err == io.EOF {
			return nil, errors.New("the file is empty")
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, line: line}
			switch {
			case root != nil:
				return nil, fmt.Errorf("line %d: element %s after the end", line, n.name)
			case len(stack) == deepest:
				return nil, fmt.Errorf("line %d: more than %d elements in one another", line, deepest)
			case len(stack) > 0:
				if len(t.Attr) > 0 {
					return nil, fmt.Errorf("line %d: attribute %s of element %s is not known", line, t.Attr[0].Name.Local, n.name)
				}
				up := stack[len(stack)-1]
				up.kids = append(up.kids, n)
			}
			stack, texts = append(stack, n), append(texts, nil)
		case xml.CharData:
			switch {
			case len(stack) > 0:
				texts[len(stack)-1] = append(texts[len(stack)-1], t...)
			case strings.Trim(string(t), " \t\r\n\ufeff") != "":
				return nil, fmt.Errorf("line %d: text outside of elements", line)
			}
		case xml.EndElement:
			n := stack[len(stack)-1]
			n.text = string(texts[len(stack)-1])
			if stack, texts = stack[:len(stack)-1], texts[:len(texts)-1]; len(stack) == 0 {
				root = n
			}
		case xml.Directive:
			return nil, fmt.Errorf("line %d: a document type, which CDC's files have not", line)
		}
	}
}

// blank reports whether the element says nothing: that is how the data writes
// that there is none.
func (n *node) blank() bool {
	if len(n.kids) == 0 {
		return clean(n.text) == ""
	}
	for _, k := range n.kids {
		if !k.blank() {
			return false
		}
	}
	return true
}

// clean trims a text; "n/a" is another way of writing none.
func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.EqualFold(s, "n/a") {
		return ""
	}
	return s
}

// reader takes values out of elements and remembers all that is wrong.
type reader struct {
	where []string          // the file first
	line  int               // of that which is looked at; 0 if it is more than one line
	files map[string]string // by antigen
	left  int64             // bytes that may still be read
	errs  []error
}

func (r *reader) in(format string, args ...any) func() {
	r.where = append(r.where, fmt.Sprintf(format, args...))
	return func() { r.where = r.where[:len(r.where)-1] }
}

func (r *reader) errorf(format string, args ...any) {
	where := slices.Clone(r.where)
	if r.line > 0 && len(where) > 0 {
		where[0] += fmt.Sprintf(":%d", r.line)
	}
	r.errs = append(r.errs, fmt.Errorf("%s: %s", strings.Join(where, ": "), fmt.Sprintf(format, args...)))
}

// all takes the elements of a name that are not blank.
func (n *node) all(name string) []*node {
	var list []*node
	for _, k := range n.kids {
		if k.name == name {
			k.used = true
			if !k.blank() {
				list = append(list, k)
			}
		}
	}
	return list
}

// one takes the element of a name, or an empty one; two are an error.
func (r *reader) one(n *node, name string) *node {
	list := n.all(name)
	switch len(list) {
	case 0:
		r.line = n.line
		return &node{name: name, line: n.line}
	case 1:
		r.line = list[0].line
		return list[0]
	}
	r.line = list[1].line
	r.errorf("%d elements %s, not one", len(list), name)
	return list[0]
}

// has reports the want of an element, which may be blank. Without it a part of
// the file is missing.
func (r *reader) has(n *node, name string) {
	if !slices.ContainsFunc(n.kids, func(k *node) bool { return k.name == name }) {
		r.line = n.line
		r.errorf("there is no element %s", name)
	}
}

// done reports the elements that nobody has taken.
func (r *reader) done(n *node) {
	for _, k := range n.kids {
		if !k.used {
			r.line = k.line
			r.errorf("element %s is not known", k.name)
			k.used = true
		}
	}
	r.line = n.line
	if len(n.kids) > 0 && strings.TrimSpace(n.text) != "" {
		r.errorf("text %q between elements", strings.TrimSpace(n.text))
	}
}

func (r *reader) str(n *node, name string) string {
	k := r.one(n, name)
	if len(k.kids) > 0 {
		r.errorf("%s has elements, not a text", name)
	}
	return clean(k.text)
}

func (r *reader) texts(n *node, name string) []string {
	var list []string
	for _, k := range n.all(name) {
		list = append(list, clean(k.text))
	}
	return list
}

func (r *reader) period(n *node, name string) Period {
	p, err := ParsePeriod(r.str(n, name))
	if err != nil {
		r.errorf("%s: %v", name, err)
	}
	return p
}

// date reads a day in the given layout of package time.
func (r *reader) date(n *node, name, layout string) iis.Date {
	s := r.str(n, name)
	if s == "" {
		return iis.Date{}
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		r.errorf("%s: %q is not a date", name, s)
		return iis.Date{}
	}
	return iis.DateOf(t)
}

// day reads a day as series write it.
func (r *reader) day(n *node, name string) iis.Date { return r.date(n, name, "20060102") }

// oneOf reads a word, in whatever case, as the one of the list it is. The empty
// word must be in the list to be taken.
func (r *reader) oneOf(n *node, name string, words ...string) string {
	s := r.str(n, name)
	for _, w := range words {
		if strings.EqualFold(s, w) {
			return w
		}
	}
	r.errorf("%s: %q is not one of %q", name, s, words)
	return words[0]
}

func (r *reader) yes(n *node, name string) bool { return r.oneOf(n, name, "Yes", "No") == "Yes" }

// number reads a whole number from 0; the empty text is 0.
func (r *reader) number(n *node, name string) int {
	s := r.str(n, name)
	if s == "" {
		return 0
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 || i > maxPeriod {
		r.errorf("%s: %q is not a number", name, s)
		return 0
	}
	return i
}

// numbers reads a list of numbers separated by semicolons.
func (r *reader) numbers(n *node, name string) []int {
	var list []int
	for s := range strings.SplitSeq(r.str(n, name), ";") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		i, err := strconv.Atoi(s)
		if err != nil || i < 0 || i > maxCVX {
			r.errorf("%s: %q is not a number", name, s)
			continue
		}
		list = append(list, i)
	}
	return list
}

// maxCVX is the greatest code of a vaccine; CDC gives three digits at most.
const maxCVX = 999

// cvx reads the code of a vaccine, which must be there.
func (r *reader) cvx(n *node, name string) int {
	s := r.str(n, name)
	i, err := strconv.Atoi(s)
	if err != nil || i < 1 || i > maxCVX {
		r.errorf("%s: %q is not a CVX code", name, s)
		return 0
	}
	return i
}

// code reads the code of an observation.
func (r *reader) code(n *node, name string) string {
	s := r.str(n, name)
	if s != "" && (len(s) != 3 || strings.Trim(s, "0123456789") != "") {
		r.errorf("%s: %q is not the code of an observation", name, s)
	}
	return s
}
