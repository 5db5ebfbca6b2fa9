package pair

import (
	"strings"

	"openiis.org/iis"
)

// Facts is what one record says of somebody, as it was written. Any field may
// be missing. Its JSON form is what "openiis match" reads.
type Facts struct {
	Last             string      `json:"last,omitempty"`
	First            string      `json:"first,omitempty"`
	Middle           string      `json:"middle,omitempty"`
	Suffix           string      `json:"suffix,omitempty"`
	Aliases          []FactsName `json:"aliases,omitempty"` // former and other names
	BirthDate        string      `json:"birthDate,omitempty"`
	Gender           string      `json:"gender,omitempty"` // M or F counts
	Street           string      `json:"street,omitempty"`
	City             string      `json:"city,omitempty"`
	State            string      `json:"state,omitempty"`
	Zip              string      `json:"zip,omitempty"`
	Phone            string      `json:"phone,omitempty"`
	Email            string      `json:"email,omitempty"`
	MotherMaidenLast string      `json:"motherMaidenLast,omitempty"`
	MotherFirst      string      `json:"motherFirst,omitempty"`
	MultipleBirth    *bool       `json:"multipleBirth,omitempty"` // nil if not known
	BirthOrder       int         `json:"birthOrder,omitempty"`    // 0 if not known
	IDs              []FactsID   `json:"ids,omitempty"`
}

// FactsName is a name somebody also has or had.
type FactsName struct {
	Last  string `json:"last,omitempty"`
	First string `json:"first,omitempty"`
}

// FactsID is a number somebody was given, and by whom: "SSN", "Medicaid", the
// chart numbers of one clinic.
type FactsID struct {
	System string `json:"system"`
	Value  string `json:"value"`
}

// FactsOf returns what is on file of a client. A chart number means something
// together with its organization only, which is its system.
func FactsOf(c iis.Client, aliases []iis.Alias, memberships []iis.Membership) Facts {
	f := Facts{
		Last: c.Name.Last, First: c.Name.First, Middle: c.Name.Middle, Suffix: c.Name.Suffix,
		Gender: string(c.Gender),
		Street: strings.TrimSpace(c.Address.Street + " " + c.Address.POBox), City: c.Address.City, State: c.Address.State, Zip: c.Address.Zip,
		Phone: c.Phone, Email: c.Email,
		MotherMaidenLast: c.MotherMaidenLast, MotherFirst: c.MotherFirst,
	}
	if !c.BirthDate.IsZero() {
		f.BirthDate = c.BirthDate.String()
	}
	for _, a := range aliases {
		f.Aliases = append(f.Aliases, FactsName{Last: a.Name.Last, First: a.Name.First})
	}
	if c.BirthCertificate != "" {
		f.IDs = append(f.IDs, FactsID{System: "birth certificate", Value: c.BirthCertificate})
	}
	for _, m := range memberships {
		if m.ChartNumber != "" {
			f.IDs = append(f.IDs, FactsID{System: "chart " + string(m.Organization), Value: m.ChartNumber})
		}
	}
	return f
}
