package registry_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// doseForm is what the screen that records immunizations posts: for each open row
// its ID and what was typed.
func doseForm(id iis.ClientID, rows map[iis.DoseID]map[string]string) registry.Form {
	f := registry.Form{Client: id, Screen: iis.ScreenDoses, Typed: iis.Values{}}
	for dose, typed := range rows {
		f.Doses = append(f.Doses, dose)
		for name, s := range typed {
			f.Typed[iis.DoseField(dose, name)] = s
		}
	}
	return f
}

func (w world) saveDoses(t *testing.T, a iis.Actor, id iis.ClientID, rows map[iis.DoseID]map[string]string) registry.Outcome {
	t.Helper()
	out, err := w.SaveDoses(t.Context(), a, doseForm(id, rows))
	if err != nil {
		t.Fatal(err)
	}
	return out.Outcome
}

func (w world) immunizations(t *testing.T, a iis.Actor, id iis.ClientID) registry.Immunizations {
	t.Helper()
	m, err := w.Immunizations(t.Context(), a, id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func given(kind iis.DoseKind, date, vaccine string) map[string]string {
	return map[string]string{"kind": string(kind), "date": date, "vaccine": vaccine}
}

// TestSaveDoses: several doses in one Save are one event, count at once, and an
// untouched row is ignored.
func TestSaveDoses(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		out := w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{
			"d1": given(iis.Historical, "11/25/2009", "110"),
			"d2": given(iis.Historical, "11/25/2009", "49"),
			"d3": {"kind": "Historical", "date": "11/25/2009"},
			"d4": {"kind": "Refused", "date": "10/01/2025", "vaccine": "141", "refusal": "00"},
		})
		if out != registry.Saved {
			t.Fatalf("SaveDoses = %q, want %q", out, registry.Saved)
		}
		m := w.immunizations(t, clerk2, id)
		if len(m.Shots) != 2 || len(m.Refusals) != 1 {
			t.Fatalf("%d shots and %d refusals, want 2 and 1", len(m.Shots), len(m.Refusals))
		}
		if m.Shots[0].Dose.Source != iis.SourceUnspecified || m.Shots[0].Dose.ByName != "Test Clinic" {
			t.Errorf("shot = %+v, want a historical one of Test Clinic from no told source", m.Shots[0].Dose)
		}
		if got := m.Result.Doses[0].Evaluations; len(got) != 3 || got[0].Status != forecast.Valid {
			t.Errorf("evaluations of DTaP-Hep B-IPV = %v, want 3 valid ones", got)
		}
		h, err := w.ChangeHistory(t.Context(), clerk, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if e := h.Events[0]; e.Action != iis.ActionImmunize || e.Version != 2 || len(e.Detail.Changes) < 12 {
			t.Errorf("newest event = %s of version %d with %d changes, want one %s of version 2", e.Action, e.Version, len(e.Detail.Changes), iis.ActionImmunize)
		}
		if r := w.record(t, clerk, id); r.Client.Version != 2 || r.Client.UpdatedByName != "Test Clinic" {
			t.Errorf("client at version %d, want 2", r.Client.Version)
		}
	})
}

// TestDoseOfAnother: a dose is changed by its owner and by staff, and by nobody
// else.
func TestDoseOfAnother(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d1": given(iis.Historical, "11/25/2009", "110")})
		edit := map[iis.DoseID]map[string]string{"d1": {"lot": "A1"}}
		if _, err := w.SaveDoses(t.Context(), clerk2, doseForm(id, edit)); iis.KindOf(err) != iis.Invalid {
			t.Errorf("SaveDoses by another organization = %v, want %s", err, iis.Invalid)
		}
		if _, err := w.Doses(t.Context(), clerk2, id, "d1"); iis.KindOf(err) != iis.Denied {
			t.Errorf("Doses of another organization's dose = %v, want %s", err, iis.Denied)
		}
		for _, a := range []iis.Actor{viewer, nurse} {
			if _, err := w.SaveDoses(t.Context(), a, doseForm(id, edit)); iis.KindOf(err) != iis.Denied {
				t.Errorf("SaveDoses by %s = %v, want %s", a.UserName, err, iis.Denied)
			}
		}
		if got := w.saveDoses(t, helpdesk, id, edit); got != registry.Saved {
			t.Errorf("SaveDoses by staff = %q, want %q", got, registry.Saved)
		}
		if d := w.immunizations(t, clerk, id).Shots[0].Dose; d.Lot != "A1" || d.By != testClinic.ID {
			t.Errorf("dose = lot %q of %s, want A1 of %s", d.Lot, d.By, testClinic.ID)
		}
		if err := w.ReportDose(t.Context(), clerk2, id, "d1", "given in 2010"); err != nil {
			t.Fatal(err)
		}
		for a, want := range map[*iis.Actor]int{&clerk: 1, &clerk2: 0} {
			list, err := w.DoseProblems(t.Context(), *a)
			if err != nil || len(list) != want {
				t.Errorf("DoseProblems of %s = %d, %v, want %d", a.OrgName, len(list), err, want)
			}
			if want == 1 {
				if err := w.ResolveDoseProblem(t.Context(), clerk2, list[0].ID, "mended"); iis.KindOf(err) != iis.NotFound {
					t.Errorf("ResolveDoseProblem by another = %v, want %s", err, iis.NotFound)
				}
				if err := w.ResolveDoseProblem(t.Context(), clerk, list[0].ID, "mended"); err != nil {
					t.Error(err)
				}
			}
		}
	})
}

// TestSecondLook: what is doubtful is asked about once and then saved.
func TestSecondLook(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d1": given(iis.Historical, "09/23/2010", "03")})
		row := given(iis.Administered, "09/23/2010", "3")
		row["expires"] = "08/2010"
		early := given(iis.Historical, "01/20/2010", "21")
		again := map[iis.DoseID]map[string]string{"d2": row, "d3": early}
		f := doseForm(id, again)
		if out, err := w.SaveDoses(t.Context(), clerk, f); out.Outcome != registry.AskDoses || err != nil {
			t.Fatalf("SaveDoses = %q, %v, want %q", out.Outcome, err, registry.AskDoses)
		}
		p, err := w.Doses(t.Context(), clerk, id, "")
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, c := range p.Checks["d2"] {
			all = append(all, c.Text)
		}
		text := strings.Join(all, "\n")
		for _, want := range []string{"Expired lot: it expired on 08/31/2010", "The same vaccine is recorded for 09/23/2010 by Test Clinic"} {
			if !strings.Contains(text, want) {
				t.Errorf("checks = %s, want %q in them", text, want)
			}
		}
		if cs := p.Checks["d3"]; len(cs) != 1 || !strings.Contains(cs[0].Text, "will not count") {
			t.Errorf("checks of a dose before its age = %v, want one that it will not count", cs)
		}
		if got := len(w.immunizations(t, clerk, id).Record.Doses); got != 1 {
			t.Errorf("%d doses on file, want 1: nothing is saved yet", got)
		}
		if out := w.saveDoses(t, clerk, id, again); out != registry.Saved {
			t.Errorf("SaveDoses again = %q, want %q", out, registry.Saved)
		}
		m := w.immunizations(t, clerk, id)
		if len(m.Record.Doses) != 3 || len(m.Shots) != 2 || len(m.Shots[1].Others) != 1 {
			t.Errorf("%d reports in %d shots, want 3 in 2 with one folded", len(m.Record.Doses), len(m.Shots))
		}
	})
}

// TestWrongDoses: what breaks a rule keeps the dose from being saved and stays in
// the draft.
func TestWrongDoses(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		tests := []struct {
			name  string
			typed map[string]string
			field string
			want  string
		}{
			{"before birth", given(iis.Historical, "09/20/2009", "110"), "date", "before the birth date"},
			{"in the future", given(iis.Administered, "09/20/2099", "110"), "date", "in the future"},
			{"no date", given(iis.Historical, "", "110"), "date", "missing"},
			{"no vaccine", map[string]string{"kind": "Administered", "date": "01/02/2020", "lot": "A1"}, "vaccine", "not chosen"},
			{"no kind", map[string]string{"date": "01/02/2020", "vaccine": "110"}, "kind", "not chosen"},
			{"refused for no reason", map[string]string{"kind": "Refused", "date": "01/02/2020", "vaccine": "110"}, "refusal", "not chosen"},
			{"route of no list", map[string]string{"kind": "Administered", "date": "01/02/2020", "vaccine": "110", "route": "XX"}, "route", "not one of the choices"},
			{"statement of a later day", map[string]string{"kind": "Administered", "date": "01/02/2020", "vaccine": "110", "vis": "01/03/2020"}, "vis", "after the day"},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				_, err := w.SaveDoses(t.Context(), clerk, doseForm(id, map[iis.DoseID]map[string]string{"d1": test.typed}))
				ps := iis.ProblemsIn(err)
				if len(ps) != 1 || ps[0].Field != iis.DoseField("d1", test.field) || !strings.Contains(ps[0].Text, test.want) {
					t.Errorf("SaveDoses = %v, want one problem of %s that says %q", err, test.field, test.want)
				}
				p, err := w.Doses(t.Context(), clerk, id, "")
				if err != nil || len(p.Rows) != 1 || p.Rows[0].Value("vaccine") != test.typed["vaccine"] {
					t.Errorf("Doses = %d rows, %v, want the one typed", len(p.Rows), err)
				}
				if err := w.Discard(t.Context(), clerk, id, iis.ScreenDoses); err != nil {
					t.Fatal(err)
				}
			})
		}
	})
}

// TestHiddenDoses: of a client the actor may not see, nothing about doses can be
// asked that an unknown ID would answer otherwise.
func TestHiddenDoses(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d1": given(iis.Historical, "11/25/2009", "110")})
		w.save(t, clerk, id, iis.Values{"sharing": iis.No})
		asks := map[string]func(iis.ClientID) error{
			"Immunizations": func(id iis.ClientID) error { _, err := w.Immunizations(t.Context(), clerk2, id); return err },
			"PrintImmunizations": func(id iis.ClientID) error {
				_, err := w.PrintImmunizations(t.Context(), clerk2, id, "history")
				return err
			},
			"ExplainDose": func(id iis.ClientID) error { _, err := w.ExplainDose(t.Context(), clerk2, id, "d1"); return err },
			"Doses":       func(id iis.ClientID) error { _, err := w.Doses(t.Context(), clerk2, id, "d1"); return err },
			"StageDoses": func(id iis.ClientID) error {
				_, err := w.StageDoses(t.Context(), clerk2, doseForm(id, nil))
				return err
			},
			"SaveDoses":  func(id iis.ClientID) error { _, err := w.SaveDoses(t.Context(), clerk2, doseForm(id, nil)); return err },
			"ReportDose": func(id iis.ClientID) error { return w.ReportDose(t.Context(), clerk2, id, "d1", "wrong") },
		}
		for name, ask := range asks {
			hidden, unknown := ask(id), ask("999999999")
			if iis.KindOf(hidden) != iis.NotFound || !cmp.Equal(hidden.Error(), unknown.Error()) {
				t.Errorf("%s of a locked client = %v, of an unknown one %v, want the same", name, hidden, unknown)
			}
		}
	})
}

// TestDosesKept: deleting, changing and two people at once.
func TestDosesKept(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{
			"d1": given(iis.Historical, "11/25/2009", "110"), "d2": given(iis.Historical, "01/25/2010", "110")})
		other := actorOf("admin", testClinic, iis.OrgAdmin)
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			return tx.PutUser(t.Context(), iis.User{ID: other.User, UserName: "admin", Name: "admin", State: iis.UserActive, Created: tx.Now})
		})
		if err != nil {
			t.Fatal(err)
		}
		f := doseForm(id, map[iis.DoseID]map[string]string{"d1": {"lot": "A1"}})
		f.Version = 2
		if _, err := w.StageDoses(t.Context(), other, f); err != nil {
			t.Fatal(err)
		}
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d1": {"lot": "B2"}})
		if _, err := w.SaveDoses(t.Context(), other, registry.Form{Client: id, Version: 2}); iis.KindOf(err) != iis.Conflict {
			t.Errorf("SaveDoses over another's lot = %v, want %s", err, iis.Conflict)
		}
		del := doseForm(id, nil)
		del.Do, del.Row, del.ID = registry.DoDelete, iis.RowDose, "d2"
		if _, err := w.StageDoses(t.Context(), clerk, del); err != nil {
			t.Fatal(err)
		}
		if got := len(w.immunizations(t, clerk, id).Record.Doses); got != 2 {
			t.Errorf("%d doses before Save, want 2", got)
		}
		if out := w.saveDoses(t, clerk, id, nil); out != registry.Saved {
			t.Fatalf("SaveDoses = %q, want %q", out, registry.Saved)
		}
		if m := w.immunizations(t, clerk, id); len(m.Record.Doses) != 1 || m.Record.Doses[0].Lot != "B2" {
			t.Errorf("doses = %v, want the one with lot B2", m.Record.Doses)
		}
	})
}

// TestDoseOfAnotherKind: what does not belong to the kind of a dose is not kept,
// and not without a word.
func TestDoseOfAnotherKind(t *testing.T) {
	tests := map[iis.DoseKind]struct {
		typed map[string]string
		want  string // what is asked
		kept  iis.Dose
	}{
		iis.Administered: {map[string]string{"source": "05", "provider": "Corner Pharmacy", "lot": "A1"},
			"Not kept with an administered immunization: Source, Given At.", iis.Dose{Lot: "A1"}},
		iis.Historical: {map[string]string{"eligibility": "V02", "funding": "VXC51", "vis": "01/02/2020", "source": "05", "lot": "A1"},
			"Not kept with a historical immunization: Eligibility, Funding, VIS Date.", iis.Dose{Lot: "A1", Source: "05"}},
		iis.Refused: {map[string]string{"lot": "A1", "site": "LD", "given": "R. Nurse", "amount": "0.5", "refusal": "00"},
			"Not kept with a refusal: Lot Number, Dose, Site, Given By.", iis.Dose{Refusal: "00"}},
	}
	each(t, registry.Options{}, func(t *testing.T, w world) {
		for kind, test := range tests {
			id := w.don(t)
			row := given(kind, "01/10/2020", "141")
			maps.Copy(row, test.typed)
			rows := map[iis.DoseID]map[string]string{"d1": row}
			if out := w.saveDoses(t, clerk, id, rows); out != registry.AskDoses {
				t.Fatalf("%s: SaveDoses = %q, want %q", kind, out, registry.AskDoses)
			}
			p, err := w.Doses(t.Context(), clerk, id, "")
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Checks["d1"][0]; got.Text != test.want || got.Field != "dose/d1/kind" {
				t.Errorf("%s: asked of %s: %q, want %q", kind, got.Field, got.Text, test.want)
			}
			if out := w.saveDoses(t, clerk, id, rows); out != registry.Saved {
				t.Fatalf("%s: the second SaveDoses = %q, want %q", kind, out, registry.Saved)
			}
			again := doseForm(id, rows)
			again.Version = 1
			if out, err := w.SaveDoses(t.Context(), clerk, again); out.Outcome != registry.Unchanged || err != nil {
				t.Errorf("%s: the same form sent twice = %q, %v, want %q", kind, out.Outcome, err, registry.Unchanged)
			}
			m := w.immunizations(t, clerk, id)
			got := slices.Concat(m.Refusals, m.Record.Doses)[0]
			got = iis.Dose{Lot: got.Lot, Site: got.Site, GivenBy: got.GivenBy, Subpotent: got.Subpotent, Refusal: got.Refusal,
				Eligibility: got.Eligibility, Funding: got.Funding, VIS: got.VIS, Source: got.Source, Provider: got.Provider}
			if diff := cmp.Diff(test.kept, got); diff != "" {
				t.Errorf("%s is kept as (-want +got):\n%s", kind, diff)
			}
		}
	})
}

// TestDoseDeletedWhileOpen: a dose that someone else deletes while it is open is
// closed if nothing was typed into it; what was typed is kept, and the Save tells.
func TestDoseDeletedWhileOpen(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		id := w.don(t)
		other := clerk
		other.User = clerk2.User
		w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{
			"d1": given(iis.Historical, "11/25/2009", "110"), "d2": given(iis.Historical, "09/20/2010", "03")})
		stage := func(a iis.Actor, do registry.Deed, dose iis.DoseID, rows map[iis.DoseID]map[string]string) {
			t.Helper()
			f := doseForm(id, rows)
			f.Do, f.Row, f.ID = do, iis.RowDose, string(dose)
			if _, err := w.StageDoses(t.Context(), a, f); err != nil {
				t.Fatal(err)
			}
		}
		stage(clerk, registry.DoSelect, "d1", nil)
		stage(clerk, registry.DoSelect, "d2", nil)
		stage(other, registry.DoDelete, "d1", map[iis.DoseID]map[string]string{"d1": {}, "d2": {}})
		stage(other, registry.DoDelete, "d2", map[iis.DoseID]map[string]string{"d1": {}, "d2": {}})
		if out := w.saveDoses(t, other, id, nil); out != registry.Saved {
			t.Fatalf("the Save of the deletes = %q, want %q", out, registry.Saved)
		}
		stage(clerk, registry.DoKeep, "", map[iis.DoseID]map[string]string{"d2": {"lot": "A1"}})
		p, err := w.Doses(t.Context(), clerk, id, "")
		if err != nil || len(p.Rows) != 1 || p.Rows[0].ID != "d2" || p.Rows[0].Value("lot") != "A1" {
			t.Errorf("open after the deletes = %+v, %v, want d2 with what was typed", p.Rows, err)
		}
		if _, err := w.SaveDoses(t.Context(), clerk, doseForm(id, nil)); iis.KindOf(err) != iis.Conflict {
			t.Errorf("SaveDoses = %v, want %s", err, iis.Conflict)
		}
	})
}
