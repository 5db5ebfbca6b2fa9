package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
)

// forecasts is the command that evaluates and forecasts histories from the
// standard input.
type forecasts struct {
	Schedule string `env:"-" placeholder:"PATH" help:"Folder or zip file with the XML files of a CDC release to use instead of the schedule inside the program."`
	AsOf     string `env:"-" placeholder:"DATE" help:"Assessment date of lines that give none (today), like 2025-11-10."`
}

func (forecasts) Help() string {
	return `Reads patients from the standard input, one JSON object a line, and writes to the standard output,
one object a line in the same order, what each dose counts for and what is due.

  {"id":"1","birthDate":"2025-09-06","gender":"F","asOf":"2025-11-10","doses":[{"date":"2025-10-15","cvx":"107"}]}

May hold as well "birthCountry":"USA", "mvx" in a dose, and "observations":[{"code":"019","date":"2022-05-23"}]
with the codes of CDSi. By another schedule than the one in the program, each answer has its hash as well, as scheduleHash:
that tells apart releases of one version. A line that cannot be read is answered with its error, and the rest go on.

Examples:

  openiis forecast < cases.ndjson > results.ndjson
  openiis forecast --schedule supporting-data-4.64 --as-of 2025-11-10 < cases.ndjson
  openiis forecast --schedule cdsi-4.65.zip < cases.ndjson`
}

// history is a line of the input.
type history struct {
	ID           json.RawMessage `json:"id"`
	BirthDate    iis.Date        `json:"birthDate"`
	Gender       string          `json:"gender"`
	BirthCountry string          `json:"birthCountry"`
	AsOf         iis.Date        `json:"asOf"`
	Doses        []struct {
		Date iis.Date `json:"date"`
		CVX  string   `json:"cvx"`
		MVX  string   `json:"mvx"`
	} `json:"doses"`
	Observations []struct {
		Code string   `json:"code"`
		Date iis.Date `json:"date"`
	} `json:"observations"`
}

// answer is a line of the output, failure one for a line that cannot be read.
type (
	answer struct {
		ID        json.RawMessage  `json:"id"`
		Schedule  string           `json:"schedule"`
		Hash      string           `json:"scheduleHash,omitempty"` // of another schedule than the program's
		Doses     []answerDose     `json:"doses"`
		Forecasts []answerForecast `json:"forecasts"`
		Alerts    []string         `json:"alerts,omitempty"`
	}

	failure struct {
		ID    json.RawMessage `json:"id"`
		Error string          `json:"error"`
	}

	answerDose struct {
		Date        iis.Date           `json:"date"`
		CVX         string             `json:"cvx"`
		Evaluations []answerEvaluation `json:"evaluations"`
	}

	answerEvaluation struct {
		VaccineGroup string                    `json:"vaccineGroup"`
		Status       forecast.EvaluationStatus `json:"status"`
		Reasons      []string                  `json:"reasons"`
		Dose         int                       `json:"dose"`
		Of           int                       `json:"of"`
	}

	answerForecast struct {
		VaccineGroup string                `json:"vaccineGroup"`
		Status       forecast.SeriesStatus `json:"status"`
		Dose         int                   `json:"dose"`
		Earliest     iis.Date              `json:"earliest"`
		Recommended  iis.Date              `json:"recommended"`
		PastDue      iis.Date              `json:"pastDue"`
		Latest       iis.Date              `json:"latest"`
		SeriesType   forecast.SeriesType   `json:"seriesType"`
		Primary      bool                  `json:"primary"`
		Vaccines     []string              `json:"vaccines"`
		Reasons      []string              `json:"reasons"`
	}
)

// Run answers every line.
func (f forecasts) Run(ctx context.Context, st streams) error {
	asOf := iis.DateOf(time.Now())
	if f.AsOf != "" {
		var err error
		if asOf, err = iis.ParseDate(f.AsOf); err != nil {
			return fmt.Errorf("%w: --as-of is %v", errUsage, err)
		}
	}
	s, hash, err := f.schedule()
	if err != nil {
		return err
	}
	in, out := bufio.NewReaderSize(st.in, 1<<16), bufio.NewWriterSize(st.out, 1<<16)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	for ctx.Err() == nil {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			said := answerTo(s, line, asOf)
			if a, ok := said.(answer); ok {
				a.Hash = hash
				said = a
			}
			if err := e.Encode(said); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return err
		}
		if in.Buffered() == 0 { // whoever asks may wait for the answer
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// schedule is the one that is asked for, or the one inside the program. hash is
// empty for the latter.
func (f forecasts) schedule() (s *forecast.Schedule, hash string, err error) {
	inside, err := forecast.Shipped()
	if err != nil || f.Schedule == "" {
		return inside, "", err
	}
	rel, err := openRelease(f.Schedule)
	if err != nil {
		return nil, "", err
	}
	defer rel.close()
	s, err = forecast.Load(rel.files, cmp.Or(rel.version, filepath.Base(f.Schedule)))
	if err != nil {
		return nil, "", fmt.Errorf("schedule %s: %w", f.Schedule, err)
	}
	if s.Hash != inside.Hash {
		hash = s.Hash
	}
	return s, hash, nil
}

// answerTo answers a line, or says what is wrong with it.
func answerTo(s *forecast.Schedule, line []byte, asOf iis.Date) any {
	var h history
	err := json.Unmarshal(line, &h)
	if err == nil {
		err = h.check()
	}
	if err != nil {
		var only struct {
			ID json.RawMessage `json:"id"`
		}
		_ = json.Unmarshal(line, &only) // for the id alone, of which there may be none
		return failure{identity(only.ID), err.Error()}
	}
	if !h.AsOf.IsZero() {
		asOf = h.AsOf
	}
	if asOf.Before(h.BirthDate) {
		return failure{identity(h.ID), "asOf is before birthDate"}
	}
	return h.answer(s, asOf)
}

// identity is the id to answer with; null if none was given.
func identity(id json.RawMessage) json.RawMessage {
	if len(id) == 0 {
		return json.RawMessage("null")
	}
	return bytes.ToValidUTF8(id, []byte("\ufffd"))
}

func (h *history) check() error {
	switch h.Gender {
	case "", string(iis.Female), string(iis.Male), string(iis.UnknownGender):
	default:
		return errors.New("gender is not F, M or U")
	}
	if h.BirthDate.IsZero() {
		return errors.New("there is no birthDate")
	}
	for i, d := range h.Doses {
		if d.Date.IsZero() {
			return fmt.Errorf("dose %d has no date", i+1)
		}
		if d.CVX == "" {
			return fmt.Errorf("dose %d has no cvx", i+1)
		}
	}
	for i, o := range h.Observations {
		if o.Code == "" {
			return fmt.Errorf("observation %d has no code", i+1)
		}
	}
	return nil
}

func (h *history) answer(s *forecast.Schedule, asOf iis.Date) answer {
	p := forecast.Patient{Birth: h.BirthDate, Gender: iis.Gender(h.Gender), BirthCountry: h.BirthCountry}
	for _, d := range h.Doses {
		p.Doses = append(p.Doses, forecast.Dose{Date: d.Date, CVX: d.CVX, MVX: d.MVX})
	}
	for _, o := range h.Observations {
		p.Observations = append(p.Observations, forecast.Observation{Code: o.Code, From: o.Date})
	}
	res := s.Count(p, asOf)
	a := answer{ID: identity(h.ID), Schedule: res.Schedule, Doses: []answerDose{}, Forecasts: []answerForecast{}}
	for i, d := range res.Doses {
		ad := answerDose{Date: h.Doses[i].Date, CVX: h.Doses[i].CVX, Evaluations: []answerEvaluation{}}
		for _, e := range d.Evaluations {
			ad.Evaluations = append(ad.Evaluations, answerEvaluation{e.VaccineGroup, e.Status, codes(e.Reasons), e.Dose, e.Of})
		}
		a.Doses = append(a.Doses, ad)
	}
	for _, f := range res.Forecasts {
		vaccines := f.Vaccines
		if vaccines == nil {
			vaccines = []string{}
		}
		a.Forecasts = append(a.Forecasts, answerForecast{f.VaccineGroup, f.Status, f.Dose, f.Earliest, f.Recommended, f.PastDue, f.Latest,
			f.SeriesType, f.Primary, vaccines, codes(f.Reasons)})
	}
	for _, al := range res.Alerts {
		a.Alerts = append(a.Alerts, al.String())
	}
	return a
}

// codes are the rules of reasons, each once.
func codes(list []forecast.Reason) []string {
	out := []string{}
	for _, r := range list {
		if n := len(out); n == 0 || out[n-1] != r.String() {
			out = append(out, r.String())
		}
	}
	return out
}
