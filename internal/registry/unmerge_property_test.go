package registry_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// drafter types without saving; merger2 is the second person that twins need.
var (
	drafter = actorOf("drafter", testClinic, iis.TypicalUser)
	merger2 = actorOf("merger2", staff, iis.HelpDesk)
)

// merging is a run of merges, edits and unmerges, and what has to come of it: what
// was set or entered in a record is the record's when all is taken apart again.
type merging struct {
	world
	t    *testing.T
	rt   *rapid.T
	mark string // of all that this run makes
	n    int    // things made so far

	ids      []iis.ClientID
	into     []int // whom each went into; itself while it stands
	merges   []madeMerge
	set      []map[iis.Field]string // by record
	shown    []map[iis.Field]string // set since the last merge into the record: it is there whatever is undone
	doses    map[iis.DoseID]madeRow
	contacts map[iis.ContactID]madeRow
	comments map[iis.CommentID]int
	dead     []bool
	locked   []bool
	drafts   map[int]string // phone typed and not saved, by record
}

// madeMerge is a merge that stands.
type madeMerge struct {
	id           string
	other, whose int // who went into whom
}

// madeRow is a dose or a contact: of which record, and the lot or phone it has.
type madeRow struct {
	of      int
	value   string
	deleted bool
}

func (m *merging) next(what string) string { m.n++; return fmt.Sprint(m.mark, what, m.n) }

// root is who has all of a record now.
func (m *merging) root(i int) int {
	for m.into[i] != i {
		i = m.into[i]
	}
	return i
}

// live are the records that stand, of whom those who are alive if asked for.
func (m *merging) live(alive bool) (all []int) {
	for i := range m.ids {
		if m.into[i] == i && !(alive && m.died(i)) {
			all = append(all, i)
		}
	}
	return all
}

// died reports whether one is dead who is or went into a record.
func (m *merging) died(i int) bool {
	for j, dead := range m.dead {
		if dead && m.root(j) == i {
			return true
		}
	}
	return false
}

func (m *merging) draw(what string, from []int) int { return rapid.SampledFrom(from).Draw(m.rt, what) }

// save saves an edit by the clerk, who can.
func (m *merging) save(i int, f registry.Form) {
	m.t.Helper()
	f.Client, f.Confirmed, f.DeathConfirmed = m.ids[i], []string{"Last name", "First name", "Birth date"}, true
	if out, err := m.SaveClient(m.t.Context(), clerk, f); err != nil || out != registry.Saved && out != registry.Deceased {
		m.rt.Fatalf("SaveClient of %d = %q, %v, want %s", i, out, err, registry.Saved)
	}
}

// step does one thing with one record that stands.
func (m *merging) step(what string) {
	m.t.Helper()
	alive := m.live(true)
	if len(alive) == 0 {
		return
	}
	i := m.draw("record", alive)
	row := func(id iis.ContactID, name, value string) iis.Values {
		return iis.Values{iis.RowField(iis.RowContact, id, name): value}
	}
	switch what {
	case "field":
		f := rapid.SampledFrom([]iis.Field{iis.FieldPhone, iis.FieldEmail, iis.FieldMiddle, iis.FieldMotherFirst, iis.FieldStreet}).Draw(m.rt, "field")
		v := map[iis.Field]string{iis.FieldPhone: fmt.Sprintf("651-201-%04d", 1000+m.n), iis.FieldEmail: m.next("e") + "@example.org",
			iis.FieldMiddle: fmt.Sprint("M", m.n), iis.FieldMotherFirst: fmt.Sprint("MINNIE", m.n), iis.FieldStreet: fmt.Sprint(m.n, " 1ST ST SE")}[f]
		m.n++
		m.save(i, registry.Form{Typed: iis.Values{f: v}})
		m.set[i][f], m.shown[i][f] = v, v
	case "contact":
		id := iis.ContactID(m.next("c"))
		typed := iis.Values{iis.RowField(iis.RowContact, id, "last"): "GOOSE", iis.RowField(iis.RowContact, id, "first"): rapid.SampledFrom([]string{"GUS", "GLADYS"}).Draw(m.rt, "contact"),
			iis.RowField(iis.RowContact, id, "relation"): string(iis.OtherRelative)}
		m.save(i, registry.Form{Typed: typed, NewContact: id})
		m.contacts[id] = madeRow{of: i}
	case "call", "forget":
		id, ok := m.oneContact(i)
		if !ok {
			return
		}
		c := m.contacts[id]
		if what == "forget" {
			f := registry.Form{Client: m.ids[i], Do: registry.DoDelete, Row: iis.RowContact, ID: string(id)}
			if err := m.StageClient(m.t.Context(), clerk, f); err != nil {
				m.rt.Fatal(err)
			}
			m.save(i, registry.Form{})
			c.deleted = true
		} else {
			m.n++
			c.value = fmt.Sprintf("651-202-%04d", 1000+m.n)
			m.save(i, registry.Form{Typed: row(id, "phone", c.value)})
		}
		m.contacts[id] = c
	case "dose":
		id := iis.DoseID(m.next("d"))
		m.mustSaveDoses(m.t, clerk, m.ids[i], map[iis.DoseID]map[string]string{id: given(iis.Historical, fmt.Sprintf("%02d/%02d/2011", 1+m.n%12, 1+m.n%28), "110")})
		m.doses[id] = madeRow{of: i}
	case "lot", "void":
		id, ok := m.oneDose(i)
		if !ok {
			return
		}
		d := m.doses[id]
		if what == "void" {
			f := registry.Form{Client: m.ids[i], Screen: iis.ScreenDoses, Do: registry.DoDelete, Row: iis.RowDose, ID: string(id)}
			if err := m.StageClient(m.t.Context(), clerk, f); err != nil {
				m.rt.Fatal(err)
			}
			m.mustSaveDoses(m.t, clerk, m.ids[i], nil)
			d.deleted = true
		} else {
			m.n++
			d.value = fmt.Sprint("LOT", m.n)
			m.mustSaveDoses(m.t, clerk, m.ids[i], map[iis.DoseID]map[string]string{id: {"lot": d.value}})
		}
		m.doses[id] = d
	case "comment":
		id := iis.CommentID(m.next("k"))
		m.save(i, registry.Form{NewComment: id, Typed: iis.Values{iis.RowField(iis.RowComment, id, "code"): "refusal-influenza",
			iis.RowField(iis.RowComment, id, "date"): fmt.Sprintf("%02d/%02d/20%02d", 1+m.n%12, 1+m.n%28, 12+m.n/336)}})
		m.comments[id] = i
	case "lock":
		m.locked[i] = !m.locked[i]
		m.save(i, registry.Form{Typed: iis.Values{iis.FieldSharing: map[bool]string{true: iis.No, false: iis.Yes}[m.locked[i]]}})
	case "die":
		m.save(i, registry.Form{Typed: iis.Values{iis.FieldStatus: string(iis.StatusDeceased), iis.FieldDied: "01/02/2024", iis.FieldDeathSource: "Family"}})
		m.dead[i] = true
	case "draft":
		m.n++
		typed := fmt.Sprintf("651-203-%04d", 1000+m.n)
		f := registry.Form{Client: m.ids[i], Typed: iis.Values{iis.FieldPhone: typed}, Do: registry.DoKeep}
		if err := m.StageClient(m.t.Context(), drafter, f); err != nil {
			m.rt.Fatal(err)
		}
		m.drafts[i] = typed
	}
}

// oneContact draws one of the contacts a record shows that the run has made; those
// of the two that a merge made one are left alone.
func (m *merging) oneContact(i int) (iis.ContactID, bool) {
	var ids []iis.ContactID
	for _, c := range m.whole(m.t, m.ids[i]).Contacts {
		if _, ok := m.contacts[c.ID]; ok {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return "", false
	}
	return rapid.SampledFrom(ids).Draw(m.rt, "contact"), true
}

func (m *merging) oneDose(i int) (iis.DoseID, bool) {
	doses := m.whole(m.t, m.ids[i]).Doses
	if len(doses) == 0 {
		return "", false
	}
	return doses[rapid.IntRange(0, len(doses)-1).Draw(m.rt, "dose")].ID, true
}

// join merges two records that stand, with anything chosen.
func (m *merging) join() {
	m.t.Helper()
	live := m.live(false)
	if len(live) < 2 {
		return
	}
	s := m.draw("survivor", live)
	o := m.draw("other", slices.DeleteFunc(slices.Clone(live), func(i int) bool { return i == s }))
	sw, ow := m.whole(m.t, m.ids[s]), m.whole(m.t, m.ids[o])
	choice := iis.MergeChoice{Fields: map[iis.Field]iis.Whose{}, Without: map[iis.ContactID]bool{}}
	for _, f := range iis.MergeFields(sw.Record, ow.Record) {
		choice.Fields[f] = rapid.SampledFrom([]iis.Whose{"", iis.Survivors, iis.Others}).Draw(m.rt, string(f))
	}
	for _, c := range slices.Concat(sw.Contacts, ow.Contacts) {
		choice.Without[c.ID] = rapid.IntRange(0, 3).Draw(m.rt, "without") == 0
	}
	ask := registry.Merging{Survivor: m.ids[s], Other: m.ids[o], SurvivorVersion: sw.Client.Version, OtherVersion: ow.Client.Version, MergeChoice: choice}
	out, err := m.MergeClients(m.t.Context(), helpdesk, ask)
	if out == registry.AskSecond {
		out, err = m.MergeClients(m.t.Context(), merger2, ask)
	}
	if iis.KindOf(err) == iis.Invalid && m.locked[s] != m.locked[o] {
		return
	}
	if err != nil || out != registry.Saved {
		m.rt.Fatalf("MergeClients = %q, %v, want %s", out, err, registry.Saved)
	}
	h, err := m.ChangeHistory(m.t.Context(), helpdesk, m.ids[s], 0)
	if err != nil {
		m.rt.Fatal(err)
	}
	i := slices.IndexFunc(h.Merged, func(x registry.MergedRecord) bool { return x.Other == m.ids[o] })
	if i < 0 {
		m.rt.Fatalf("the record merged last is not among %v", h.Merged)
	}
	m.merges = append(m.merges, madeMerge{h.Merged[i].Merge, o, s})
	m.into[o] = s
	m.shown[s], m.shown[o] = map[iis.Field]string{}, map[iis.Field]string{}
	m.leads()
}

// part undoes any merge that stands.
func (m *merging) part() {
	m.t.Helper()
	if len(m.merges) == 0 {
		return
	}
	at := rapid.IntRange(0, len(m.merges)-1).Draw(m.rt, "merge")
	u := m.merges[at]
	root := m.root(u.whose)
	version := m.whole(m.t, m.ids[root]).Client.Version
	// Asked of the record that the other went into, whoever has it now.
	other, err := m.UnmergeClients(m.t.Context(), helpdesk, registry.Unmerging{Survivor: m.ids[u.whose], Merge: u.id, Version: version})
	if err != nil || other != m.ids[u.other] {
		m.rt.Fatalf("UnmergeClients = %s, %v, want %s", other, err, m.ids[u.other])
	}
	m.merges = slices.Delete(m.merges, at, at+1)
	m.into[u.other] = u.other
	m.locked[u.other] = m.locked[root]
	m.leads()
}

// leads checks that every ID leads to who has the record now, in the address and in
// the search, and that what was set in him is there.
func (m *merging) leads() {
	m.t.Helper()
	for _, i := range m.live(false) {
		w := m.whole(m.t, m.ids[i])
		for f, v := range m.shown[i] {
			if w.Value(f) != v {
				m.rt.Fatalf("%s of record %d = %q, want %q, set since the last merge", f, i, w.Value(f), v)
			}
		}
	}
	for i, id := range m.ids {
		want := m.ids[m.root(i)]
		_, err := m.Client(m.t.Context(), helpdesk, id)
		if got := iis.MovedTo(err); want != id && got != want || want == id && err != nil {
			m.rt.Fatalf("the ID of record %d leads to %q, %v, want %s", i, got, err, want)
		}
		if m.died(m.root(i)) {
			continue // hidden from his clinic
		}
		found, err := m.Find(m.t.Context(), clerk, registry.Query{ID: fmt.Sprint(m.mark, i)})
		if err != nil || !slices.ContainsFunc(found.Found, func(f registry.Found) bool { return f.Client.ID == want }) || len(found.Found) != 1 {
			m.rt.Fatalf("the chart number of record %d finds %v, %v, want %s", i, found.Found, err, want)
		}
	}
}

// TestMergesUndoneInAnyOrder: records are merged into each other, edited in any way,
// and unmerged in any order. When all are apart again, each has what was set and
// entered in it, nothing more and nothing less.
func TestMergesUndoneInAnyOrder(t *testing.T) {
	fewChecks(t, "8")
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, drafter)
		w.addUser(t, merger2)
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := &merging{world: w, t: t, rt: rt, mark: fmt.Sprintf("R%d-", run), doses: map[iis.DoseID]madeRow{},
				contacts: map[iis.ContactID]madeRow{}, comments: map[iis.CommentID]int{}, drafts: map[int]string{}}
			var was []iis.Whole
			for i := range 4 {
				first := rapid.SampledFrom([]string{"DON", "DONALD"}).Draw(rt, "first")
				id := w.enter(t, clerk, iis.Values{"last": "DUCK", "first": first, "birth": time.Date(2001, 1, run, 0, 0, 0, 0, time.UTC).Format("01/02/2006"), "gender": "M", "chart": fmt.Sprint(m.mark, i),
					"phone":  rapid.SampledFrom([]string{"", fmt.Sprintf("651-204-%04d", 1000+i)}).Draw(rt, "phone"),
					"street": fmt.Sprint(i+1, " 2ND ST SE"), "city": "SAINT PAUL", "state": "MN", "zip": "55112"})
				m.ids, m.into = append(m.ids, id), append(m.into, i)
				m.set, m.shown = append(m.set, map[iis.Field]string{}), append(m.shown, map[iis.Field]string{})
				m.dead, m.locked = append(m.dead, false), append(m.locked, false)
			}
			for range 8 {
				m.step(rapid.SampledFrom([]string{"contact", "dose", "comment"}).Draw(rt, "entered"))
			}
			for _, id := range m.ids {
				was = append(was, w.whole(t, id))
			}
			for range rapid.IntRange(6, 24).Draw(rt, "steps") {
				switch what := rapid.SampledFrom([]string{"merge", "merge", "merge", "unmerge", "field", "field", "contact", "call", "forget",
					"dose", "lot", "void", "comment", "lock", "die", "draft"}).Draw(rt, "step"); what {
				case "merge":
					m.join()
				case "unmerge":
					m.part()
				default:
					m.step(what)
				}
			}
			for len(m.merges) > 0 {
				m.part()
			}
			m.check(was)
		})
		if r, err := w.db.VerifyAudit(t.Context()); err != nil || len(r.Faults) > 0 {
			t.Errorf("VerifyAudit = %+v, %v", r, err)
		}
	})
}

// check holds the records, all apart again, to what was done.
func (m *merging) check(was []iis.Whole) {
	m.t.Helper()
	doses, contacts, comments := map[iis.DoseID]int{}, map[iis.ContactID]int{}, map[iis.CommentID]int{}
	for i, id := range m.ids {
		w := m.whole(m.t, id)
		for _, f := range []iis.Field{iis.FieldPhone, iis.FieldEmail, iis.FieldMiddle, iis.FieldMotherFirst, iis.FieldStreet, iis.FieldFirst} {
			want, ok := m.set[i][f]
			if !ok {
				want = was[i].Value(f)
			}
			if got := w.Value(f); got != want {
				m.rt.Errorf("%s of record %d = %q, want %q", f, i, got, want)
			}
		}
		if got := w.Client.Deceased(); got != m.dead[i] {
			m.rt.Errorf("record %d deceased = %t, want %t", i, got, m.dead[i])
		}
		if got := w.Client.LockedTo != ""; got != m.locked[i] {
			m.rt.Errorf("record %d locked = %t, want %t", i, got, m.locked[i])
		}
		if p, ok := w.Primary(); ok && p.Address != w.Client.Address {
			m.rt.Errorf("the primary contact of record %d has another address", i)
		}
		for _, d := range w.Doses {
			doses[d.ID]++
			if want := m.doses[d.ID]; want.of != i || want.deleted || d.Lot != want.value {
				m.rt.Errorf("record %d has dose %s of lot %q, want it of record %d with %+v", i, d.ID, d.Lot, want.of, want)
			}
		}
		for _, c := range w.Contacts {
			want, ok := m.contacts[c.ID]
			if !ok {
				continue // an own address
			}
			contacts[c.ID]++
			if want.of != i || want.deleted || c.Phone != want.value {
				m.rt.Errorf("record %d has contact %s with phone %q, want it of record %d with %+v", i, c.ID, c.Phone, want.of, want)
			}
		}
		for _, c := range w.Comments {
			comments[c.ID]++
			if m.comments[c.ID] != i {
				m.rt.Errorf("record %d has comment %s, want it of record %d", i, c.ID, m.comments[c.ID])
			}
		}
		if typed, ok := m.drafts[i]; ok && !m.dead[i] {
			page, err := m.Client(m.t.Context(), drafter, id)
			if err != nil || !slices.ContainsFunc(page.Draft.Changes, func(c iis.Change) bool { return c.Field == iis.FieldPhone && c.New == typed }) {
				m.rt.Errorf("the draft of record %d is lost: %v", i, err)
			}
		}
	}
	for id, row := range m.doses {
		if !row.deleted && doses[id] != 1 {
			m.rt.Errorf("dose %s is on file %d times, want once", id, doses[id])
		}
	}
	for id, row := range m.contacts {
		if !row.deleted && contacts[id] != 1 {
			m.rt.Errorf("contact %s is on file %d times, want once", id, contacts[id])
		}
	}
	for id := range m.comments {
		if comments[id] != 1 {
			m.rt.Errorf("comment %s is on file %d times, want once", id, comments[id])
		}
	}
	waiting, err := m.Duplicates(m.t.Context(), helpdesk, registry.DuplicateAsk{})
	if err != nil {
		m.rt.Fatal(err)
	}
	for _, p := range waiting.Pairs {
		d, err := m.Duplicate(m.t.Context(), helpdesk, p.A, p.B, registry.DuplicateAsk{})
		if err != nil || d.Kept.State != store.PairWaiting {
			m.rt.Errorf("pair of the queue = %+v, %v", d.Kept, err)
		}
	}
}
