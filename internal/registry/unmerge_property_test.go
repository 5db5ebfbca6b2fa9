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
	m.deaths = append(m.deaths, death{of: s, other: o, merge: h.Merged[i].Merge})
	m.shown[s], m.shown[o] = map[iis.Field]string{}, map[iis.Field]string{}
	for _, org := range []iis.OrganizationID{testClinic.ID, riverside.ID} {
		delete(m.saidLast, saidBy{s, org})
		delete(m.saidLast, saidBy{o, org})
	}
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
	m.deaths = slices.DeleteFunc(m.deaths, func(d death) bool { return d.merge == u.id })
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
		for k, last := range m.saidLast {
			x := m.membership(i, k.org)
			is := map[string]string{"chart": x.ChartNumber, "status": string(x.Status), "reminders": map[bool]string{true: iis.Yes, false: iis.No}[x.Reminders]}
			for what, v := range last {
				if k.record == i && is[what] != v {
					m.rt.Fatalf("%s of record %d at %s = %q, want %q, set since the last merge", what, i, k.org, is[what], v)
				}
			}
		}
		if w.Client.Deceased() != m.died(i) {
			m.rt.Fatalf("record %d deceased = %t, want %t", i, w.Client.Deceased(), m.died(i))
		}
		m.onePrimary(i, w)
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
		found, err := m.Find(m.t.Context(), clerk, registry.Query{ID: m.said[saidBy{i, testClinic.ID}].chart})
		if err != nil || !slices.ContainsFunc(found.Found, func(f registry.Found) bool { return f.Client.ID == want }) || len(found.Found) != 1 {
			m.rt.Fatalf("the chart number of record %d finds %v, %v, want %s", i, found.Found, err, want)
		}
	}
}

// onePrimary checks that no more than one contact is the client's primary address, and
// has it.
func (m *merging) onePrimary(i int, w iis.Whole) {
	m.t.Helper()
	n := 0
	for _, c := range w.Contacts {
		if !c.Primary {
			continue
		}
		if n++; c.Address != w.Client.Address || c.Undeliverable != w.Client.Undeliverable {
			m.rt.Fatalf("the primary contact of record %d has another address", i)
		}
	}
	if n > 1 {
		m.rt.Fatalf("record %d has %d primary contacts", i, n)
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
				said: map[saidBy]*said{}, saidLast: map[saidBy]map[string]string{},
				contacts: map[iis.ContactID]madeRow{}, comments: map[iis.CommentID]int{}, drafts: map[int]string{}}
			var was []iis.Whole
			for i := range 4 {
				first := rapid.SampledFrom([]string{"DON", "DONALD"}).Draw(rt, "first")
				id := w.enter(t, clerk, iis.Values{"last": "DUCK", "first": first, "birth": time.Date(2001, 1, run, 0, 0, 0, 0, time.UTC).Format("01/02/2006"), "gender": "M", "chart": fmt.Sprint(m.mark, i),
					"phone":  rapid.SampledFrom([]string{"", fmt.Sprintf("651-204-%04d", 1000+i)}).Draw(rt, "phone"),
					"street": fmt.Sprint(i+1, " 2ND ST SE"), "city": "SAINT PAUL", "state": "MN", "zip": "55112"})
				m.ids, m.into = append(m.ids, id), append(m.into, i)
				m.set, m.shown = append(m.set, map[iis.Field]string{}), append(m.shown, map[iis.Field]string{})
				m.locked = append(m.locked, false)
				m.said[saidBy{i, testClinic.ID}] = &said{chart: fmt.Sprint(m.mark, i)}
			}
			for range 8 {
				m.step(rapid.SampledFrom([]string{"contact", "dose", "comment", "status"}).Draw(rt, "entered"))
			}
			for _, id := range m.ids {
				was = append(was, w.whole(t, id))
			}
			for range rapid.IntRange(6, 24).Draw(rt, "steps") {
				switch what := rapid.SampledFrom([]string{"merge", "merge", "merge", "unmerge", "field", "field", "contact", "call", "forget",
					"dose", "lot", "void", "comment", "lock", "die", "revive", "revive", "status", "status", "primary", "draft"}).Draw(rt, "step"); what {
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
		if got := w.Client.LockedTo != ""; got != m.locked[i] {
			m.rt.Errorf("record %d locked = %t, want %t", i, got, m.locked[i])
		}
		for _, org := range []iis.OrganizationID{testClinic.ID, riverside.ID} {
			own := m.said[saidBy{i, org}]
			if there := slices.ContainsFunc(w.Memberships, func(x iis.Membership) bool { return x.Organization == org }); there != (own != nil) {
				m.rt.Errorf("record %d is of %s = %t, want %t", i, org, there, own != nil)
			}
			if own == nil {
				continue
			}
			x := m.membership(i, org)
			if got := (said{x.ChartNumber, x.Status == iis.Inactive, !x.Reminders, own.status, own.reminders}); got != *own {
				m.rt.Errorf("record %d at %s = %+v, want %+v", i, org, got, *own)
			}
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
			if !want.primary && c.Address.Street != want.street {
				m.rt.Errorf("contact %s of record %d lives at %q, want %q", c.ID, i, c.Address.Street, want.street)
			}
		}
		for _, c := range w.Comments {
			comments[c.ID]++
			if m.comments[c.ID] != i {
				m.rt.Errorf("record %d has comment %s, want it of record %d", i, c.ID, m.comments[c.ID])
			}
		}
		if typed, ok := m.drafts[i]; ok && !m.died(i) {
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
