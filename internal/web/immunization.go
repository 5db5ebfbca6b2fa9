package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// immunizationScreen is the immunization history of a client (guide 65 to 70),
// on screen and on paper.
type immunizationScreen struct {
	Banner    banner
	Path      string // of the client
	IDLabel   string
	MayEdit   bool // the client
	MayRecord bool // immunizations
	Unsaved   int  // immunizations in the actor's draft
	DraftedAt string

	Name, Born, Gender, Maiden, Chart string
	Address                           string // with the phone, on one line
	Comments                          []string
	At                                int // the comment shown, from 1; 0 if there is none
	Previous, Next                    int // where the toggles lead

	History historyTable
	Due     dueTable

	Confidential bool   // without what would tell where someone lives or is treated
	Printed      string // when and by whom; "" on screen
}

var (
	immunizationPage      = newPage[*immunizationScreen]("immunization/history")
	immunizationPrintPage = newPage[*immunizationScreen]("immunization/print")
)

// trackingSchedule is the schedule that recommendations follow.
const trackingSchedule = "ACIP"

// TrackingSchedule is shown in the line about the client (guide 66).
func (*immunizationScreen) TrackingSchedule() string { return trackingSchedule }

func (s *Server) newImmunizations(rec iis.Record) *immunizationScreen {
	c := rec.Client
	sc := &immunizationScreen{
		Banner: s.bannerOf(rec, s.today()), Path: clientPath(c.ID), IDLabel: s.reg.Options().IDLabel,
		Name: upper(strings.Join(strings.Fields(c.Name.First+" "+c.Name.Middle+" "+c.Name.Last+" "+c.Name.Suffix), " ")),
		Born: c.BirthDate.US(), Gender: string(c.Gender), Maiden: upper(c.MotherMaidenLast), Chart: rec.Membership.ChartNumber,
		Address: strings.TrimSpace(wholeAddress(c.Address) + " " + dialed(c.Phone)),
	}
	for _, m := range rec.Comments {
		line := m.Code.Label()
		if !m.Date.IsZero() {
			line = m.Date.US() + " ~ " + line
		}
		sc.Comments = append(sc.Comments, line)
	}
	return sc
}

// turn shows the comment that was asked for, the oldest first (guide 64, 68); the
// toggles go round.
func (sc *immunizationScreen) turn(asked string) {
	n := len(sc.Comments)
	if n == 0 {
		return
	}
	at, err := strconv.Atoi(asked)
	if err != nil || at < 1 || at > n {
		at = 1
	}
	sc.At, sc.Previous, sc.Next = at, (at+n-2)%n+1, at%n+1
}

// Comment is the comment shown.
func (sc *immunizationScreen) Comment() string { return sc.Comments[sc.At-1] }

// Here is the address of the page as it is shown, ready for another parameter.
func (sc *immunizationScreen) Here() string {
	if sc.History.ByDate {
		return sc.Path + "/immunizations?by=date&"
	}
	return sc.Path + "/immunizations?"
}

// dialed is a phone number as the history has it: (651) 201-4629.
func dialed(phone string) string {
	if area, rest, ok := strings.Cut(phone, "-"); ok && len(area) == 3 && strings.Contains(rest, "-") {
		return "(" + area + ") " + rest
	}
	return phone
}

// newHistoryOf is newImmunizations with the history and what is due.
func (s *Server) newHistoryOf(m *registry.Immunizations, a iis.Actor, byDate bool) *immunizationScreen {
	sc := s.newImmunizations(m.Record)
	sc.MayEdit, sc.MayRecord = a.May(iis.EditClient), m.MayEdit
	if sc.Unsaved = m.Draft.Count(); sc.Unsaved > 0 {
		sc.DraftedAt = usDay(m.Draft.Changed) + " " + clock(m.Draft.Changed)
	}
	sc.History = newHistoryTable(m, a, sc.Path, byDate)
	sc.Due = newDueTable(m)
	return sc
}

// dosePath is the address of what the program has to say of a dose.
func dosePath(client string, id iis.DoseID) string {
	return client + "/immunizations/" + url.PathEscape(string(id))
}

// showImmunizations shows the immunization history of a client.
func (s *Server) showImmunizations(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	m, err := s.reg.Immunizations(r.Context(), a, clientID(r))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	sc := s.newHistoryOf(&m, a, q.Get("by") == "date")
	sc.turn(q.Get("comment"))
	return immunizationPage.show(w, r, http.StatusOK, sc)
}

// printImmunizations shows the history as a page to print, and records that it
// was printed. The confidential print leaves out the address, the phone, the
// chart number, the mother's maiden name, and who printed it for which
// organization.
func (s *Server) printImmunizations(w http.ResponseWriter, r *http.Request) error {
	a, confidential := actor(r), r.URL.Query().Has("confidential")
	what := "immunization history"
	if confidential {
		what += ", confidential"
	}
	m, err := s.reg.PrintImmunizations(r.Context(), a, clientID(r), what)
	if err != nil {
		return err
	}
	sc := s.newHistoryOf(&m, a, r.URL.Query().Get("by") == "date")
	sc.Confidential = confidential
	sc.History.onPaper(confidential)
	now := s.set.Now()
	sc.Printed = usDay(now) + " " + clock(now)
	if !confidential {
		sc.Printed += " by " + a.Name + ", " + a.OrgName
	}
	return immunizationPrintPage.show(w, r, http.StatusOK, sc)
}
