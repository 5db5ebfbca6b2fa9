package web

import (
	"net/http"
	"strconv"
	"strings"

	"openiis.org/iis"
)

// immunizationScreen is the immunization history of a client (guide 65 to 70),
// on screen and on paper. Immunizations themselves are not kept yet, and the
// history says so.
type immunizationScreen struct {
	Banner  banner
	Path    string // of the client
	IDLabel string
	MayEdit bool

	Name, Born, Gender, Maiden, Chart string
	Address                           string // with the phone, on one line
	Comments                          []string
	At                                int // the comment shown, from 1; 0 if there is none
	Previous, Next                    int // where the toggles lead

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

// dialed is a phone number as the history has it: (651) 201-4629.
func dialed(phone string) string {
	if area, rest, ok := strings.Cut(phone, "-"); ok && len(area) == 3 && strings.Contains(rest, "-") {
		return "(" + area + ") " + rest
	}
	return phone
}

// manageImmunizations begins where every immunization begins: with the client.
func (s *Server) manageImmunizations(w http.ResponseWriter, r *http.Request) error {
	return done(w, r, "/clients", "")
}

// showImmunizations shows the immunization history of a client.
func (s *Server) showImmunizations(w http.ResponseWriter, r *http.Request) error {
	page, err := s.reg.Client(r.Context(), actor(r), clientID(r))
	if err != nil {
		return err
	}
	sc := s.newImmunizations(page.Record)
	sc.MayEdit = page.MayEdit
	sc.turn(r.URL.Query().Get("comment"))
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
	rec, err := s.reg.Print(r.Context(), a, clientID(r), what)
	if err != nil {
		return err
	}
	sc := s.newImmunizations(rec)
	sc.Confidential = confidential
	now := s.set.Now()
	sc.Printed = usDay(now) + " " + clock(now)
	if !confidential {
		sc.Printed += " by " + a.Name + ", " + a.OrgName
	}
	return immunizationPrintPage.show(w, r, http.StatusOK, sc)
}
