package roster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Named is a mapping that goes by the names of a file's columns, in whatever order
// they stand.
type Named struct {
	Columns map[string]string `json:"columns"` // names of the file to ours; "" is not read
	Dates   DateOrder         `json:"dates"`   // MonthFirst if empty
}

// ReadNamed reads a Named as JSON.
func ReadNamed(r io.Reader) (n Named, err error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return n, fmt.Errorf("a mapping is {\"columns\":{\"NAME\":\"column\"},\"dates\":\"mdy\"}: %w", err)
	}
	if n.Dates == "" {
		n.Dates = MonthFirst
	}
	if !slices.Contains(DateOrders, n.Dates) {
		return n, errors.New("dates of a mapping are mdy, ymd or dmy")
	}
	return n, nil
}

// NewNamedReader reads the first line of a file and then its rows as a mapping
// says. A column that it does not name has to have a name of ours.
func NewNamedReader(r io.Reader, k Kind, n Named) (*Reader, error) {
	x, err := begin(r)
	if err != nil {
		return nil, err
	}
	m := Mapping{Columns: make([]string, len(x.header)), Dates: n.Dates}
	for i, name := range x.header {
		as, said := n.Columns[name]
		if !said {
			c, err := place(k.Columns(), name)
			if err != nil {
				return nil, err
			}
			as = k.column(c.Name).Name
		} else if as != "" && k.column(as).Name != as {
			return nil, fmt.Errorf("the mapping reads a column as %q, which is none", clip(as))
		}
		if !strings.HasPrefix(as, Note) {
			m.Columns[i] = as
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.Columns)) {
		if !slices.Contains(x.header, name) {
			return nil, fmt.Errorf("the file has no column %q, which the mapping names", clip(name))
		}
	}
	return x, x.mapped(k, m)
}
