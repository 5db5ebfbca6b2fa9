package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
	"openiis.org/iis/internal/registry"
)

// doseRoutes are the screens that add, edit and delete immunizations, and those
// where a problem with one is told and resolved.
func (s *Server) doseRoutes() []Route {
	return []Route{
		{"GET", "/clients/{id}/immunizations/record", iis.RecordDose, s.showDoses},
		{"POST", "/clients/{id}/immunizations/record", iis.RecordDose, s.changeDoses},
		{"GET", "/clients/{id}/immunizations/record/discard", iis.RecordDose, s.askDiscardDoses},
		{"POST", "/clients/{id}/immunizations/record/discard", iis.RecordDose, s.discardDoses},
		{"GET", "/clients/{id}/immunizations/{dose}/problem", iis.RecordDose, s.showDoseProblem},
		{"POST", "/clients/{id}/immunizations/{dose}/problem", iis.RecordDose, s.reportDose},
		{"GET", "/problems", iis.RecordDose, s.listDoseProblems},
		{"POST", "/problems/{problem}", iis.RecordDose, s.resolveDoseProblem},
	}
}

var (
	dosePage       = newPage[*doseScreen]("dose/record")
	deniedDosePage = newPage[deniedDose]("dose/denied")
)

func historyPath(id iis.ClientID) string { return clientPath(id) + "/immunizations" }

func dosesPath(id iis.ClientID) string { return historyPath(id) + "/record" }

// showDoses shows the screen that records immunizations: the rows of the draft,
// one on file to be edited if the address asks for it, or an empty one.
func (s *Server) showDoses(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	page, err := s.reg.Doses(r.Context(), actor(r), clientID(r), iis.DoseID(q.Get("edit")))
	if iis.KindOf(err) == iis.Denied && q.Get("edit") != "" {
		return s.denyDose(w, r, iis.DoseID(q.Get("edit")))
	}
	if err != nil {
		return err
	}
	sc := s.newDoses(page, actor(r))
	sc.arrive(q)
	return dosePage.show(w, r, http.StatusOK, sc)
}

// deniedDose is a dose that someone else recorded, for who wanted to edit it.
type deniedDose struct {
	Banner         banner
	Name, Owner    string
	Report, Return string
}

// denyDose says whose dose it is and who can help.
func (s *Server) denyDose(w http.ResponseWriter, r *http.Request, dose iis.DoseID) error {
	f, err := s.reg.Dose(r.Context(), actor(r), clientID(r), dose)
	if err != nil {
		return err
	}
	d := deniedDose{
		Banner: s.bannerOf(f.Record, s.today()), Name: doseName(f.Dose.Vaccine, f.Dose.Date), Owner: f.Dose.ByName,
		Report: historyPath(clientID(r)) + "/" + url.PathEscape(string(dose)) + "/problem", Return: historyPath(clientID(r)),
	}
	return deniedDosePage.show(w, r, http.StatusForbidden, d)
}

// changeDoses answers every button of the screen.
func (s *Server) changeDoses(w http.ResponseWriter, r *http.Request) error {
	id := clientID(r)
	f, do, err := readDoseForm(r.PostForm)
	if err != nil {
		return err
	}
	f.Client = id
	switch do {
	case "draft":
		f.Do = registry.DoKeep
		st, err := s.reg.StageDoses(r.Context(), actor(r), f)
		if err != nil {
			return err
		}
		return told(w, r, st)
	case "row":
		st, err := s.reg.StageDoses(r.Context(), actor(r), f)
		if err != nil {
			return s.refuseDoses(w, r, err)
		}
		if len(st.Open) == 0 {
			return done(w, r, historyPath(id), "")
		}
		return done(w, r, dosesPath(id)+rowAt(f, st.Open), "")
	case "ndc":
		return s.lookUpNDC(w, r, f)
	case "cancel":
		f.Do = registry.DoKeep
		if _, err := s.reg.StageDoses(r.Context(), actor(r), f); err != nil {
			return err
		}
		return done(w, r, dosesPath(id)+"/discard", "")
	case "resolve":
		if err := sameOrganization(r); err != nil {
			return err
		}
		if err := s.reg.Resolve(r.Context(), actor(r), id, iis.ScreenDoses, choices(r.PostForm)); err != nil {
			return err
		}
	}
	return s.saveDoses(w, r, f)
}

// rowAt says to the page that follows a deed on a row where the eye should go:
// the number of the row, and the field in it.
func rowAt(f registry.Form, open []iis.DoseID) string {
	n := len(open)
	if f.Do != registry.DoNew {
		n = min(max(slices.Index(open, iis.DoseID(f.ID))+1, 1), n)
	}
	on := ""
	if f.Do == registry.DoNew {
		on = "&on=vaccine"
		// Who scans one vaccine scans the next.
		if len(f.Doses) > 0 && f.Typed[iis.DoseField(f.Doses[len(f.Doses)-1], "ndc")] != "" {
			on = "&on=ndc"
		}
	}
	return "?at=" + itoa(n) + on + "#row-" + itoa(n)
}

// told answers a draft that was kept: how much of it is not saved, and what is
// worth a second look or wrong, by the ids of the fields.
func told(w http.ResponseWriter, r *http.Request, st registry.StagedDoses) error {
	type said struct {
		At    string `json:"at"`
		Label string `json:"label"`
		Text  string `json:"text"`
		Wrong bool   `json:"wrong,omitempty"`
	}
	answer := struct {
		Unsaved int    `json:"unsaved"`
		Said    []said `json:"said"`
	}{Unsaved: st.Unsaved, Said: []said{}}
	for _, p := range st.Problems {
		answer.Said = append(answer.Said, said{fieldID(p.Field), p.Field.Label(), p.Text, true})
	}
	for _, id := range st.Open {
		for _, c := range st.Checks[id] {
			answer.Said = append(answer.Said, said{At: fieldID(c.Field), Label: c.Field.Label(), Text: checkText(c, st.Born)})
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode checks: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return send(w, r, http.StatusOK, body)
}

// saveDoses saves the form and goes to the history, or asks about what is worth a
// second look.
func (s *Server) saveDoses(w http.ResponseWriter, r *http.Request, f registry.Form) error {
	out, err := s.reg.SaveDoses(r.Context(), actor(r), f)
	if err != nil {
		return s.refuseDoses(w, r, err)
	}
	switch out.Outcome {
	case registry.AskDoses:
		page, err := s.reg.Doses(r.Context(), actor(r), f.Client, "")
		if err != nil {
			return err
		}
		sc := s.newDoses(page, actor(r))
		sc.Ask = true
		return dosePage.show(w, r, http.StatusOK, sc)
	case registry.Unchanged:
		return done(w, r, historyPath(f.Client), "unchanged")
	}
	return done(w, r, historyPath(f.Client), doseNotice(out))
}

// The notice of a save of immunizations has the numbers in its name:
// "doses-3-1-0" for three added and one changed.
const noticeDoses = "doses-"

func doseNotice(n registry.DosesSaved) string {
	return fmt.Sprintf("%s%d-%d-%d", noticeDoses, n.Added, n.Changed, n.Deleted)
}

// doseNoticeText is the notice in words, "" if it is not one.
func doseNoticeText(notice string) string {
	rest, ok := strings.CutPrefix(notice, noticeDoses)
	numbers := strings.Split(rest, "-")
	if !ok || len(numbers) != 3 {
		return ""
	}
	var parts []string
	for i, verb := range []string{"added", "changed", "deleted"} {
		n, err := strconv.ParseUint(numbers[i], 10, 16)
		if err != nil {
			return ""
		}
		if n > 0 {
			parts = append(parts, count(int(n), "immunization", "immunizations")+" "+verb)
		}
	}
	return strings.Join(append([]string{"Immunizations saved"}, strings.Join(parts, ", ")), ": ")
}

// refuseDoses shows the screen again after a save that was not done: with what is
// wrong, or with the fields that someone else has changed.
func (s *Server) refuseDoses(w http.ResponseWriter, r *http.Request, err error) error {
	a, id := actor(r), clientID(r)
	if len(iis.ClashesIn(err)) > 0 {
		return s.showDoseConflict(w, r, id)
	}
	problems, err := refused(err)
	if err != nil {
		return err
	}
	page, err := s.reg.Doses(r.Context(), a, id, "")
	if err != nil {
		return err
	}
	sc := s.newDoses(page, a)
	sc.blame(problems)
	return dosePage.show(w, r, http.StatusUnprocessableEntity, sc, problems...)
}

// showDoseConflict is showConflict for the screen that records immunizations.
func (s *Server) showDoseConflict(w http.ResponseWriter, r *http.Request, id iis.ClientID) error {
	a := actor(r)
	page, err := s.reg.Doses(r.Context(), a, id, "")
	if err != nil {
		return err
	}
	clashes, by, err := s.reg.Clashes(r.Context(), a, id, iis.ScreenDoses)
	if err != nil {
		return err
	}
	sc := s.newDoses(page, a)
	d := conflictScreen{Banner: sc.Banner, Action: sc.Action, Version: sc.Version, Then: "save"}
	var problems []iis.Problem
	d.Rows, problems = conflictRows(r, clashes, by, sc.draftValue, sc.saved)
	return conflictPage.show(w, r, http.StatusConflict, d, problems...)
}

// askDiscardDoses answers Cancel of the whole screen: without changes it leads
// back to the history, with changes it lists them and asks.
func (s *Server) askDiscardDoses(w http.ResponseWriter, r *http.Request) error {
	a, id := actor(r), clientID(r)
	page, err := s.reg.Doses(r.Context(), a, id, "")
	if err != nil {
		return err
	}
	n := page.Draft.Count()
	if n == 0 {
		if err := s.reg.Discard(r.Context(), a, id, iis.ScreenDoses); err != nil {
			return err
		}
		return done(w, r, historyPath(id), "")
	}
	sc := s.newDoses(page, a)
	d := discardScreen{Banner: &sc.Banner, Action: sc.Action + "/discard", Back: sc.Action, Count: n, At: clock(page.Draft.Changed),
		Changes: changeLines(page.Draft.Pending(), sc.draftValue, sc.saved)}
	return discardPage.show(w, r, http.StatusOK, d)
}

func (s *Server) discardDoses(w http.ResponseWriter, r *http.Request) error {
	if err := sameOrganization(r); err != nil {
		return err
	}
	if err := s.reg.Discard(r.Context(), actor(r), clientID(r), iis.ScreenDoses); err != nil {
		return err
	}
	return done(w, r, historyPath(clientID(r)), "discarded")
}

// lookUpNDC fills a row with what the NDC or the bar code typed into it stands
// for.
func (s *Server) lookUpNDC(w http.ResponseWriter, r *http.Request, f registry.Form) error {
	dose := iis.DoseID(f.ID)
	at := func(name string) iis.Field { return iis.DoseField(dose, name) }
	found, refuse := code.Scan(f.Typed[at("ndc")])
	fill := func(name, value string) {
		if value != "" {
			f.Typed[at(name)] = value
		}
	}
	var problem iis.Problem
	packs := code.PackagesOf(found.NDC)
	switch {
	case refuse != nil:
		problem = iis.Problem{Field: at("ndc"), Text: "NDC " + refuse.Error() + "."}
	case len(packs) == 0:
		fill("ndc", string(found.NDC))
		problem = iis.Problem{Field: at("ndc"), Text: "NDC is not in the table of CDC: choose the vaccine from the list."}
	default:
		fill("ndc", string(found.NDC))
		fill("lot", found.Lot)
		fill("expires", found.Expires.US())
		fill("trade", packs[0].TradeName)
		fill("maker", string(packs[0].MVX))
		var labels []string
		for _, p := range packs {
			if l := code.Label(p.CVX); !slices.Contains(labels, l) {
				labels = append(labels, l)
			}
		}
		if len(labels) > 1 {
			problem = iis.Problem{Field: at("vaccine"), Text: "Vaccine is not told by this NDC alone: choose " + strings.Join(labels, " or ") + "."}
			break
		}
		fill("vaccine", string(packs[0].CVX))
		if f.Typed[at("vis")] == "" && f.Typed[at("kind")] == string(iis.Administered) {
			fill("vis", suggestedVIS(packs[0].CVX, f.Typed[at("date")], s.today()))
		}
	}
	f.Do = registry.DoKeep
	st, err := s.reg.StageDoses(r.Context(), actor(r), f)
	if err != nil {
		return s.refuseDoses(w, r, err)
	}
	if problem.Field != "" {
		return s.refuseDoses(w, r, iis.Problems(problem))
	}
	n := max(slices.Index(st.Open, dose)+1, 1)
	on := "route"
	for _, name := range []string{"vaccine", "lot", "expires", "amount"} {
		if f.Typed[at(name)] == "" {
			on = name
			break
		}
	}
	return done(w, r, fmt.Sprintf("%s?at=%d&on=%s#row-%d", dosesPath(f.Client), n, on, n), "")
}

// suggestedVIS is the edition of a vaccine's information statement that is handed
// out now, "" if there is none or the dose was given before it.
func suggestedVIS(cvx iis.CVX, given string, today iis.Date) string {
	d, err := iis.ReadDate(given, today)
	vis := currentVIS(cvx)
	if err != nil || vis.IsZero() || vis.After(cmp.Or(d, today)) {
		return ""
	}
	return vis.US()
}

func currentVIS(cvx iis.CVX) iis.Date {
	for _, v := range code.VISOf(cvx) {
		if v.Current {
			return v.Edition
		}
	}
	return iis.Date{}
}

// doseName names a dose for people: "MMR 09/23/2010".
func doseName(cvx iis.CVX, d iis.Date) string {
	name := ""
	if cvx != "" {
		name = code.Label(cvx)
	}
	return strings.TrimSpace(name + " " + d.US())
}

// checkText says in words what is worth a second look, to the day.
func checkText(c registry.Check, born iis.Date) string {
	if c.VaccineGroup == "" {
		return c.Text
	}
	text, _, _ := strings.Cut(c.Text, ".")
	text += "."
	for _, why := range c.Reasons {
		text += " " + against(why, c.Date, born)
	}
	if !c.From.IsZero() {
		text += " It would count from " + c.From.US() + "."
	}
	return text
}
