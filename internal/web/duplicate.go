package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// duplicatesPath is the queue of pairs of records that may be of one person.
const duplicatesPath = "/duplicates"

// duplicateRoutes are the queue, the page of one pair, and what is reported and
// undone from the pages of a client.
func (s *Server) duplicateRoutes() []Route {
	return []Route{
		{"GET", duplicatesPath, iis.ReviewDuplicate, s.listDuplicates},
		{"POST", duplicatesPath, iis.SweepDuplicates, s.startSweep},
		{"GET", duplicatesPath + "/{a}/{b}", iis.ReviewDuplicate, s.showDuplicate},
		{"POST", duplicatesPath + "/{a}/{b}", iis.ReviewDuplicate, s.decideDuplicate},
		{"GET", "/clients/{id}/duplicate", iis.ReviewDuplicate, s.askReportDuplicate},
		{"POST", "/clients/{id}/duplicate", iis.ReviewDuplicate, s.reportDuplicate},
		{"POST", "/clients/{id}/carry", iis.EditClient, s.carryDraft},
		{"POST", "/clients/{id}/immunizations/record/carry", iis.RecordDose, s.carryDraft},
		{"GET", "/clients/{id}/unmerge/{merge}", iis.MergeClient, s.askUnmerge},
		{"POST", "/clients/{id}/unmerge/{merge}", iis.MergeClient, s.unmerge},
	}
}

var (
	duplicatesPage = newPage[*duplicateList]("duplicate/list")
	reportPairPage = newPage[*reportPair]("duplicate/report")
)

// duplicateList is a page of the queue.
type duplicateList struct {
	IDLabel  string
	Rows     []duplicateRow
	Count    string   // "3 pairs"
	Filters  []*Field // what of the queue is shown
	None     string   // what there is none of
	Path     string   // of this list, without the page
	More     string   // address of the next page
	MaySweep bool
	Sweep    sweepState
}

// duplicateRow is one pair.
type duplicateRow struct {
	Path        string
	A, B        pairPerson
	Word, Class string
	Score       string
	Why         string
	Found       string // "by looking through all clients"
	FoundOn     string
	Age         string // "2 days"
	Orgs        []string
	Assigned    string // "nobody"
	Second      bool   // a merge was asked for and needs a second person
}

// pairPerson is one of the two in a list.
type pairPerson struct {
	ID         iis.ClientID
	Name, Born string
}

// sweepState says how the last sweep stands.
type sweepState struct {
	Text    string
	Running bool
}

// answerWords are the words of an answer, and the class of its chip.
func answerWords(answer string) (word, class string) {
	switch answer {
	case "same":
		return "Likely match", "warn"
	case "possible":
		return "Possible match", "info"
	}
	return "Unlikely match", ""
}

// foundWords are who found a pair.
var foundWords = map[string]string{
	registry.FoundBySweep: "by looking through all clients", registry.FoundByEntry: "when a client was entered",
	registry.FoundByImport: "when a file was imported", registry.FoundByReport: "reported by a user",
}

func pairPath(a, b iis.ClientID) string {
	return duplicatesPath + "/" + url.PathEscape(string(a)) + "/" + url.PathEscape(string(b))
}

// whyText gathers the reasons of a pair: the fields that are the same, those that
// are different, and what is said of the others.
func whyText(why []string) string {
	var same, different, rest []string
	for _, s := range why {
		switch field, grade, _ := strings.Cut(s, ": "); grade {
		case "same":
			same = append(same, field)
		case "different":
			different = append(different, field)
		default:
			rest = append(rest, s)
		}
	}
	var parts []string
	if len(same) > 0 {
		parts = append(parts, "Same: "+strings.Join(same, ", ")+".")
	}
	if len(different) > 0 {
		parts = append(parts, "Different: "+strings.Join(different, ", ")+".")
	}
	for _, s := range rest {
		parts = append(parts, strings.ToUpper(s[:1])+s[1:]+".")
	}
	return strings.Join(parts, " ")
}

// scoreText says a score in bits with one digit after the point.
func scoreText(bits float64) string { return strconv.FormatFloat(bits, 'f', 1, 64) }

// pairList is the part of the queue that an address asks for, and the query that
// asks for it: of the acting organization unless it says otherwise, for staff of all.
type pairList struct {
	registry.DuplicateAsk
	query url.Values
	// place is that of the pair the page is of, or the last on the page before, among
	// count; 0 if it is not known. Only what the page says depends on it.
	place, count int
}

func pairListOf(r *http.Request) pairList {
	a, q := actor(r), r.URL.Query()
	l := pairList{query: url.Values{"organizations": {"own"}}}
	keep := func(name string, values ...string) string {
		v := q.Get(name)
		if !slices.Contains(values, v) {
			return ""
		}
		l.query.Set(name, v)
		return v
	}
	if of := keep("organizations", "own", "all"); of == "all" || of == "" && a.May(iis.SeeHidden) {
		l.query.Set("organizations", "all")
	} else {
		l.Organization = a.Organization
	}
	l.Later = keep("list", "later") != ""
	l.Answer = keep("match", "same", "possible")
	l.FoundBy = keep("found", registry.FoundBySweep, registry.FoundByEntry, registry.FoundByImport, registry.FoundByReport)
	switch keep("assigned", "me", "nobody") {
	case "me":
		l.Mine = true
	case "nobody":
		l.Nobodys = true
	}
	number := func(name string) int {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 0 || n > registry.CountedPairs {
			return 0
		}
		return n
	}
	l.place, l.count = number("n"), number("of")
	if x, y := q.Get("a"), q.Get("b"); iis.ValidClientID(x) && iis.ValidClientID(y) {
		l.After = [2]iis.ClientID{iis.ClientID(x), iis.ClientID(y)}
	}
	return l
}

// path is the address of the list.
func (l pairList) path() string { return duplicatesPath + "?" + l.query.Encode() }

// pair is the address of a pair at a place of the list, as many as count.
func (l pairList) pair(a, b iis.ClientID, place, count int) string {
	q := maps.Clone(l.query)
	if place > 0 && place <= count {
		q.Set("n", itoa(place))
		q.Set("of", itoa(count))
	}
	return pairPath(a, b) + "?" + q.Encode()
}

// filters are the fields that choose the list.
func (l pairList) filters(orgName string) []*Field {
	field := func(name, label string, choices ...Choice) *Field {
		return newField(name, label, l.query.Get(name)).Of(choices)
	}
	found := []Choice{{Label: "in any way"}}
	for _, by := range []string{registry.FoundBySweep, registry.FoundByEntry, registry.FoundByImport, registry.FoundByReport} {
		found = append(found, Choice{Value: by, Label: foundWords[by]})
	}
	same, _ := answerWords("same")
	possible, _ := answerWords("possible")
	return []*Field{
		field("organizations", "Clients of", Choice{Value: "own", Label: orgName}, Choice{Value: "all", Label: "All organizations"}),
		field("list", "List", Choice{Label: "Waiting"}, Choice{Value: "later", Label: "Put off"}),
		field("match", "Match", Choice{Label: "All"}, Choice{Value: "same", Label: same}, Choice{Value: "possible", Label: possible}),
		field("found", "Found", found...),
		field("assigned", "Assigned to", Choice{Label: "Anyone or nobody"}, Choice{Value: "me", Label: "Me"}, Choice{Value: "nobody", Label: "Nobody"}),
	}
}

// listDuplicates shows the queue of the acting organization, or with
// ?organizations=all that of everyone.
func (s *Server) listDuplicates(w http.ResponseWriter, r *http.Request) error {
	a, of := actor(r), pairListOf(r)
	list, err := s.reg.Duplicates(r.Context(), a, of.DuplicateAsk)
	if err != nil {
		return err
	}
	l := &duplicateList{IDLabel: s.reg.Options().IDLabel, MaySweep: a.May(iis.SweepDuplicates), Filters: of.filters(a.OrgName), Path: of.path(),
		None: "No pair waits"}
	if of.Later {
		l.None = "No pair was put off"
	}
	if of.Organization != "" {
		l.None += " of clients of " + a.OrgName
	}
	if len(of.query) > 2 || len(of.query) == 2 && !of.Later {
		l.None += " of those asked for"
	}
	l.fill(of, list)
	return duplicatesPage.show(w, r, http.StatusOK, l)
}

func (l *duplicateList) fill(of pairList, list registry.DuplicateList) {
	if l.Count = count(list.Count, "pair", "pairs"); list.Count > registry.CountedPairs {
		l.Count = "more than " + itoa(registry.CountedPairs) + " pairs"
	}
	for i, p := range list.Pairs {
		row := duplicateRow{Path: of.pair(p.A, p.B, of.place+i+1, list.Count), Score: scoreText(float64(p.Score) / 100), Why: whyText(p.Why),
			A:     pairPerson{p.A, bannerName(p.ClientA.Name), p.ClientA.BirthDate.US()},
			B:     pairPerson{p.B, bannerName(p.ClientB.Name), p.ClientB.BirthDate.US()},
			Found: foundWords[p.FoundBy], FoundOn: usDay(p.Found), Age: waited(list.Now.Sub(p.Found)), Second: p.AskedBy != "",
			Orgs: p.Organizations, Assigned: cmp.Or(p.AssignedName, "nobody")}
		row.Word, row.Class = answerWords(p.Answer)
		l.Rows = append(l.Rows, row)
	}
	if list.More {
		last := list.Pairs[len(list.Pairs)-1]
		q := maps.Clone(of.query)
		q.Set("a", string(last.A))
		q.Set("b", string(last.B))
		q.Set("n", itoa(of.place+len(list.Pairs)))
		l.More = duplicatesPath + "?" + q.Encode()
	}
	if list.Swept {
		l.Sweep = sweepWords(list.Sweep, list.Now)
	}
}

// waited says how long something waits.
func waited(d time.Duration) string {
	switch days := int(d.Hours() / 24); {
	case days > 0:
		return count(days, "day", "days")
	case d >= time.Hour:
		return count(int(d.Hours()), "hour", "hours")
	}
	return "less than an hour"
}

func sweepWords(s registry.Sweeping, now time.Time) sweepState {
	found := count(int(s.Found), "pair was new", "pairs were new")
	if !s.Finished.IsZero() {
		return sweepState{Text: "All clients were looked through on " + usDay(s.Finished) + " at " + clock(s.Finished) + ": " +
			count(int(s.Looked), "client", "clients") + ", " + found + "."}
	}
	st := sweepState{Running: true, Text: "All clients are being looked through: "}
	switch {
	case !s.Running(now):
		st.Text = "All clients will be looked through as soon as the program comes to it: "
	case s.Looked == 0:
		return sweepState{Running: true, Text: "All clients are being looked through: they are being read."}
	}
	st.Text += itoa(int(s.Looked)) + " of " + itoa(int(s.Total)) + " done, " + found + " so far."
	return st
}

// startSweep asks for a look through all clients.
func (s *Server) startSweep(w http.ResponseWriter, r *http.Request) error {
	if err := s.reg.StartSweep(r.Context(), actor(r)); err != nil {
		return err
	}
	return done(w, r, duplicatesPath, "sweep-begun")
}

// reportPair is the page on which somebody tells of a second record.
type reportPair struct {
	Banner  banner
	Path    string
	IDLabel string
	Other   string // as typed
}

func (s *Server) reportPair(r *http.Request) (*reportPair, error) {
	page, err := s.reg.Client(r.Context(), actor(r), clientID(r))
	if err != nil {
		return nil, err
	}
	return &reportPair{Banner: s.bannerOf(page.Record, page.Today), Path: clientPath(clientID(r)), IDLabel: s.reg.Options().IDLabel}, nil
}

func (s *Server) askReportDuplicate(w http.ResponseWriter, r *http.Request) error {
	p, err := s.reportPair(r)
	if err != nil {
		return err
	}
	return reportPairPage.show(w, r, http.StatusOK, p)
}

func (s *Server) reportDuplicate(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	typed := r.PostForm.Get("other")
	other, err := s.reg.ReportDuplicate(r.Context(), actor(r), clientID(r), typed)
	if err == nil {
		return done(w, r, pairPath(clientID(r), other), "pair-reported")
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	p, err := s.reportPair(r)
	if err != nil {
		return err
	}
	p.Other = typed
	return reportPairPage.show(w, r, http.StatusUnprocessableEntity, p, problems...)
}

// carryDraft takes a draft of a client who was merged meanwhile to the survivor.
func (s *Server) carryDraft(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	screen, at := iis.ScreenClient, clientPath
	if strings.Contains(r.URL.Path, "/immunizations/") {
		screen, at = iis.ScreenDoses, dosesPath
	}
	into, err := s.reg.CarryDraft(r.Context(), actor(r), clientID(r), screen)
	if err != nil {
		return err
	}
	return done(w, r, at(into), "carried")
}

// pairState says what became of a pair, in words.
func pairState(p registry.Pair) string {
	when := usDay(p.Kept.Decided)
	switch p.Kept.State {
	case registry.PairDifferent:
		return "Told apart as different people by " + p.Decided + " on " + when
	case registry.PairLater:
		return "Put off by " + p.Decided + " on " + when
	}
	return ""
}
