package registry_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

var merger = actorOf("admin", testClinic, iis.OrgAdmin)

// whole reads all that is on file of a client.
func (w world) whole(t *testing.T, id iis.ClientID) (c iis.Whole) {
	t.Helper()
	err := w.db.View(t.Context(), func(tx *store.Tx) (err error) {
		c, err = tx.Whole(t.Context(), id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w world) addUser(t *testing.T, a iis.Actor) {
	t.Helper()
	err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		return tx.PutUser(t.Context(), iis.User{ID: a.User, UserName: a.UserName, Name: a.Name, State: iis.UserActive, Created: tx.Now})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) merge(t *testing.T, a iis.Actor, survivor, other iis.ClientID, chosen map[iis.Field]iis.Whose) registry.Outcome {
	t.Helper()
	out, err := w.MergeClients(t.Context(), a, registry.Merging{
		Survivor: survivor, Other: other, SurvivorVersion: w.whole(t, survivor).Client.Version,
		OtherVersion: w.whole(t, other).Client.Version, MergeChoice: iis.MergeChoice{Fields: chosen}, Reason: "one person"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// unmerge undoes a merge, with what was set since left to the survivor.
func (w world) unmerge(t *testing.T, a iis.Actor, survivor iis.ClientID, merge string) (iis.ClientID, error) {
	t.Helper()
	return w.UnmergeClients(t.Context(), a, registry.Unmerging{Survivor: survivor, Merge: merge, Version: w.whole(t, survivor).Client.Version})
}

// twoOfDon are two records of one person, with doses, comments and an own chart
// number each.
func (w world) twoOfDon(t *testing.T) (a, b iis.ClientID) {
	t.Helper()
	w.addUser(t, merger)
	a = w.don(t)
	b = w.enter(t, clerk, iis.Values{"last": "DUCK", "first": "DONALD", "birth": "09/21/2009", "gender": "M", "phone": "651-555-0101",
		"street": "88 LAKE RD", "city": "SAINT PAUL", "state": "MN", "zip": "55112", "chart": "B-2"})
	w.saveDoses(t, clerk, a, map[iis.DoseID]map[string]string{"d1": given(iis.Historical, "11/25/2009", "110")})
	w.saveDoses(t, clerk, b, map[iis.DoseID]map[string]string{"d2": given(iis.Historical, "11/25/2009", "110"), "d3": given(iis.Historical, "01/25/2010", "110")})
	w.save(t, clerk2, b, iis.Values{"status": "Active", "chart": "R-7"})
	return a, b
}

func TestMergeClients(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		wasA, wasB := w.whole(t, a), w.whole(t, b)
		if out := w.merge(t, merger, a, b, map[iis.Field]iis.Whose{iis.FieldStreet: iis.Survivors}); out != registry.Saved {
			t.Fatalf("MergeClients = %q, want %q", out, registry.Saved)
		}
		m := w.whole(t, a)
		if len(m.Doses) != 3 || len(m.Memberships) != 2 || m.Client.Phone != "651-555-0101" || m.Client.Address.Street != "123 1ST ST SE" {
			t.Errorf("merged client has %d doses, %d memberships, want 3 and 2, the phone of the other and the chosen address", len(m.Doses), len(m.Memberships))
		}
		if len(w.immunizations(t, clerk, a).Shots) != 2 {
			t.Errorf("the same dose of both records is not folded")
		}
		_, err := w.Client(t.Context(), clerk2, b)
		if got := iis.MovedTo(err); got != a {
			t.Errorf("the other's ID leads to %q, %v, want %s", got, err, a)
		}
		if _, err := w.SaveClient(t.Context(), clerk, form(b, iis.Values{"phone": ""})); iis.MovedTo(err) != a {
			t.Errorf("SaveClient of the other = %v, want %s", err, iis.Moved)
		}
		for _, chart := range []string{"12345678910", "B-2"} {
			found, err := w.Find(t.Context(), clerk, registry.Query{ID: chart})
			if err != nil || len(found.Found) != 1 || found.Found[0].Client.ID != a {
				t.Errorf("search by a chart number of one of the two = %v, %v, want the survivor", found.Found, err)
			}
		}
		h, err := w.ChangeHistory(t.Context(), merger, a, 0)
		if err != nil || h.Events[0].Action != iis.ActionMerge || h.Events[0].Detail.Subject != string(b) {
			t.Fatalf("newest event = %v, %v, want the merge", h.Events, err)
		}
		o, err := w.unmerge(t, merger, a, h.Events[0].Detail.Note)
		if err != nil || o != b {
			t.Fatalf("UnmergeClients = %s, %v, want %s", o, err, b)
		}
		ignore := cmpopts.IgnoreFields(iis.Client{}, "Version", "Updated", "UpdatedBy", "UpdatedByName")
		for id, want := range map[iis.ClientID]iis.Whole{a: wasA, b: wasB} {
			if diff := cmp.Diff(want, w.whole(t, id), ignore, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("client after merge and unmerge (-want +got):\n%s", diff)
			}
		}
		found, err := w.Find(t.Context(), clerk, registry.Query{ID: "B-2"})
		if err != nil || len(found.Found) != 1 || found.Found[0].Client.ID != b {
			t.Errorf("search after unmerge = %v, %v, want the other again", found.Found, err)
		}
		if _, err := w.unmerge(t, merger, a, h.Events[0].Detail.Note); iis.KindOf(err) != iis.Conflict {
			t.Errorf("UnmergeClients again = %v, want %s", err, iis.Conflict)
		}
		if r, err := w.db.VerifyAudit(t.Context()); err != nil || len(r.Faults) > 0 {
			t.Errorf("VerifyAudit = %+v, %v", r, err)
		}
	})
}

// TestTwinsNeedASecond: records that may be of twins are merged when a second
// person asks.
func TestTwinsNeedASecond(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		for _, other := range []string{"BERTA", "HANNA"} { // HANNA is a letter from ANNA, and another name
			a := w.enter(t, clerk, iis.Values{"last": "TWIN-" + other, "first": "ANNA", "birth": "09/21/2019", "gender": "F"})
			b := w.enter(t, clerk, iis.Values{"last": "TWIN-" + other, "first": other, "birth": "09/21/2019", "gender": "F"})
			for range 2 {
				if out := w.merge(t, merger, a, b, nil); out != registry.AskSecond {
					t.Fatalf("MergeClients of ANNA and %s by one person = %q, want %q", other, out, registry.AskSecond)
				}
			}
			if out := w.merge(t, helpdesk, b, a, nil); out != registry.Saved {
				t.Errorf("MergeClients of ANNA and %s by a second person = %q, want %q", other, out, registry.Saved)
			}
		}
	})
}

// TestMayNotMerge: who may not, may not; of a hidden client nothing is told.
func TestMayNotMerge(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		m := registry.Merging{Survivor: a, Other: b, SurvivorVersion: 2, OtherVersion: 3}
		for _, who := range []iis.Actor{viewer, clerk, nurse} {
			if _, err := w.MergeClients(t.Context(), who, m); iis.KindOf(err) != iis.Denied {
				t.Errorf("MergeClients by %s = %v, want %s", who.UserName, err, iis.Denied)
			}
		}
		m.OtherVersion = 1
		if _, err := w.MergeClients(t.Context(), merger, m); iis.KindOf(err) != iis.Conflict {
			t.Errorf("MergeClients of a record saved since = %v, want %s", err, iis.Conflict)
		}
		w.save(t, clerk2, b, iis.Values{"sharing": iis.No})
		unknown := registry.Merging{Survivor: a, Other: "999999999", SurvivorVersion: 2, OtherVersion: 4}
		m.OtherVersion = 4
		_, hidden := w.MergeClients(t.Context(), merger, m)
		_, want := w.MergeClients(t.Context(), merger, unknown)
		if iis.KindOf(hidden) != iis.NotFound || hidden.Error() != want.Error() {
			t.Errorf("MergeClients with a hidden client = %v, with an unknown one %v, want the same", hidden, want)
		}
		if _, err := w.MergeClients(t.Context(), helpdesk, m); iis.KindOf(err) != iis.Invalid {
			t.Errorf("MergeClients of a locked and an open record = %v, want %s", err, iis.Invalid)
		}
	})
}

// TestMergeEditUnmerge: merges and edits in any order, then every merge undone,
// lose nothing that was on file.
func TestMergeEditUnmerge(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.addUser(t, merger)
		var ids []iis.ClientID
		for i := range 3 {
			id := w.enter(t, clerk, iis.Values{"last": "DUCK", "first": "DON", "birth": "09/21/2009", "gender": "M", "chart": fmt.Sprint("C-", i)})
			w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{iis.DoseID(fmt.Sprint("d", i)): given(iis.Historical, fmt.Sprintf("0%d/15/2010", i+1), "110")})
			ids = append(ids, id)
		}
		w.merge(t, merger, ids[0], ids[1], nil)
		w.saveDoses(t, clerk, ids[0], map[iis.DoseID]map[string]string{"d1": {"lot": "LATE"}})
		w.merge(t, merger, ids[2], ids[0], nil)
		w.save(t, clerk, ids[2], iis.Values{"phone": "651-555-0177"})
		h, err := w.ChangeHistory(t.Context(), merger, ids[2], 0)
		if err != nil {
			t.Fatal(err)
		}
		last := h.Events[slices.IndexFunc(h.Events, func(e store.StoredEvent) bool { return e.Action == iis.ActionMerge })].Detail.Note
		old, err := w.ChangeHistory(t.Context(), merger, ids[0], 0)
		if iis.MovedTo(err) != ids[2] || len(old.Events) != 0 {
			t.Fatalf("ChangeHistory of a merged client = %v, want %s", err, iis.Moved)
		}
		if _, err := w.unmerge(t, merger, ids[2], last); err != nil {
			t.Fatal(err)
		}
		h, err = w.ChangeHistory(t.Context(), merger, ids[0], 0)
		if err != nil {
			t.Fatal(err)
		}
		first := h.Events[slices.IndexFunc(h.Events, func(e store.StoredEvent) bool { return e.Action == iis.ActionMerge })].Detail.Note
		if _, err := w.unmerge(t, merger, ids[0], first); err != nil {
			t.Fatal(err)
		}
		for i, id := range ids {
			c := w.whole(t, id)
			if len(c.Doses) != 1 || c.Doses[0].ID != iis.DoseID(fmt.Sprint("d", i)) || c.Memberships[0].ChartNumber != fmt.Sprint("C-", i) {
				t.Errorf("client %d has doses %v and %v, want its own", i, c.Doses, c.Memberships)
			}
		}
		if c := w.whole(t, ids[1]); c.Doses[0].Lot != "LATE" {
			t.Errorf("lot set after the merge = %q, want LATE", c.Doses[0].Lot)
		}
		if c := w.whole(t, ids[2]); c.Client.Phone != "651-555-0177" {
			t.Errorf("phone set after the merge = %q, want it kept", c.Client.Phone)
		}
	})
}
