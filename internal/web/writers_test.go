package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/sample"
)

// TestTwoClerks lets a clerk of each of two clinics save one client at the same
// moment, 200 times each: a field of his own every time, and one that both
// change. What was answered "Client Updated" is on the record or in its history,
// what was answered with a conflict is not; nothing is lost (E1).
func TestTwoClerks(t *testing.T) {
	const rounds = 200
	each(t, func(t *testing.T, s *site) {
		const path = "/clients/" + string(sample.OfTwoClinics)
		type clerk struct {
			*caller
			own    string // the field that only this one changes
			saved  map[string]bool
			last   string // of own
			shared map[string]bool
		}
		clerks := []*clerk{
			{caller: s.account("clerk"), own: "middle"},
			{caller: s.account("clerk2"), own: "mother"},
		}
		conflicts := make([]int, len(clerks))
		for round := range rounds {
			// Both see the record as it is, then both save.
			version := strconv.FormatInt(s.record(sample.OfTwoClinics, sample.TestClinic).Client.Version, 10)
			var wg sync.WaitGroup
			for i, c := range clerks {
				wg.Go(func() {
					if c.saved == nil {
						c.saved, c.shared = map[string]bool{}, map[string]bool{}
					}
					own := fmt.Sprintf("%s n%d", string(rune('A'+i)), round)
					form := url.Values{"do": {"save"}, "version": {version}, c.own: {own}}
					mail := ""
					if round%2 == 0 {
						mail = fmt.Sprintf("clerk%d.%d@example.org", i, round)
						form.Set("email", mail)
					}
					g := c.post(path, form)
					switch {
					case g.status == http.StatusSeeOther && strings.Contains(g.header.Get("Location"), "client-updated"):
						c.saved[own], c.last = true, own
						if mail != "" {
							c.shared[mail] = true
						}
					case g.status == http.StatusOK && strings.Contains(g.body, "Someone else changed this client"),
						g.status == http.StatusConflict && strings.Contains(g.body, "Someone else changed this client"):
						conflicts[i]++
						if mail == "" {
							t.Errorf("round %d: a conflict though the two changed different fields", round)
						}
						c.post(path+"/discard", nil)
					default:
						t.Errorf("round %d: clerk %d is answered %d %s", round, i, g.status, g.header.Get("Location"))
						c.post(path+"/discard", nil)
					}
				})
			}
			wg.Wait()
		}
		ledger := map[string]map[string]bool{"middle": {}, "mother": {}, "email": {}}
		changes := map[string]int{}
		var versions []int64
		for _, e := range s.events(sample.OfTwoClinics) {
			if e.Action != iis.ActionUpdate {
				continue
			}
			versions = append(versions, e.Version)
			for _, ch := range e.Detail.Changes {
				if seen := ledger[string(ch.Field)]; seen != nil {
					seen[ch.New] = true
					changes[string(ch.Field)]++
				}
			}
		}
		saves := 0
		for _, c := range clerks {
			saves += len(c.saved)
			for own := range c.saved {
				if !ledger[c.own][own] {
					t.Errorf("%s = %q was answered as saved and is nowhere", c.own, own)
				}
			}
			if changes[c.own] != len(c.saved) {
				t.Errorf("%d changes of %s in the audit trail, want the %d that were answered as saved", changes[c.own], c.own, len(c.saved))
			}
			for mail := range c.shared {
				if !ledger["email"][mail] {
					t.Errorf("email = %q was answered as saved and is nowhere", mail)
				}
			}
		}
		if want := len(clerks[0].shared) + len(clerks[1].shared); changes["email"] != want {
			t.Errorf("%d changes of the field both changed, want the %d answered as saved", changes["email"], want)
		}
		rec := s.record(sample.OfTwoClinics, sample.TestClinic)
		if rec.Client.Name.Middle != clerks[0].last || rec.Client.MotherFirst != clerks[1].last {
			t.Errorf("the record holds %q and %q, want the last saved %q and %q", rec.Client.Name.Middle, rec.Client.MotherFirst, clerks[0].last, clerks[1].last)
		}
		if got := int(rec.Client.Version) - 1; got != saves || len(versions) != saves {
			t.Errorf("version %d after %d saves with %d events", rec.Client.Version, saves, len(versions))
		}
		if conflicts[0]+conflicts[1] == 0 {
			t.Error("no conflict in 100 rounds in which both changed one field")
		}
		t.Logf("%d saves, %d conflicts", saves, conflicts[0]+conflicts[1])
	})
}
