package cdsi

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"openiis.org/iis"
)

// magic begins the compact form and names its version.
const magic = "openiis schedule 1\n"

// Encode writes a release in its compact form: a table of texts and numbers of
// variable length, compressed.
func Encode(w io.Writer, r *Release) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(encode(r)); err != nil {
		return err
	}
	return z.Close()
}

// greatestForm is how large the compact form of a release may be when it is no
// longer compressed.
const greatestForm = greatestAll

// Decode reads the compact form. Whether its hash is that of the rest, Verify
// tells.
func Decode(r io.Reader) (*Release, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("read a compact schedule: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, greatestForm+1))
	if err == nil && len(raw) > greatestForm {
		err = errors.New("it is too large")
	}
	if err != nil {
		return nil, fmt.Errorf("read a compact schedule: %w", err)
	}
	rel, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("read a compact schedule: %w", err)
	}
	return rel, nil
}

func decode(raw []byte) (*Release, error) {
	rel, c := &Release{}, &codec{reading: true}
	var ok bool
	if c.in, ok = bytes.CutPrefix(raw, []byte(magic)); !ok {
		return nil, errors.New("it has another form")
	}
	c.texts(&c.table)
	c.release(rel)
	if c.err == nil && len(c.in) > 0 {
		c.err = errors.New("it is longer than it should be")
	}
	if c.err != nil {
		return nil, c.err
	}
	return rel, nil
}

func encode(r *Release) []byte {
	c := &codec{index: map[string]int{}, periods: map[string]Period{}}
	c.release(r)
	head := &codec{}
	head.texts(&c.table)
	return append(append([]byte(magic), head.out...), c.out...)
}

// codec writes a value, or reads it, in the order of the methods it calls: one
// description of the form serves both ways, so that they cannot differ.
type codec struct {
	reading bool
	in, out []byte
	table   []string
	index   map[string]int    // of table, while writing
	periods map[string]Period // read before, by text
	err     error
}

func (c *codec) int(p *int) {
	if !c.reading {
		c.out = binary.AppendVarint(c.out, int64(*p))
		return
	}
	v, n := binary.Varint(c.in)
	if n <= 0 {
		c.fail()
		return
	}
	c.in = c.in[n:]
	*p = int(v)
}

func (c *codec) fail() {
	if c.err == nil {
		c.err = io.ErrUnexpectedEOF
	}
	c.in = nil
}

// texts is the table of texts itself.
func (c *codec) texts(list *[]string) {
	each(c, list, func(s *string) {
		n := len(*s)
		c.int(&n)
		if !c.reading {
			c.out = append(c.out, *s...)
			return
		}
		if n < 0 || n > len(c.in) {
			c.fail()
			return
		}
		*s, c.in = string(c.in[:n]), c.in[n:]
	})
}

// str is a text, by its place in the table.
func (c *codec) str(s *string) {
	if !c.reading {
		i, ok := c.index[*s]
		if !ok {
			i = len(c.table)
			c.index[*s] = i
			c.table = append(c.table, *s)
		}
		c.int(&i)
		return
	}
	var i int
	if c.int(&i); i < 0 || i >= len(c.table) {
		c.fail()
		return
	}
	*s = c.table[i]
}

func (c *codec) bool(b *bool) {
	i := 0
	if *b {
		i = 1
	}
	c.int(&i)
	*b = i == 1
}

func (c *codec) date(d *iis.Date) {
	s := d.String()
	c.str(&s)
	if c.reading {
		var err error
		if *d, err = iis.ParseDate(s); err != nil && c.err == nil {
			c.err = err
		}
	}
}

func (c *codec) period(p *Period) {
	c.str(&p.Text)
	if !c.reading || p.Text == "" {
		return
	}
	known, ok := c.periods[p.Text]
	if !ok {
		var err error
		if known, err = ParsePeriod(p.Text); err != nil && c.err == nil {
			c.err = err
		}
		if c.periods == nil {
			c.periods = map[string]Period{}
		}
		c.periods[p.Text] = known
	}
	*p = known
}

// each is a list: its length and its elements.
func each[T any](c *codec, list *[]T, f func(*T)) {
	n := len(*list)
	c.int(&n)
	if c.reading {
		if n < 0 || n > len(c.in) { // an element takes a byte at least
			c.fail()
			return
		}
		*list = nil
		if n > 0 {
			*list = make([]T, n)
		}
	}
	for i := range *list {
		f(&(*list)[i])
	}
}

func (c *codec) strs(list *[]string) { each(c, list, c.str) }
func (c *codec) ints(list *[]int)    { each(c, list, c.int) }

func (c *codec) release(r *Release) {
	c.str(&r.Version)
	c.str(&r.Source)
	c.str(&r.Hash)
	each(c, &r.Antigens, c.antigen)
	each(c, &r.Conflicts, func(x *Conflict) {
		c.int(&x.Previous)
		c.int(&x.Current)
		c.period(&x.Begin)
		c.period(&x.MinEnd)
		c.period(&x.End)
	})
	each(c, &r.Groups, func(g *Group) {
		c.str(&g.Name)
		c.bool(&g.Full)
		c.strs(&g.Antigens)
	})
	each(c, &r.Vaccines, func(v *Vaccine) {
		c.int(&v.CVX)
		c.str(&v.Name)
		each(c, &v.Associations, func(a *Association) {
			c.str(&a.Antigen)
			c.period(&a.BeginAge)
			c.period(&a.EndAge)
		})
	})
	each(c, &r.Observations, func(o *Observation) {
		for _, s := range []*string{&o.Code, &o.Title, &o.Indication, &o.Contraindication, &o.Clarifying} {
			c.str(s)
		}
		c.period(&o.Window)
	})
}

func (c *codec) antigen(a *Antigen) {
	c.str(&a.Name)
	c.strs(&a.Immunity)
	each(c, &a.BirthImmunity, func(b *BirthImmunity) {
		c.date(&b.Before)
		c.str(&b.Country)
		c.strs(&b.Exclusions)
	})
	each(c, &a.Contraindications, func(x *Contraindication) {
		c.str(&x.Observation)
		c.str(&x.Text)
		c.str(&x.Guidance)
		c.period(&x.BeginAge)
		c.period(&x.EndAge)
	})
	each(c, &a.Contraindicated, func(x *ContraindicatedVaccines) {
		c.str(&x.Observation)
		c.str(&x.Text)
		c.str(&x.Guidance)
		each(c, &x.Vaccines, c.window)
	})
	each(c, &a.Series, c.series)
}

func (c *codec) window(w *VaccineWindow) {
	c.int(&w.CVX)
	c.period(&w.BeginAge)
	c.period(&w.EndAge)
}

func (c *codec) series(s *Series) {
	c.str(&s.Name)
	c.str(&s.Group)
	c.strs(&s.Guidance)
	c.str(&s.Type)
	c.ints(&s.Equivalent)
	c.strs(&s.Genders)
	c.bool(&s.Default)
	c.bool(&s.ProductPath)
	c.int(&s.SeriesGroup)
	c.str(&s.GroupName)
	c.str(&s.Priority)
	c.int(&s.Preference)
	c.period(&s.MinAge)
	c.period(&s.MaxAge)
	each(c, &s.Indications, func(i *Indication) {
		c.str(&i.Observation)
		c.str(&i.Text)
		c.period(&i.BeginAge)
		c.period(&i.EndAge)
		c.str(&i.Guidance)
	})
	each(c, &s.Doses, c.dose)
}

func (c *codec) dose(d *Dose) {
	each(c, &d.Ages, func(a *Age) {
		for _, p := range []*Period{&a.AbsMin, &a.Min, &a.EarliestRec, &a.LatestRec, &a.Max} {
			c.period(p)
		}
		c.date(&a.Effective)
		c.date(&a.Cessation)
	})
	each(c, &d.Intervals, c.interval)
	each(c, &d.Allowable, c.interval)
	each(c, &d.Preferable, func(v *PreferableVaccine) {
		c.window(&v.VaccineWindow)
		c.str(&v.TradeName)
		c.str(&v.MVX)
		c.str(&v.Volume)
		c.bool(&v.Forecast)
	})
	each(c, &d.Alternative, c.window)
	c.ints(&d.Inadvertent)
	each(c, &d.Skips, func(s *Skip) {
		c.str(&s.Context)
		c.bool(&s.All)
		each(c, &s.Sets, func(z *Set) {
			c.str(&z.Description)
			c.date(&z.Effective)
			c.date(&z.Cessation)
			c.bool(&z.All)
			each(c, &z.Conditions, c.condition)
		})
	})
	c.bool(&d.Recurring)
	c.date(&d.SeasonStart)
	c.date(&d.SeasonEnd)
}

func (c *codec) interval(i *Interval) {
	c.bool(&i.FromPrevious)
	c.int(&i.FromTarget)
	c.ints(&i.FromMostRecent)
	c.str(&i.FromObservation)
	for _, p := range []*Period{&i.AbsMin, &i.Min, &i.EarliestRec, &i.LatestRec} {
		c.period(p)
	}
	c.bool(&i.Override)
	c.date(&i.Effective)
	c.date(&i.Cessation)
}

func (c *codec) condition(x *Condition) {
	c.str(&x.Type)
	c.date(&x.Start)
	c.date(&x.End)
	c.period(&x.BeginAge)
	c.period(&x.EndAge)
	c.period(&x.Interval)
	c.int(&x.Count)
	c.bool(&x.Valid)
	c.str(&x.Compare)
	c.ints(&x.CVX)
	c.ints(&x.SeriesGroups)
}
