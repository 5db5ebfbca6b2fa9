package registry_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

var (
	testClinic = iis.Organization{ID: "TEST", Name: "Test Clinic", Type: iis.Clinic, Active: true}
	riverside  = iis.Organization{ID: "RIVER", Name: "Riverside Clinic", Type: iis.Clinic, Active: true}
	lincoln    = iis.Organization{ID: "LINCOLN", Name: "Lincoln Elementary School", Type: iis.School, Active: true}
	staff      = iis.Organization{ID: "REG", Name: "Registry Help Desk", Type: iis.RegistryStaff, Active: true}

	clerk    = actorOf("clerk", testClinic, iis.TypicalUser)
	clerk2   = actorOf("clerk2", riverside, iis.TypicalUser)
	viewer   = actorOf("viewer", testClinic, iis.ReportsOnly)
	nurse    = actorOf("nurse", lincoln, iis.TypicalUser)
	helpdesk = actorOf("helpdesk", staff, iis.HelpDesk)
)

func actorOf(name string, o iis.Organization, r iis.Role) iis.Actor {
	return iis.Actor{User: iis.UserID("U-" + name), UserName: name, Name: name,
		Organization: o.ID, OrgName: o.Name, OrgType: o.Type, Role: r}
}

// world is a registry with the organizations and users above.
type world struct {
	*registry.Registry
	db *store.DB
}

// each runs f with a fresh world on each engine.
func each(t *testing.T, o registry.Options, f func(t *testing.T, w world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for _, o := range []iis.Organization{testClinic, riverside, lincoln, staff} {
				if err := tx.PutOrganization(t.Context(), o); err != nil {
					return err
				}
			}
			for _, a := range []iis.Actor{clerk, clerk2, viewer, nurse, helpdesk} {
				if err := tx.PutUser(t.Context(), iis.User{ID: a.User, UserName: a.UserName, Name: a.Name, State: iis.UserActive, Created: tx.Now}); err != nil {
					return err
				}
				g := iis.Grant{User: a.User, Organization: iis.Organization{ID: a.Organization}, Role: a.Role}
				if err := tx.PutGrant(t.Context(), g); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		f(t, world{registry.New(db, o), db})
	})
}

// enter adds a client through the use case.
func (w world) enter(t *testing.T, a iis.Actor, typed iis.Values) iis.ClientID {
	t.Helper()
	out, err := w.EnterClient(t.Context(), a, registry.Entry{Form: registry.Form{Typed: typed}, Different: registry.DifferentSameName})
	if err != nil || out.Client == "" {
		t.Fatalf("EnterClient = %+v, %v", out, err)
	}
	return out.Client
}

func (w world) don(t *testing.T) iis.ClientID {
	return w.enter(t, clerk, iis.Values{"last": "DICK", "first": "DON", "birth": "09/21/2009", "gender": "M",
		"street": "123 1ST ST SE", "city": "SAINT PAUL", "state": "MN", "zip": "55112", "chart": "12345678910"})
}

func (w world) save(t *testing.T, a iis.Actor, id iis.ClientID, typed iis.Values) registry.Outcome {
	t.Helper()
	out, err := w.SaveClient(t.Context(), a, form(id, typed))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// form is what a page posts on which three details were confirmed.
func form(id iis.ClientID, typed iis.Values) registry.Form {
	return registry.Form{Client: id, Typed: typed, Confirmed: []string{"Last name", "First name", "Birth date"}}
}

func (w world) record(t *testing.T, a iis.Actor, id iis.ClientID) iis.Record {
	t.Helper()
	p, err := w.Client(t.Context(), a, id)
	if err != nil {
		t.Fatal(err)
	}
	return p.Record
}

func TestSaveClient(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		if got := w.save(t, clerk, id, iis.Values{"last": "DUCK", "email": "don@example.org"}); got != registry.Saved {
			t.Fatalf("SaveClient = %q, want %q", got, registry.Saved)
		}
		r := w.record(t, clerk2, id)
		if r.Client.Name.Last != "DUCK" || len(r.Aliases) != 1 || r.Aliases[0].Name.Last != "DICK" {
			t.Errorf("last name %q with aliases %v, want DUCK once DICK", r.Client.Name.Last, r.Aliases)
		}
		if r.Client.UpdatedByName != "Test Clinic" {
			t.Errorf("updated by %q, want Test Clinic", r.Client.UpdatedByName)
		}
		if r.Membership.OnFile || r.Membership.ChartNumber != "" {
			t.Errorf("Riverside sees the membership of Test Clinic: %+v", r.Membership)
		}
		h, err := w.ChangeHistory(t.Context(), clerk, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(h.Events) != 2 {
			t.Fatalf("%d changes in the history, want 2: entering and one save", len(h.Events))
		}
		want := []iis.Change{{Field: "last", Old: "DICK", New: "DUCK"}, {Field: "email", New: "don@example.org"}}
		if diff := cmp.Diff(want, h.Events[0].Detail.Changes[:2]); diff != "" {
			t.Errorf("changes of the save (-want +got):\n%s", diff)
		}
		if got := w.save(t, clerk, id, iis.Values{"last": "duck"[:0] + "DUCK"}); got != registry.Unchanged {
			t.Errorf("saving nothing = %q, want %q", got, registry.Unchanged)
		}
	})
}

func TestInvalidSaveKeepsWhatWasTyped(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		_, err := w.SaveClient(t.Context(), clerk, form(id, iis.Values{"phone": "999-999-9999", "middle": "F"}))
		if iis.KindOf(err) != iis.Invalid || len(iis.ProblemsIn(err)) != 1 || iis.ProblemsIn(err)[0].Field != "phone" {
			t.Fatalf("err = %v, want the phone refused", err)
		}
		p, err := w.Client(t.Context(), clerk, id)
		if err != nil {
			t.Fatal(err)
		}
		if p.Record.Client.Name.Middle != "" || p.Record.Client.Version != 1 {
			t.Errorf("something was saved: %+v", p.Record.Client.Version)
		}
		v := p.Record.Values()
		if got := p.Draft.Value(v, "phone") + p.Draft.Value(v, "middle"); got != "999-999-9999F" {
			t.Errorf("the draft holds %q", got)
		}
		if h, err := w.Home(t.Context(), clerk); err != nil || len(h.Drafts) != 1 || h.Drafts[0].Draft.Count() != 2 {
			t.Errorf("drafts %v, %v; want one of two changes", h.Drafts, err)
		}
		if got := w.save(t, clerk, id, iis.Values{"phone": "", "middle": "F"}); got != registry.Saved {
			t.Errorf("saving the mended form = %q", got)
		}
		if h, err := w.Home(t.Context(), clerk); err != nil || len(h.Drafts) != 0 {
			t.Errorf("drafts after the save: %v, %v", h.Drafts, err)
		}
	})
}

func TestIdentityIsAskedOnce(t *testing.T) {
	for _, policy := range []registry.VerifyPolicy{registry.VerifyOff, registry.VerifyRemind, registry.VerifyRequire} {
		t.Run(string(policy), func(t *testing.T) {
			each(t, registry.Options{Verify: policy}, func(t *testing.T, w world) {
				id := w.don(t)
				try := func(confirmed ...string) (registry.Outcome, iis.Kind) {
					out, err := w.SaveClient(t.Context(), clerk, registry.Form{Client: id, Typed: iis.Values{"last": "DUCK"}, Confirmed: confirmed})
					return out, iis.KindOf(err)
				}
				var got []any
				for range 2 {
					out, kind := try("Last name")
					got = append(got, out, kind)
				}
				want := map[registry.VerifyPolicy][]any{
					registry.VerifyOff:     {registry.Saved, iis.Kind(""), registry.Unchanged, iis.Kind("")},
					registry.VerifyRemind:  {registry.AskIdentity, iis.Kind(""), registry.Saved, iis.Kind("")},
					registry.VerifyRequire: {registry.Outcome(""), iis.Invalid, registry.Outcome(""), iis.Invalid},
				}[policy]
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("two saves (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestSomeoneElseSavedMeanwhile(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		w.save(t, clerk2, id, iis.Values{"phone": "651-201-0001", "middle": "Q"})
		// A page of version 1, on which only the suffix and the phone were changed.
		f := form(id, iis.Values{"suffix": "JR", "phone": "651-201-0002", "middle": ""})
		f.Version = 1
		_, err := w.SaveClient(t.Context(), clerk, f)
		want := []iis.Clash{{Field: "phone", Was: "", Theirs: "651-201-0001", Yours: "651-201-0002"}}
		if diff := cmp.Diff(want, iis.ClashesIn(err)); diff != "" {
			t.Fatalf("clashes of %v (-want +got):\n%s", err, diff)
		}
		clashes, by, err := w.Clashes(t.Context(), clerk, id, iis.ScreenClient)
		if err != nil || len(clashes) != 1 || by["phone"].OrgName != "Riverside Clinic" {
			t.Errorf("Clashes = %v by %q, %v", clashes, by["phone"].OrgName, err)
		}
		if err := w.Resolve(t.Context(), clerk, id, iis.ScreenClient, map[iis.Field]string{"phone": "yours"}); err != nil {
			t.Fatal(err)
		}
		f = form(id, nil)
		f.Version = 2
		if out, err := w.SaveClient(t.Context(), clerk, f); out != registry.Saved || err != nil {
			t.Fatalf("saving the settled draft = %q, %v", out, err)
		}
		c := w.record(t, clerk, id).Client
		if c.Phone != "651-201-0002" || c.Name.Middle != "Q" || c.Name.Suffix != "JR" {
			t.Errorf("phone %q, middle %q, suffix %q; want mine, theirs, mine", c.Phone, c.Name.Middle, c.Name.Suffix)
		}
	})
}

// TestSameName counts namesakes born on the day, but none that are hidden.
func TestSameName(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id, twin := w.don(t), w.don(t)
		count := func(a iis.Actor) int {
			p, err := w.Client(t.Context(), a, id)
			if err != nil {
				t.Fatal(err)
			}
			return p.SameName
		}
		if got := count(clerk2); got != 1 {
			t.Errorf("SameName = %d, want 1", got)
		}
		w.save(t, clerk, twin, iis.Values{"sharing": "No"})
		if got := count(clerk2); got != 0 {
			t.Errorf("SameName with the namesake locked = %d, want 0", got)
		}
		if got := count(clerk); got != 1 {
			t.Errorf("SameName for the holder = %d, want 1", got)
		}
	})
}

// TestTidy forgets what is old and nothing else.
func TestTidy(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		if err := w.StageClient(t.Context(), clerk, form(id, iis.Values{"middle": "Q"})); err != nil {
			t.Fatal(err)
		}
		search, err := w.SaveSearch(t.Context(), clerk, registry.Query{Last: "DICK"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if h, err := w.Home(t.Context(), clerk); err != nil || len(h.Drafts) != 1 {
			t.Errorf("drafts %v, %v; want the one of today", h.Drafts, err)
		}
		if _, err := w.SearchOf(t.Context(), clerk, search); err != nil {
			t.Errorf("SearchOf = %v", err)
		}
	})
}

// TestHiddenIsUnknown holds every way to a hidden client to the answer of an ID
// that was never given.
func TestHiddenIsUnknown(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		locked, dead := w.don(t), w.enter(t, clerk, iis.Values{"last": "ASH", "first": "ANN", "birth": "01/02/1990", "gender": "F"})
		if out := w.save(t, clerk, locked, iis.Values{"sharing": "No"}); out != registry.Saved {
			t.Fatalf("locking = %q", out)
		}
		f := form(dead, iis.Values{"status": "Deceased", "death-source": "Family"})
		if out, err := w.SaveClient(t.Context(), clerk, f); out != registry.AskDeath || err != nil {
			t.Fatalf("the first save of Deceased = %q, %v; want the interruption", out, err)
		}
		f.DeathConfirmed = true
		if out, err := w.SaveClient(t.Context(), clerk, f); out != registry.Deceased || err != nil {
			t.Fatalf("the confirmed save of Deceased = %q, %v", out, err)
		}
		ways := map[string]func(a iis.Actor, id iis.ClientID) error{
			"Client": func(a iis.Actor, id iis.ClientID) error { _, err := w.Client(t.Context(), a, id); return err },
			"Stage":  func(a iis.Actor, id iis.ClientID) error { return w.StageClient(t.Context(), a, form(id, nil)) },
			"Save": func(a iis.Actor, id iis.ClientID) error {
				_, err := w.SaveClient(t.Context(), a, form(id, iis.Values{"last": "X"}))
				return err
			},
			"Clashes": func(a iis.Actor, id iis.ClientID) error {
				_, _, err := w.Clashes(t.Context(), a, id, iis.ScreenClient)
				return err
			},
			"Resolve": func(a iis.Actor, id iis.ClientID) error { return w.Resolve(t.Context(), a, id, iis.ScreenClient, nil) },
			"History": func(a iis.Actor, id iis.ClientID) error { _, err := w.ChangeHistory(t.Context(), a, id, 0); return err },
			"Views":   func(a iis.Actor, id iis.ClientID) error { _, err := w.ViewHistory(t.Context(), a, id, 0); return err },
			"Print":   func(a iis.Actor, id iis.ClientID) error { _, err := w.Print(t.Context(), a, id, "summary"); return err },
			"Undecease": func(a iis.Actor, id iis.ClientID) error {
				if a == clerk {
					return errors.New("the one who may")
				}
				return w.Undecease(t.Context(), a, id)
			},
		}
		for name, way := range ways {
			unknown := way(clerk2, "123456789")
			if got := way(clerk2, locked); fmt.Sprint(got) != fmt.Sprint(unknown) || iis.KindOf(got) != iis.NotFound {
				t.Errorf("%s of a locked client = %v, of an unknown one %v", name, got, unknown)
			}
			for _, a := range []iis.Actor{clerk, clerk2} {
				if got := way(a, dead); name != "Undecease" && fmt.Sprint(got) != fmt.Sprint(unknown) {
					t.Errorf("%s of a deceased client for %s = %v, of an unknown one %v", name, a.OrgName, got, unknown)
				}
			}
		}
		if _, err := w.Client(t.Context(), helpdesk, dead); err != nil {
			t.Errorf("the help desk cannot open a deceased client: %v", err)
		}
		if err := w.Undecease(t.Context(), clerk, dead); err != nil {
			t.Errorf("undo within ten minutes: %v", err)
		}
		w.save(t, clerk, locked, iis.Values{"sharing": "Yes"})
		w.record(t, clerk2, locked)
		w.record(t, clerk2, dead)
	})
}

func TestWhoMayNot(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		for _, a := range []iis.Actor{viewer, nurse, {}} {
			_, err := w.SaveClient(t.Context(), a, form(id, iis.Values{"middle": "X"}))
			if iis.KindOf(err) != iis.Denied {
				t.Errorf("SaveClient by %q at %q = %v, want denied", a.Role, a.OrgName, err)
			}
			if _, err := w.EnterClient(t.Context(), a, registry.Entry{}); iis.KindOf(err) != iis.Denied {
				t.Errorf("EnterClient by %q at %q = %v, want denied", a.Role, a.OrgName, err)
			}
		}
		for _, a := range []iis.Actor{viewer, nurse} {
			w.record(t, a, id)
		}
	})
}

func TestFormOfAnotherOrganization(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			return tx.PutGrant(t.Context(), iis.Grant{User: clerk.User, Organization: riverside, Role: iis.TypicalUser})
		})
		if err != nil {
			t.Fatal(err)
		}
		switched := clerk
		switched.Organization, switched.OrgName = riverside.ID, riverside.Name
		f := form(id, iis.Values{"chart": "99", "middle": "X"})
		f.Organization = testClinic.ID
		if _, err := w.SaveClient(t.Context(), switched, f); iis.KindOf(err) != iis.Conflict {
			t.Fatalf("SaveClient = %v, want a conflict", err)
		}
		if r := w.record(t, switched, id); r.Client.Version != 1 || r.Membership.OnFile {
			t.Errorf("the form of one organization was saved for another: %+v", r.Membership)
		}
		p, err := w.Client(t.Context(), clerk, id)
		if err != nil || p.Draft.Value(p.Record.Values(), "middle") != "X" {
			t.Errorf("what was typed is not a draft where it belongs: %v, %v", p.Draft, err)
		}
	})
}

// TestFormOfAnotherOrganizationByStaff: the help desk acts for any organization,
// without a role in it; what it typed for one must not become a draft of another.
func TestFormOfAnotherOrganizationByStaff(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		at := func(o iis.Organization) iis.Actor {
			a := helpdesk
			a.Organization, a.OrgName = o.ID, o.Name
			return a
		}
		f := form(id, iis.Values{"chart": "99"})
		f.Organization = testClinic.ID
		if _, err := w.SaveClient(t.Context(), at(riverside), f); iis.KindOf(err) != iis.Conflict {
			t.Fatalf("SaveClient = %v, want a conflict", err)
		}
		f.Organization = "NONE"
		if err := w.StageClient(t.Context(), at(riverside), f); iis.KindOf(err) != iis.Conflict {
			t.Fatalf("StageClient = %v, want a conflict", err)
		}
		for o, want := range map[iis.Organization]string{testClinic: "99", riverside: ""} {
			p, err := w.Client(t.Context(), at(o), id)
			if got := p.Draft.Value(nil, "chart"); err != nil || got != want {
				t.Errorf("the draft for %s has chart number %q, want %q: %v", o.Name, got, want, err)
			}
		}
	})
}

// TestStatusOfTheDeceased: the status of a deceased client is his death, which
// is taken back and not chosen away.
func TestStatusOfTheDeceased(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		f := form(id, iis.Values{"status": "Deceased", "death-source": "Family"})
		f.DeathConfirmed = true
		if out, err := w.SaveClient(t.Context(), clerk, f); out != registry.Deceased || err != nil {
			t.Fatalf("SaveClient = %q, %v", out, err)
		}
		f = form(id, iis.Values{"status": "Inactive", "reason": "M", "middle": "Q"})
		_, err := w.SaveClient(t.Context(), helpdesk, f)
		if ps := iis.ProblemsIn(err); len(ps) != 1 || ps[0].Field != iis.FieldStatus {
			t.Errorf("SaveClient of another status = %v, want a problem with the status", err)
		}
	})
}

// TestClashesAreOfOnesOwn: that another organization changed its own chart number
// is neither a clash nor told.
func TestClashesAreOfOnesOwn(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		w.save(t, clerk, id, iis.Values{"chart": "1"})
		w.save(t, clerk2, id, iis.Values{"chart": "2"})
		_, by, err := w.Clashes(t.Context(), clerk, id, iis.ScreenClient)
		if err != nil || by["chart"].OrgName != "Test Clinic" {
			t.Errorf("the chart number was changed by %q, %v; want Test Clinic", by["chart"].OrgName, err)
		}
	})
}

// TestDraftsCounted: a draft of a client who is hidden by now does not count.
func TestDraftsCounted(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		f := form(id, iis.Values{"middle": "Q"})
		f.Do = registry.DoKeep
		if err := w.StageClient(t.Context(), clerk2, f); err != nil {
			t.Fatal(err)
		}
		count := func() int {
			all, err := w.Workplaces(t.Context(), clerk2)
			if err != nil || len(all) != 1 {
				t.Fatalf("Workplaces = %v, %v", all, err)
			}
			return all[0].Drafts
		}
		if got := count(); got != 1 {
			t.Errorf("%d drafts, want 1", got)
		}
		w.save(t, clerk, id, iis.Values{"sharing": "No"})
		if got := count(); got != 0 {
			t.Errorf("%d drafts of a client locked meanwhile, want 0", got)
		}
	})
}

func TestEnterClientLooksFirst(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		same := registry.Entry{Form: registry.Form{Typed: iis.Values{"last": "DICK", "first": "DON", "birth": "09/21/2009", "gender": "M"}}}
		out, err := w.EnterClient(t.Context(), clerk2, same)
		if err != nil || out.Client != "" || len(out.Lookalikes) != 1 || out.Lookalikes[0].Client.ID != id {
			t.Fatalf("EnterClient = %+v, %v; want the look-alike %s and nothing written", out, err, id)
		}
		if p, err := w.NewClient(t.Context(), clerk2); err != nil || p.Draft.Count() == 0 {
			t.Errorf("what was typed is lost: %v, %v", p.Draft, err)
		}
		same.Form.Typed["phone"], same.Form.Typed["last"] = "651-201-4629", "DICK"
		if err := w.UseRecord(t.Context(), clerk2, "123456789"); iis.KindOf(err) != iis.NotFound {
			t.Errorf("UseRecord of nobody = %v, want not found", err)
		}
		if _, err := w.EnterClient(t.Context(), clerk2, same); err != nil {
			t.Fatal(err)
		}
		if err := w.UseRecord(t.Context(), clerk2, id); err != nil {
			t.Fatal(err)
		}
		p, err := w.Client(t.Context(), clerk2, id)
		if err != nil || p.Draft.Count() != 1 || p.Draft.Value(p.Record.Values(), "phone") != "651-201-4629" {
			t.Errorf("the record's draft = %v, %v; want the phone as the one change", p.Draft.Changes, err)
		}
		if p, err := w.NewClient(t.Context(), clerk2); err != nil || p.Draft.Count() != 0 {
			t.Errorf("the entry is still a draft: %v, %v", p.Draft, err)
		}
		same.Different = registry.DifferentTwin
		if out, err = w.EnterClient(t.Context(), clerk2, same); err != nil || out.Client == "" {
			t.Errorf("a twin = %+v, %v; want added", out, err)
		}
		h, err := w.ChangeHistory(t.Context(), clerk2, out.Client, 0)
		if err != nil || len(h.Events) != 1 || h.Events[0].Detail.Reason != "twin" {
			t.Errorf("history of the twin = %+v, %v", h.Events, err)
		}
	})
}

func TestEnterClientDoesNotTellOfLocked(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		w.save(t, clerk, id, iis.Values{"sharing": "No"})
		entry := registry.Entry{Form: registry.Form{Typed: iis.Values{"last": "DICK", "first": "DON", "birth": "09/21/2009", "gender": "M"}}}
		out, err := w.EnterClient(t.Context(), clerk2, entry)
		if err != nil || out.Client != "" || len(out.Lookalikes) != 0 || out.HeldCode == "" {
			t.Fatalf("EnterClient = %+v, %v; want held", out, err)
		}
		added, err := w.AddHeld(t.Context(), helpdesk, out.HeldCode)
		if err != nil {
			t.Fatal(err)
		}
		if r := w.record(t, clerk2, added); r.Client.Name.Last != "DICK" || !r.Membership.OnFile {
			t.Errorf("added as %+v", r)
		}
		if _, err := w.AddHeld(t.Context(), clerk2, out.HeldCode); iis.KindOf(err) != iis.Denied {
			t.Errorf("AddHeld by a clerk = %v, want denied", err)
		}
	})
}

// TestTwoWriters lets two clerks save one client at once, again and again: no
// save that was answered as saved is missing.
func TestTwoWriters(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		const saves = 200
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, who := range []struct {
			actor iis.Actor
			field iis.Field
		}{{clerk, "middle"}, {clerk2, "mother"}} {
			wg.Go(func() {
				for n := range saves {
					_, err := w.SaveClient(context.Background(), who.actor, registry.Form{Client: id, Typed: iis.Values{who.field: fmt.Sprintf("N%d", n+1)}})
					if err != nil {
						errs[i] = err
						return
					}
				}
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		r := w.record(t, clerk, id)
		if r.Client.Name.Middle != "N200" || r.Client.MotherFirst != "N200" || r.Client.Version != 1+2*saves {
			t.Errorf("middle %q, mother %q, version %d; want N200, N200, %d", r.Client.Name.Middle, r.Client.MotherFirst, r.Client.Version, 1+2*saves)
		}
		var versions []int64
		err := w.db.View(t.Context(), func(tx *store.Tx) error {
			events, err := tx.EventsSince(t.Context(), id, 0)
			versions = nil
			for _, e := range events {
				versions = append(versions, e.Version)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(versions) || len(versions) != 1+2*saves || len(slices.Compact(versions)) != 1+2*saves {
			t.Errorf("%d events with versions, want one for each of %d saves", len(versions), 1+2*saves)
		}
	})
}

// TestStranger: an organization with nothing on file for a client has no status
// there, and choosing Active makes the client one of its own.
func TestStranger(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		rec := w.record(t, clerk2, id)
		if got := rec.Value(iis.FieldStatus); got != "" {
			t.Errorf("status at an organization with nothing on file = %q, want none", got)
		}
		if got := w.save(t, clerk2, id, iis.Values{"status": "Active"}); got != registry.Saved {
			t.Fatalf("SaveClient that chooses Active = %q, want %q", got, registry.Saved)
		}
		rec = w.record(t, clerk2, id)
		if m := rec.Membership; !m.OnFile || m.Status != iis.Active || m.Since.IsZero() {
			t.Errorf("membership = %+v, want an Active one on file since today", m)
		}
		h, err := w.ChangeHistory(t.Context(), clerk2, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		want := []iis.Change{{Field: iis.FieldStatus, Old: "", New: "Active"}}
		if diff := cmp.Diff(want, h.Events[0].Detail.Changes); diff != "" {
			t.Errorf("change history (-want +got)\n%s", diff)
		}
		if got := w.save(t, clerk2, id, iis.Values{"status": "Active"}); got != registry.Unchanged {
			t.Errorf("SaveClient of the same again = %q, want %q", got, registry.Unchanged)
		}
	})
}
