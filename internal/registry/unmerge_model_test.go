package registry_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
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
	deaths   []death
	said     map[saidBy]*said
	saidLast map[saidBy]map[string]string // set since the last merge into the record
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
	street  string // of a contact
	primary bool   // it was once: its address is the client's
	deleted bool
}

// death is that a record was marked as deceased or was not any more, or that another
// went into it: then it is what either was.
type death struct {
	of, other int // other is -1 unless it is a merge
	dead      bool
	merge     string
}

// saidBy is a record and an organization, said what the organization says in it.
type (
	saidBy struct {
		record int
		org    iis.OrganizationID
	}
	said struct {
		chart                 string
		inactive, noReminders bool
		status, reminders     bool // were set since: once, so that no setting takes another back
	}
)

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

// died reports whether a record is marked as deceased: what was last done with it, if
// the merges that were undone had never been.
func (m *merging) died(i int) bool {
	now := map[int]bool{}
	for _, d := range m.deaths {
		if d.other < 0 {
			now[d.of] = d.dead
		} else {
			now[d.of] = now[d.of] || now[d.other]
		}
	}
	return now[i]
}

// whose is the record whose row it is that a record shows of what an organization
// says; -1 if it shows none.
func (m *merging) whose(i int, org iis.OrganizationID) int {
	if m.said[saidBy{i, org}] != nil {
		return i
	}
	for _, u := range m.merges {
		if u.whose == i {
			if of := m.whose(u.other, org); of >= 0 {
				return of
			}
		}
	}
	return -1
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
	if what == "revive" {
		m.revive()
		return
	}
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
		c := madeRow{of: i}
		if rapid.Bool().Draw(m.rt, "with address") {
			c.street = fmt.Sprint(m.n, " 3RD ST SE")
			typed[iis.RowField(iis.RowContact, id, "street")] = c.street
		}
		m.save(i, registry.Form{Typed: typed, NewContact: id})
		m.contacts[id] = c
	case "primary":
		m.primary(i)
	case "status":
		m.status(i)
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
		m.deaths = append(m.deaths, death{of: i, other: -1, dead: true})
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

// revive takes a death back.
func (m *merging) revive() {
	m.t.Helper()
	dead := slices.DeleteFunc(m.live(false), func(i int) bool { return !m.died(i) })
	if len(dead) == 0 {
		return
	}
	i := m.draw("record", dead)
	if err := m.Undecease(m.t.Context(), helpdesk, m.ids[i]); err != nil {
		m.rt.Fatalf("Undecease of %d = %v", i, err)
	}
	m.deaths = append(m.deaths, death{of: i, other: -1})
}

// primary ticks a contact as the client's primary address.
func (m *merging) primary(i int) {
	m.t.Helper()
	id, ok := m.oneContact(i)
	if !ok {
		return
	}
	w := m.whole(m.t, m.ids[i])
	at := slices.IndexFunc(w.Contacts, func(c iis.Contact) bool { return c.ID == id })
	if w.Contacts[at].Primary {
		return
	}
	m.save(i, registry.Form{Typed: iis.Values{iis.RowField(iis.RowContact, id, "primary"): iis.Yes}})
	c := m.contacts[id]
	c.primary = true
	m.contacts[id] = c
	if is := w.Contacts[at].Address; !is.IsZero() && is.Street != w.Client.Address.Street {
		m.set[i][iis.FieldStreet], m.shown[i][iis.FieldStreet] = is.Street, is.Street
	}
}

// status changes one thing that an organization says of a client.
func (m *merging) status(i int) {
	m.t.Helper()
	who := rapid.SampledFrom([]iis.Actor{clerk, clerk2}).Draw(m.rt, "who")
	if who.Organization != testClinic.ID && m.locked[i] {
		return
	}
	what := rapid.SampledFrom([]string{"chart", "status", "reminders"}).Draw(m.rt, "said")
	of := m.whose(i, who.Organization)
	if of < 0 {
		of, what = i, "chart"
		m.said[saidBy{i, who.Organization}] = &said{}
	}
	own := m.said[saidBy{of, who.Organization}]
	now := m.membership(i, who.Organization)
	typed, last := iis.Values{}, ""
	switch what {
	case "chart":
		own.chart = m.next("h")
		typed[iis.FieldChart], typed[iis.FieldStatus] = own.chart, string(now.Status)
		last = own.chart
	case "status":
		if own.status {
			return
		}
		own.status, own.inactive = true, now.Status == iis.Active
		typed[iis.FieldStatus] = string(iis.Active)
		if own.inactive {
			typed[iis.FieldStatus], typed[iis.FieldReason] = string(iis.Inactive), "M"
		}
		last = typed[iis.FieldStatus]
	case "reminders":
		if own.reminders {
			return
		}
		own.reminders, own.noReminders = true, now.Reminders
		typed[iis.FieldReminders] = map[bool]string{true: iis.No, false: iis.Yes}[now.Reminders]
		last = typed[iis.FieldReminders]
	}
	f := registry.Form{Client: m.ids[i], Typed: typed, Confirmed: []string{"Last name", "First name", "Birth date"}}
	if out, err := m.SaveClient(m.t.Context(), who, f); err != nil || out != registry.Saved {
		m.rt.Fatalf("SaveClient of %d = %q, %v, want %s", i, out, err, registry.Saved)
	}
	if of == i {
		k := saidBy{i, who.Organization}
		if m.saidLast[k] == nil {
			m.saidLast[k] = map[string]string{}
		}
		m.saidLast[k][what] = last
	}
}

// membership is what an organization says of a client, as his record shows it.
func (m *merging) membership(i int, org iis.OrganizationID) iis.Membership {
	for _, x := range m.whole(m.t, m.ids[i]).Memberships {
		if x.Organization == org {
			return x
		}
	}
	return iis.Membership{Status: iis.Active, Reminders: true}
}
