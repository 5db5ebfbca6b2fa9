package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
)

// historyScreen tells what happened to a client: who changed what, who has seen
// the record, and under which names it was known.
type historyScreen struct {
	Banner banner
	Path   string // of this tab, without its query
	Tabs   []historyTab
	Events []historyEvent
	Shown  int // events that the filter let through
	Loaded int
	Field  *Field
	Org    *Field
	Filter bool
	Newer  string // address of the page before; "" on the first
	Older  string
	Names  []nameLine
	IDs    []iis.ClientID
	Merged []mergedLine
	Others bool // names of people at other organizations were left out
}

type historyTab struct {
	Label, Path string
	Here        bool
}

// historyEvent is one save or one view.
type historyEvent struct {
	Day, Time string
	Of        iis.ClientID // the record that went into this one, of whom it is; "" for the client himself
	Who       string       // "clerk, Test Clinic"
	What      string       // "Client updated"
	Lines     []changeLine
	Confirmed string
	Reason    string
}

// mergedLine is a record that went into this one.
type mergedLine struct {
	Other, Into    iis.ClientID // Into is this record, or one that went into it later
	At, By, Reason string
	Charts         string // "chart number C-2 at Test Clinic"
	Unmerge        string // where it is undone; "" for who may not
}

// nameLine is a name and birth date a client has or had.
type nameLine struct {
	Name, Born string
	Until      string // "" for the present one
}

var historyPage = newPage[*historyScreen]("client/history")

// actions are the words of what an event records.
var actions = map[iis.Action]string{
	iis.ActionEnter: "Client entered", iis.ActionUpdate: "Client updated", iis.ActionImport: "Imported from a file", iis.ActionUndoImport: "Import taken back",
	iis.ActionUndecease: "No longer marked as deceased", iis.ActionImmunize: "Immunizations changed",
	iis.ActionReportDose: "Reported a problem with an immunization", iis.ActionResolveDose: "Closed a problem with an immunization",
	iis.ActionView: "Opened the record", iis.ActionHistory: "Opened the change history", iis.ActionPrint: "Printed",
	iis.ActionVerify: "Verified by its code", iis.ActionMisguess: "Verified by its code",
	iis.ActionMerge: "Another record was merged into this one", iis.ActionMergedInto: "Merged into another record",
	iis.ActionUnmerge: "Unmerged: there are two records again",
}

func (s *Server) newHistory(r *http.Request, rec iis.Record, at string) *historyScreen {
	base := clientPath(rec.Client.ID) + "/history"
	h := &historyScreen{Banner: s.bannerOf(rec, s.today()), Path: base + at}
	for _, t := range []historyTab{{Label: "All changes"}, {Label: "Who viewed it", Path: "/views"}, {Label: "Names and IDs", Path: "/names"}} {
		h.Tabs = append(h.Tabs, historyTab{t.Label, base + t.Path, t.Path == at})
	}
	return h
}

func pageNumber(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

// paged puts the addresses of the pages before and after this one.
func (h *historyScreen) paged(page int, more bool) {
	if page > 0 {
		h.Newer = h.Path + "?page=" + itoa(page-1)
	}
	if more {
		h.Older = h.Path + "?page=" + itoa(page+1)
	}
}

// showChanges shows every change of a client, newest first, a save at a time.
func (s *Server) showChanges(w http.ResponseWriter, r *http.Request) error {
	page := pageNumber(r)
	hist, err := s.reg.ChangeHistory(r.Context(), actor(r), clientID(r), page)
	if err != nil {
		return err
	}
	h := s.newHistory(r, hist.Record, "")
	h.paged(page, hist.More)
	h.fill(hist, actor(r))
	h.filter(hist, r.URL.Query().Get("field"), r.URL.Query().Get("organization"))
	return historyPage.show(w, r, http.StatusOK, h)
}

// showViews shows who has seen the record.
func (s *Server) showViews(w http.ResponseWriter, r *http.Request) error {
	page := pageNumber(r)
	hist, err := s.reg.ViewHistory(r.Context(), actor(r), clientID(r), page)
	if err != nil {
		return err
	}
	h := s.newHistory(r, hist.Record, "/views")
	h.paged(page, hist.More)
	h.fill(hist, actor(r))
	return historyPage.show(w, r, http.StatusOK, h)
}

// showNames shows the names and birth dates a client had, and the ID.
func (s *Server) showNames(w http.ResponseWriter, r *http.Request) error {
	hist, err := s.reg.ChangeHistory(r.Context(), actor(r), clientID(r), 0)
	if err != nil {
		return err
	}
	rec := hist.Record
	h := s.newHistory(r, rec, "/names")
	h.IDs = []iis.ClientID{rec.Client.ID}
	h.Names = []nameLine{{Name: bannerName(rec.Client.Name), Born: rec.Client.BirthDate.US()}}
	for _, a := range rec.Aliases {
		h.Names = append(h.Names, nameLine{Name: bannerName(a.Name), Born: a.BirthDate.US(), Until: usDay(a.Until)})
	}
	for _, m := range hist.Merged {
		line := mergedLine{Other: m.Other, Into: m.Into, At: usDay(m.At), By: m.By, Reason: m.Reason}
		if len(m.Charts) > 0 {
			line.Charts = "chart number " + strings.Join(m.Charts, ", ")
		}
		if actor(r).May(iis.MergeClient) {
			line.Unmerge = clientPath(rec.Client.ID) + "/unmerge/" + url.PathEscape(m.Merge)
		}
		h.Merged = append(h.Merged, line)
		h.IDs = append(h.IDs, m.Other)
	}
	return historyPage.show(w, r, http.StatusOK, h)
}

// fill says the events in words. The person is named to the same organization
// and to staff; to others the organization speaks for its people (guide 75).
func (h *historyScreen) fill(hist registry.History, a iis.Actor) {
	now := hist.Record.Values()
	was := iis.Values{}
	for _, e := range hist.Events { // newest first: a row that is gone is named by its last name
		for _, c := range e.Detail.Changes {
			for _, v := range []string{c.New, c.Old} {
				if v != "" && was[c.Field] == "" {
					was[c.Field] = v
				}
			}
		}
	}
	for _, e := range hist.Events {
		line := historyEvent{
			Day: usDay(e.At), Time: clock(e.At), What: cmp.Or(actions[e.Action], string(e.Action)),
			Lines:     changeLines(e.Detail.Changes, func(f iis.Field) string { return now[f] }, was),
			Confirmed: strings.Join(e.Detail.Confirmed, ", "), Reason: e.Detail.Reason,
		}
		if e.Client != hist.Record.Client.ID {
			line.Of = e.Client
		}
		switch subject := e.Detail.Subject; {
		case (e.Action == iis.ActionPrint || e.Action == iis.ActionVerify || e.Action == iis.ActionMisguess) && subject != "":
			line.What += ": " + subject
		case e.Action == iis.ActionView && strings.HasPrefix(subject, "immunization "):
			line.What = "Opened an immunization"
			if subject == "immunization history" {
				line.What = "Opened the immunization history"
			}
		case e.Action == iis.ActionMerge:
			line.What = "Merged " + cmp.Or(subject, "another record") + " into this record"
		case e.Action == iis.ActionMergedInto:
			line.What = "Merged into " + cmp.Or(subject, "another record")
		case e.Action == iis.ActionDifferent:
			line.What = "Told apart from " + subject
		case e.Action == iis.ActionReportPair:
			line.What = "Reported as a possible duplicate of " + subject
		case e.Action == iis.ActionAskMerge:
			line.What = "A merge with " + subject + " was asked for"
		case e.Action == iis.ActionUnmerge:
			line.What = "Unmerged from " + cmp.Or(subject, "another record")
		case e.Action == iis.ActionView && strings.HasPrefix(subject, "beside "):
			line.What = "Looked at " + subject
		case e.Action == iis.ActionView && strings.HasPrefix(subject, "merge with "):
			line.What = "Looked at the " + subject
		case e.Action == iis.ActionView && strings.HasPrefix(subject, "immunizations"):
			line.What = "Opened the immunizations to record"
		}
		switch {
		case e.Action == iis.ActionVerify || e.Action == iis.ActionMisguess:
			line.Who = "Someone with the code, not signed in"
		case e.User == "":
			line.Who = cmp.Or(e.OrgName, "openiis itself")
		case e.Organization == a.Organization || a.May(iis.SeeHidden):
			line.Who = e.UserName + ", " + e.OrgName
		default:
			line.Who, h.Others = e.OrgName, true
		}
		h.Events = append(h.Events, line)
	}
	h.Shown, h.Loaded = len(h.Events), len(h.Events)
}

// filter leaves the changes of one field or one organization among those loaded.
func (h *historyScreen) filter(hist registry.History, field, org string) {
	h.Field, h.Org = newField("field", "Field", field), newField("organization", "Organization", org)
	h.Field.Choices, h.Org.Choices = []Choice{{Label: "All fields"}}, []Choice{{Label: "All organizations"}}
	add := func(f *Field, v string) {
		if v != "" && !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.Value == v }) {
			f.Choices = append(f.Choices, Choice{Value: v, Label: v})
		}
	}
	kept := h.Events[:0:0]
	for i, e := range hist.Events {
		add(h.Org, e.OrgName)
		ev := h.Events[i]
		for _, l := range ev.Lines {
			add(h.Field, l.Filed())
		}
		if org != "" && e.OrgName != org {
			continue
		}
		if field != "" {
			ev.Lines = slices.DeleteFunc(slices.Clone(ev.Lines), func(l changeLine) bool { return l.Filed() != field })
			if len(ev.Lines) == 0 {
				continue
			}
		}
		kept = append(kept, ev)
	}
	h.Events, h.Shown = kept, len(kept)
	h.Filter = field != "" || org != ""
	slices.SortFunc(h.Field.Choices[1:], func(a, b Choice) int { return cmp.Compare(a.Label, b.Label) })
	slices.SortFunc(h.Org.Choices[1:], func(a, b Choice) int { return cmp.Compare(a.Label, b.Label) })
}
