package pdf

import "fmt"

// element is a node of the tree that says what the pieces on the pages are
// (ISO 32000-1, 14.7).
type element struct {
	kind   string // a standard structure type: "P", "TD"
	lang   string
	alt    string
	id     string // by which cells name their headers
	attrs  string // a dictionary of attributes, as it stands in the file
	parent *element
	kids   []kid // in reading order

	number int // of its object in the file
}

// kid is an element or a piece of a page.
type kid struct {
	element *element
	page    int // from 0
	mark    int // the number of the piece on its page
}

// add appends a new element.
func (e *element) add(kind string) *element {
	child := &element{kind: kind, parent: e}
	e.kids = append(e.kids, kid{element: child})
	return child
}

// all lists the element and those below it in reading order.
func (e *element) all() []*element {
	list := []*element{e}
	for _, k := range e.kids {
		if k.element != nil {
			list = append(list, k.element.all()...)
		}
	}
	return list
}

// scope says whose header a cell is: "Row" or "Column", across so many columns.
func (e *element) scope(of string, across int) {
	e.attrs = "<</O/Table/Scope/" + of
	if across > 1 {
		e.attrs += fmt.Sprintf("/ColSpan %d", across)
	}
	e.attrs += ">>"
}
