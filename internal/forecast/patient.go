package forecast

import "openiis.org/iis"

// Patient is all that an evaluation needs to know of a client.
type Patient struct {
	Birth        iis.Date
	Gender       iis.Gender
	BirthCountry string // ISO 3166-1 alpha-3; "" if not known
	Doses        []Dose // in any order
	Observations []Observation
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
