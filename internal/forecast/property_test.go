package forecast

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast/cdsi"
)

// drawPatient draws a patient with doses that mostly belong together, and a day
// of assessment after all of them.
func drawPatient(t *rapid.T, s *Schedule) (Patient, iis.Date) {
	first := iis.Date{Year: 1940, Month: 1, Day: 1}
	p := Patient{
		Birth:        first.AddDays(rapid.IntRange(0, 84*365).Draw(t, "birth")),
		Gender:       rapid.SampledFrom([]iis.Gender{iis.Female, iis.Male, iis.UnknownGender}).Draw(t, "gender"),
		BirthCountry: rapid.SampledFrom([]string{"", "USA", "MEX"}).Draw(t, "country"),
	}
	age := rapid.SampledFrom([]int{60, 400, 2000, 7000, 30_000}).Draw(t, "age")
	asOf := p.Birth.AddDays(age)
	antigen := rapid.IntRange(0, len(s.antigens)-1).Draw(t, "antigen")
	var likely, any []string
	for cvx, v := range s.vaccines {
		if !v.known {
			continue
		}
		any = append(any, s.names[cvx])
		if slices.ContainsFunc(v.antigens, func(a association) bool { return a.antigen == antigen }) {
			likely = append(likely, s.names[cvx])
		}
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "doses") {
		list := likely
		if len(list) == 0 || rapid.IntRange(0, 3).Draw(t, fmt.Sprint("other", i)) == 0 {
			list = any
		}
		p.Doses = append(p.Doses, Dose{
			Date:     p.Birth.AddDays(rapid.IntRange(0, age).Draw(t, fmt.Sprint("day", i))),
			CVX:      rapid.SampledFrom(list).Draw(t, fmt.Sprint("cvx", i)),
			Recalled: rapid.IntRange(0, 20).Draw(t, fmt.Sprint("recalled", i)) == 0,
		})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "observations") {
		o := Observation{Code: rapid.SampledFrom(s.obsCodes).Draw(t, fmt.Sprint("code", i))}
		if rapid.Bool().Draw(t, fmt.Sprint("known", i)) {
			o.From = p.Birth.AddDays(rapid.IntRange(0, age).Draw(t, fmt.Sprint("from", i)))
		}
		p.Observations = append(p.Observations, o)
	}
	return p, asOf
}

// TestDeterministic runs patients in turn and together: what was run before, or
// runs beside, changes nothing.
func TestDeterministic(t *testing.T) {
	s := schedule(t)
	rapid.Check(t, func(t *rapid.T) {
		p, asOf := drawPatient(t, s)
		q, other := drawPatient(t, s)
		fresh, _ := s.Trace(p, asOf)
		s.Run(q, other)
		if diff := cmp.Diff(fresh, s.Run(p, asOf)); diff != "" {
			t.Fatalf("result after another patient (-fresh +after):\n%s", diff)
		}
	})
	list := readCopy(t, suites[1].copy)
	results := make(chan []Result)
	for range 4 {
		go func() {
			var out []Result
			for _, c := range list {
				out = append(out, s.Count(c.patient, c.asOf))
			}
			results <- out
		}()
	}
	want := <-results
	for range 3 {
		if diff := cmp.Diff(want, <-results); diff != "" {
			t.Fatalf("results of two goroutines:\n%s", diff)
		}
	}
}

// verdictsBySeries are the verdicts of every relevant series on the doses of a
// patient, by series and index of the dose.
func verdictsBySeries(s *Schedule, p Patient, asOf iis.Date) map[string]string {
	r := newRunner(s)
	r.run(&p, asOf)
	out := map[string]string{}
	for i := range r.runs {
		for j := range r.runs[i] {
			ps := &r.runs[i][j]
			for k, v := range ps.verdicts {
				out[fmt.Sprintf("%s/%d", ps.series.name, r.given[ps.aars[k]].index)] = fmt.Sprint(v.status, v.grace, r.reasons[v.from:v.to])
			}
		}
	}
	return out
}

// TestLaterDose adds a dose after all others: no verdict on those changes.
func TestLaterDose(t *testing.T) {
	s := schedule(t)
	rapid.Check(t, func(t *rapid.T) {
		p, asOf := drawPatient(t, s)
		q := p
		q.Doses = slices.Clone(p.Doses)
		asOf = asOf.AddDays(40)
		q.Doses = append(q.Doses, Dose{Date: asOf.AddDays(-rapid.IntRange(0, 39).Draw(t, "back")), CVX: s.names[rapid.SampledFrom(known(s)).Draw(t, "added")]})
		before, after := verdictsBySeries(s, p, asOf), verdictsBySeries(s, q, asOf)
		for k, want := range before {
			if got := after[k]; got != want {
				t.Fatalf("verdict %s = %s after a later dose, was %s", k, got, want)
			}
		}
	})
}

func known(s *Schedule) (list []int) {
	for cvx, v := range s.vaccines {
		if v.known {
			list = append(list, cvx)
		}
	}
	return list
}

// back moves every date of a value by whole years.
func back(v reflect.Value, years int) {
	if d, ok := v.Interface().(iis.Date); ok {
		if !d.IsZero() {
			d.Year -= years
			v.Set(reflect.ValueOf(d))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			back(field, years)
		}
	case reflect.Slice:
		for i := range v.Len() {
			back(v.Index(i), years)
		}
	}
}

// TestShift moves the schedule and the patient by 28 years, in which the leap
// years fall as they did: the answer moves by as much.
func TestShift(t *testing.T) {
	const years = 28
	rel, err := cdsi.Decode(bytes.NewReader(shipped))
	if err != nil {
		t.Fatal(err)
	}
	s := schedule(t)
	back(reflect.ValueOf(rel).Elem(), years)
	moved, err := New(rel)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		p, asOf := drawPatient(t, s)
		if asOf.Year > 2030 {
			asOf.Year = 2030 // whose answers lie before 2100, which is no leap year
		}
		want := s.Run(p, asOf)
		back(reflect.ValueOf(&want).Elem(), years)
		q := p
		q.Doses, q.Observations = slices.Clone(p.Doses), slices.Clone(p.Observations)
		back(reflect.ValueOf(&q).Elem(), years)
		asOf.Year -= years
		if diff := cmp.Diff(want, moved.Run(q, asOf)); diff != "" {
			t.Fatalf("answer %d years before (-want +got):\n%s", years, diff)
		}
	})
}

// FuzzRun feeds the engine whatever bytes say. It must answer, and the same
// twice.
func FuzzRun(f *testing.F) {
	s := schedule(f)
	for _, c := range readCopy(f, suites[0].copy)[:20] {
		var b []byte
		put := func(d iis.Date) { b = binary.BigEndian.AppendUint32(b, uint32(d.Year<<9|int(d.Month)<<5|d.Day)) }
		put(c.patient.Birth)
		put(c.asOf)
		for _, d := range c.patient.Doses {
			put(d.Date)
			b = append(b, d.CVX+"   "[len(d.CVX):]...)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		next := func(n int) []byte {
			n = min(n, len(b))
			v := b[:n]
			b = b[n:]
			return v
		}
		day := func() iis.Date {
			var w [4]byte
			copy(w[:], next(4))
			n := int(int32(binary.BigEndian.Uint32(w[:])))
			return iis.Date{Year: n >> 9, Month: time.Month(n >> 5 & 15), Day: n & 31}
		}
		p := Patient{Birth: day()}
		asOf := day()
		for len(b) > 0 && len(p.Doses) < 100 {
			d := Dose{Date: day(), CVX: string(next(3))}
			p.Doses = append(p.Doses, d)
			if len(p.Doses)%7 == 0 {
				p.Observations = append(p.Observations, Observation{Code: d.CVX, From: d.Date, Until: asOf})
			}
		}
		first := s.Count(p, asOf)
		if diff := cmp.Diff(first, s.Count(p, asOf)); diff != "" {
			t.Errorf("two runs differ:\n%s", diff)
		}
		for _, forecast := range first.Forecasts {
			if forecast.Status == "" {
				t.Errorf("a forecast of %s without a status", forecast.VaccineGroup)
			}
		}
	})
}
