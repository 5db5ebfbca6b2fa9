package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// digestForm is the form in which facts are digested. A new form gets a new
// number: records of an older one then count as changed.
const digestForm = "1"

// Digest is a hash of all that the official record with these options says of
// the client. It changes when what the record says does, and with nothing else:
// not with the words of labels, the day it is asked on, or another report of a
// shot that is on it.
func Digest(f Facts, o Options) string {
	var b strings.Builder
	line := func(what string, v ...any) {
		b.WriteString(what)
		for _, x := range v {
			fmt.Fprintf(&b, " %q", fmt.Sprint(x))
		}
		b.WriteByte('\n')
	}
	line("form", digestForm)
	line("client", f.Client, f.Birth)
	line("name", f.Name.Last, f.Name.First, f.Name.Middle, f.Name.Suffix)
	for _, s := range f.Shots {
		line("shot", s.Date, s.Vaccine, s.TradeName)
		for _, v := range s.Verdicts {
			line("verdict", v.VaccineGroup, v.Mark)
		}
	}
	list := f.kind(keptKinds...)
	if o.Comments {
		list = f.Comments
	}
	for _, c := range list {
		line("comment", c.Code, c.Date)
	}
	if o.Recommendations {
		for _, d := range f.recommended() {
			line("due", d.VaccineGroup, d.Standing, d.Earliest, d.Recommended, d.PastDue)
		}
		line("lapsed", strings.Join(f.Lapsed, ", "))
	}
	sum := sha256.Sum256([]byte(b.String()))
	return digestForm + "-" + hex.EncodeToString(sum[:])
}
