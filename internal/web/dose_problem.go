package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// problemsPath is the queue of problems told of the acting organization's doses.
const problemsPath = "/problems"

var (
	doseProblemPage  = newPage[*doseProblem]("dose/problem")
	doseProblemsPage = newPage[*problemList]("dose/problems")
)

// doseProblem is the page on which a problem with a dose is told.
type doseProblem struct {
	Banner  banner
	Action  string
	History string
	Name    string
	Owner   string
	Owned   bool
	Facts   []cell
	Text    string // as typed
}

func (s *Server) doseProblem(r *http.Request) (*doseProblem, error) {
	id, dose := clientID(r), iis.DoseID(r.PathValue("dose"))
	f, err := s.reg.Dose(r.Context(), actor(r), id, dose)
	if err != nil {
		return nil, err
	}
	return &doseProblem{
		Banner: s.bannerOf(f.Record, s.today()), History: historyPath(id), Action: historyPath(id) + "/" + url.PathEscape(string(dose)) + "/problem",
		Name: doseName(f.Dose.Vaccine, f.Dose.Date), Owner: f.Dose.ByName, Owned: f.Owned, Facts: doseFacts(f.Dose),
	}, nil
}

// doseFacts is a dose in words: its vaccine, then every field that holds
// something.
func doseFacts(d iis.Dose) (facts []cell) {
	rec := iis.Record{Doses: []iis.Dose{d}}
	for f, value := range rec.All() {
		row, _, name, _ := f.Row()
		if row != iis.RowDose || name == "" || value == "" || value == iis.No {
			continue
		}
		facts = append(facts, cell{f.Label(), screenText(f, value)})
	}
	facts = append(facts, cell{"Recorded by", d.ByName})
	if day := usDay(d.Entered); day != "" {
		facts = append(facts, cell{"Recorded on", day})
	}
	return facts
}

func (s *Server) showDoseProblem(w http.ResponseWriter, r *http.Request) error {
	p, err := s.doseProblem(r)
	if err != nil {
		return err
	}
	return doseProblemPage.show(w, r, http.StatusOK, p)
}

// reportDose tells the owner of a dose what is wrong with it.
func (s *Server) reportDose(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	text := r.PostForm.Get("problem")
	err := s.reg.ReportDose(r.Context(), actor(r), clientID(r), iis.DoseID(r.PathValue("dose")), text)
	if err == nil {
		s.waiting.forget()
		return done(w, r, historyPath(clientID(r)), "reported")
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	p, err := s.doseProblem(r)
	if err != nil {
		return err
	}
	p.Text = text
	return doseProblemPage.show(w, r, http.StatusUnprocessableEntity, p, problems...)
}

// problemList is the queue of problems of the acting organization.
type problemList struct {
	IDLabel string
	OrgName string
	Rows    []problemRow
}

// problemRow is one problem that waits.
type problemRow struct {
	ID      string
	Client  iis.ClientID
	Name    string // of the client
	Dose    string
	Text    string
	By, At  string
	Edit    string // where the dose is edited; "" if it is gone
	Number  int
	Outcome string // as typed
}

// Field is the name of the row's field in problems; the form itself calls it
// "outcome".
func (p problemRow) Field() string { return "outcome-" + itoa(p.Number) }

func (s *Server) problems(r *http.Request) (*problemList, error) {
	list, err := s.reg.DoseProblems(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	l := &problemList{IDLabel: s.reg.Options().IDLabel, OrgName: actor(r).OrgName}
	for i, p := range list {
		row := problemRow{ID: p.ID, Client: p.Client.ID, Name: bannerName(p.Client.Name), Text: p.Text,
			By: p.ByName, At: usDay(p.Told) + " at " + clock(p.Told), Number: i + 1, Dose: "deleted meanwhile"}
		if !p.Gone {
			row.Dose = doseName(p.Dose.Vaccine, p.Dose.Date)
			row.Edit = dosesPath(p.Client.ID) + "?edit=" + url.QueryEscape(string(p.Dose.ID))
		}
		l.Rows = append(l.Rows, row)
	}
	return l, nil
}

func (s *Server) listDoseProblems(w http.ResponseWriter, r *http.Request) error {
	l, err := s.problems(r)
	if err != nil {
		return err
	}
	return doseProblemsPage.show(w, r, http.StatusOK, l)
}

// resolveDoseProblem closes a problem with a sentence on what became of it.
func (s *Server) resolveDoseProblem(w http.ResponseWriter, r *http.Request) error {
	id, outcome := r.PathValue("problem"), r.PostForm.Get("outcome")
	err := s.reg.ResolveDoseProblem(r.Context(), actor(r), id, outcome)
	s.waiting.forget()
	if err == nil {
		return done(w, r, problemsPath, "problem-resolved")
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	l, err := s.problems(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(l.Rows, func(p problemRow) bool { return p.ID == id })
	if i < 0 {
		return iis.Errorf(iis.NotFound, "No such problem waits for your organization.")
	}
	l.Rows[i].Outcome = outcome
	for j := range problems {
		problems[j].Field = iis.Field(l.Rows[i].Field())
	}
	return doseProblemsPage.show(w, r, http.StatusUnprocessableEntity, l, problems...)
}

// waiting remembers for a short while how many problems wait for an organization:
// every page says it in the menu.
type waiting struct {
	mu    sync.Mutex
	known map[waitingFor]waitingCount
}

// waitingFor is whom a count is for: who sees more clients may have more.
type waitingFor struct {
	org iis.OrganizationID
	all bool
}

type waitingCount struct {
	n  int
	at time.Time
}

// fresh is how long a count is believed; this program's own changes show at once.
const fresh = 20 * time.Second

func (c *waiting) get(k waitingFor, now time.Time) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	got, ok := c.known[k]
	return got.n, ok && now.Sub(got.at).Abs() < fresh
}

func (c *waiting) put(k waitingFor, n int, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) > 10_000 {
		c.known = map[waitingFor]waitingCount{}
	}
	c.known[k] = waitingCount{n, now}
}

func (c *waiting) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = nil
}

// countProblems puts the number of problems that wait into the menu, and takes
// the entry out of it where there are none.
func (s *Server) countProblems(r *http.Request, sh *shell) {
	a := actor(r)
	n := 0
	if a.May(iis.RecordDose) {
		k, now := waitingFor{a.Organization, a.May(iis.SeeHidden)}, s.set.Now()
		known, ok := s.waiting.get(k, now)
		if n = known; !ok {
			var err error
			if n, err = s.reg.DoseProblemCount(r.Context(), a); err != nil {
				s.set.Log.WarnContext(r.Context(), "count problems", slog.Any("error", err))
			}
			s.waiting.put(k, n, now)
		}
	}
	for i := range sh.Menu {
		g := &sh.Menu[i]
		g.Items = slices.DeleteFunc(g.Items, func(m menuItem) bool { return m.Waits && n == 0 })
		for j := range g.Items {
			if g.Items[j].Waits {
				g.Items[j].Count = n
			}
		}
	}
}

// makerName is a manufacturer in words.
func makerName(mvx iis.MVX) string {
	if m, ok := code.ManufacturerOf(mvx); ok {
		return m.Name
	}
	return strings.TrimSpace(string(mvx))
}
