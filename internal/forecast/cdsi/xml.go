package cdsi

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
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
	used bool
}

// parse reads a file into its root element.
func parse(r io.Reader) (*node, error) {
	d := xml.NewDecoder(r)
	var stack []*node
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil, errors.New("the file is empty")
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local}
			if len(stack) > 0 {
				up := stack[len(stack)-1]
				up.kids = append(up.kids, n)
			}
			stack = append(stack, n)
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(t)
			}
		case xml.EndElement:
			n := stack[len(stack)-1]
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return n, nil
			}
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
	where []string
	errs  []error
}

func (r *reader) in(format string, args ...any) func() {
	r.where = append(r.where, fmt.Sprintf(format, args...))
	return func() { r.where = r.where[:len(r.where)-1] }
}

func (r *reader) errorf(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s", strings.Join(r.where, ": "), fmt.Sprintf(format, args...)))
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
		return &node{name: name}
	case 1:
		return list[0]
	}
	r.errorf("%d elements %s, not one", len(list), name)
	return list[0]
}

// done reports the elements that nobody has taken.
func (r *reader) done(n *node) {
	for _, k := range n.kids {
		if !k.used {
			r.errorf("element %s is not known", k.name)
			k.used = true
		}
	}
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
