package forecast

import "openiis.org/iis"

// Patient is all that an evaluation needs to know of a client.
type Patient struct {
	Birth        iis.Date
	Gender       iis.Gender
	BirthCountry string // ISO 3166-1 alpha-3; "" if not known
	Doses        []Dose // in any order
	Observations []Observation
	Exemptions   []Exemption
}

// Dose is a dose that was given, as far as it matters here. Same-day reports of
// one shot are folded before, and refusals left out.
type Dose struct {
	Date      iis.Date
	CVX       string
	MVX       string   // "" if not known
	TradeName string   // "" if not known
	Expires   iis.Date // of the lot
	// Recalled says that the dose is known to be less than a full one: a recall, a
	// broken cold chain, a part of it spilt.
	Recalled bool
}

// Observation is something observed of a patient, by its code in CDSi. It holds
// from From, or ever if that is not known, to the day Until, or on if there is
// none.
type Observation struct {
	Code        string
	From, Until iis.Date
}

// Exemption is a medical exemption from a vaccine group, of which CDSi knows
// nothing: where a dose would be due, the group is contraindicated.
type Exemption struct {
	VaccineGroup string
	From, Until  iis.Date
}

// Comment takes in a coded comment of a client that applies to a day: the
// observations it stands for, or the exemption, for as long as it counts. A
// refusal, and whatever CDSi has no observation for, changes nothing.
func (p *Patient) Comment(code iis.CommentCode, applies iis.Date) {
	row, ok := iis.CommentRowOf(code)
	if !ok {
		return
	}
	until := row.Ends(applies)
	if !until.IsZero() {
		until = until.AddDays(-1)
	}
	for _, o := range row.CDSi {
		p.Observations = append(p.Observations, Observation{Code: o, From: applies, Until: until})
	}
	if row.Kind == iis.KindExemption {
		for _, g := range row.Groups {
			p.Exemptions = append(p.Exemptions, Exemption{VaccineGroup: g, From: applies, Until: until})
		}
	}
}
