package registry_test

import (
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
	"openiis.org/iis/internal/registry"
)

// TestVerify: whoever holds a record learns when it was issued, for which
// initials and year, and whether it still says the same; with the birth date the
// doses.
func TestVerify(t *testing.T) {
	each(t, registry.Options{Zone: time.UTC}, func(t *testing.T, w world) {
		id := w.don(t)
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d1": given(iis.Historical, "11/25/2009", "110")})
		code := w.issue(t, clerk, id, paper.Options{Language: paper.Spanish})
		v, err := w.Verify(t.Context(), code, "")
		today := iis.DateOf(time.Now().UTC())
		if err != nil || v.Initials != "D.D." || v.BirthYear != 2009 || v.Doses != 1 || v.Changed || v.Facts != nil || today.Before(v.Issued) {
			t.Errorf("Verify = %+v, %v, want D.D. of 2009 with 1 dose, unchanged, and no more", v, err)
		}
		if v, err := w.Verify(t.Context(), code, "9/21/09"); err != nil || v.Facts == nil || len(v.Facts.Shots) != 1 {
			t.Errorf("Verify with the birth date = %+v, %v, want the dose", v.Facts, err)
		}
		if v, err := w.Verify(t.Context(), code, "9/22/09"); iis.KindOf(err) != iis.Invalid || v.Facts != nil || v.Initials != "D.D." {
			t.Errorf("Verify with a wrong birth date = %+v, %v, want %s", v.Facts, err, iis.Invalid)
		}
		if v, err := w.Verify(t.Context(), code, "no date"); iis.KindOf(err) != iis.Invalid || v.Facts != nil {
			t.Errorf("Verify with no date = %+v, %v, want %s", v.Facts, err, iis.Invalid)
		}
		var reasons []string
		for _, e := range w.eventsOf(t, id, iis.ActionVerify, iis.ActionMisguess) {
			reasons = append(reasons, e.Detail.Reason)
			if e.User != "" || !strings.Contains(e.Detail.Subject, paper.GroupedCode(code)) {
				t.Errorf("recorded as %q by %q, want the code and no user", e.Detail.Subject, e.User)
			}
		}
		if got, want := strings.Join(reasons, ", "), "wrong birth date, wrong birth date, birth date given, "; got != want {
			t.Errorf("recorded = %q, want %q", got, want)
		}
		h, err := w.ViewHistory(t.Context(), clerk, id, 0)
		if err != nil || h.Events[0].Action != iis.ActionMisguess {
			t.Errorf("who viewed it begins with %s, %v, want %s", h.Events[0].Action, err, iis.ActionMisguess)
		}

		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d1": {"date": "11/26/2009"}})
		if v, err := w.Verify(t.Context(), code, "09/21/2009"); err != nil || !v.Changed || v.Facts != nil || v.Doses != 1 {
			t.Errorf("Verify after a change = %+v, %v, want changed and no doses", v, err)
		}
	})
}

// TestVerifyUnknown: a code that was never given and a locked or deceased client
// are answered with the same words.
func TestVerifyUnknown(t *testing.T) {
	each(t, registry.Options{Zone: time.UTC}, func(t *testing.T, w world) {
		id := w.don(t)
		code := w.issue(t, clerk, id, paper.Options{Language: paper.English})
		gone := w.enter(t, clerk, iis.Values{"last": "GONE", "first": "ANN", "birth": "09/21/2009", "gender": "F"})
		goneCode := w.issue(t, clerk, gone, paper.Options{Language: paper.English})
		w.save(t, clerk, id, iis.Values{"sharing": iis.No})
		f := form(gone, iis.Values{"status": "Deceased", "death-source": "Family"})
		f.DeathConfirmed = true
		if out, err := w.SaveClient(t.Context(), clerk, f); out != registry.Deceased || err != nil {
			t.Fatalf("the save of Deceased = %q, %v", out, err)
		}
		for _, birth := range []string{"", "09/21/2009", "01/01/2001"} {
			v1, unknown := w.Verify(t.Context(), "000000000000", birth)
			for name, code := range map[string]string{"locked": code, "deceased": goneCode} {
				v2, hidden := w.Verify(t.Context(), code, birth)
				if iis.KindOf(unknown) != iis.NotFound || hidden == nil || hidden.Error() != unknown.Error() || v1 != v2 {
					t.Errorf("Verify of a %s client = %+v, %v, of no code %+v, %v, want the same", name, v2, hidden, v1, unknown)
				}
			}
		}
	})
}

// TestVerifyGuessed: after some wrong birth dates the right one is as wrong.
func TestVerifyGuessed(t *testing.T) {
	each(t, registry.Options{Zone: time.UTC}, func(t *testing.T, w world) {
		id := w.don(t)
		code := w.issue(t, clerk, id, paper.Options{Language: paper.English})
		other := w.issue(t, clerk, id, paper.Options{Language: paper.English})
		_, first := w.Verify(t.Context(), code, "01/01/2009")
		for range 9 {
			if _, err := w.Verify(t.Context(), code, "01/01/2009"); iis.KindOf(err) != iis.Invalid {
				t.Fatalf("Verify with a wrong birth date = %v, want %s", err, iis.Invalid)
			}
		}
		for range 3 { // more questions push no wrong try out of sight, and tries in vain are not counted on
			if v, err := w.Verify(t.Context(), code, "09/21/2009"); v.Facts != nil || err == nil || err.Error() != first.Error() {
				t.Errorf("Verify with the right birth date after ten wrong ones = %+v, %v, want %v", v.Facts, err, first)
			}
		}
		if n := len(w.eventsOf(t, id, iis.ActionMisguess)); n != 10 {
			t.Errorf("%d wrong tries are recorded, want 10, however often it is tried after them", n)
		}
		if v, err := w.Verify(t.Context(), other, "09/21/2009"); err != nil || v.Facts == nil {
			t.Errorf("Verify of another record = %+v, %v, want its doses", v.Facts, err)
		}
	})
}

// TestVerifyMerged: the record of a client who was merged into another has
// changed, and tells no more than the other client may.
func TestVerifyMerged(t *testing.T) {
	each(t, registry.Options{Zone: time.UTC}, func(t *testing.T, w world) {
		a, b := w.twoOfDon(t)
		code := w.issue(t, clerk, b, paper.Options{Language: paper.English})
		if out := w.merge(t, merger, a, b, nil); out != registry.Saved {
			t.Fatalf("MergeClients = %q, want %q", out, registry.Saved)
		}
		if v, err := w.Verify(t.Context(), code, "09/21/2009"); err != nil || !v.Changed || v.Facts != nil || v.Initials != "D.D." {
			t.Errorf("Verify of a merged client = %+v, %v, want changed and no doses", v, err)
		}
		w.save(t, clerk, a, iis.Values{"sharing": iis.No})
		_, unknown := w.Verify(t.Context(), "000000000000", "")
		if _, err := w.Verify(t.Context(), code, ""); err == nil || err.Error() != unknown.Error() {
			t.Errorf("Verify of a client merged into a locked one = %v, want %v", err, unknown)
		}
	})
}
