package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
)

// clerks of the two clinics, as the registry knows them.
var (
	clinicClerk = iis.Actor{User: "id-clerk", UserName: "clerk", Name: "R. Nurse", Organization: "clinic", OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.TypicalUser}
	riverClerk  = iis.Actor{User: "id-clerk2", UserName: "clerk2", Name: "C. Rivers", Organization: "river", OrgName: "Riverside Clinic", OrgType: iis.Clinic, Role: iis.TypicalUser}
)

// immunize saves doses of a client, each a list of names and values that begins
// with the ID.
func (s *site) immunize(a iis.Actor, id iis.ClientID, doses ...[]string) {
	s.t.Helper()
	f := registry.Form{Client: id, Screen: iis.ScreenDoses, Typed: iis.Values{}, Organization: a.Organization}
	for _, d := range doses {
		dose := iis.DoseID(d[0])
		f.Doses = append(f.Doses, dose)
		for i := 1; i < len(d); i += 2 {
			f.Typed[iis.DoseField(dose, d[i])] = d[i+1]
		}
	}
	for range 2 { // what is doubtful is asked about once
		out, err := s.reg.SaveDoses(s.t.Context(), a, f)
		if err != nil {
			s.t.Fatal(err)
		}
		if out.Outcome == registry.Saved {
			return
		}
	}
	s.t.Fatal("the doses were not saved")
}

// theirs is a historical dose, ours one that was given.
func theirs(id, date, cvx string, more ...string) []string {
	return append([]string{id, "kind", string(iis.Historical), "date", date, "vaccine", cvx, "source", "02"}, more...)
}

func ours(id, date, cvx string, more ...string) []string {
	return append([]string{id, "kind", string(iis.Administered), "date", date, "vaccine", cvx}, more...)
}

// rainbowsDoses are the doses of the picture of the history.
func rainbowsDoses(s *site) {
	s.immunize(riverClerk, rainbow,
		theirs("b1", "02/14/2015", "08", "trade", "Engerix-B"),
		theirs("p1", "04/16/2015", "110", "trade", "Pediarix"), theirs("p2", "06/16/2015", "110", "trade", "Pediarix"),
		theirs("d4r", "08/20/2015", "20"), theirs("m1", "02/13/2016", "03", "trade", "MMR II"),
		theirs("x1", "03/01/2016", "24"), theirs("x2", "03/02/2016", "9990"))
	s.immunize(clinicClerk, rainbow,
		ours("d3", "07/07/2015", "20", "trade", "Daptacel"),
		ours("d4", "08/20/2015", "20", "trade", "Daptacel", "lot", "C1234AA", "maker", "PMC", "amount", "0.5", "route", "C28161", "site", "LT", "vis", "05/17/2007"),
		ours("m2", "05/02/2019", "03", "trade", "MMR II"),
		[]string{"r1", "kind", string(iis.Refused), "date", "10/01/2025", "vaccine", "165", "refusal", "00"})
}

// TestImmunizationHistory reads the history of the picture: by vaccine, by date,
// and what is due (guide 70).
func TestImmunizationHistory(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		rainbowsDoses(s)
		b := s.as("clerk")
		a := b.get("/clients/14883406/immunizations").is(200)
		a.sees(".doses thead", "Vaccine Group Date Administered Age Series Vaccine [Trade Name] Dose Owned? Hist? Edit")
		for _, row := range []string{
			"DTaP/Tdap/Td 04/16/2015 2 m 2 d 1 of 4 DTaP-Hep B-IPV [Pediarix] also counts for Hep B, Polio No Yes Report a problem",
			"07/07/2015 4 m 23 d Not valid DTaP [Daptacel] Given 21 days after 06/16/2015, 3 days too early: the minimum interval is 4 weeks less 4 days, which ended on 07/10/2015. It would have counted from 07/10/2015. Yes No Edit",
			"08/20/2015 6 m 6 d 3 of 4 DTaP [Daptacel] 2 reports of this dose , Test Clinic shown 0.5 mL Yes No Edit",
			"Hep B 02/14/2015 0 d 1 of 4 Hep B, adolescent or pediatric [Engerix-B] No Yes Report a problem",
			"MMR 02/13/2016 11 m 30 d 1 of 2 MMR [MMR II] Within the 4-day grace period, counts. No Yes Report a problem",
			"01/01/2020 4 y 10 m Immune Titer/MD Dx Mumps From client comments",
			"Anthrax 03/01/2016 1 y 0 m Not in the schedule Anthrax",
			"Other 03/02/2016 1 y 0 m Not in the schedule CVX 9990 (not in the code table)",
			"HPV 10/01/2025 10 y 7 m Refused HPV9 Parent's decision",
		} {
			a.sees(".doses tbody tr", row)
		}
		a.sees("main", "9 immunizations, 1 duplicate folded, 1 refusal")
		groups := a.texts(".doses th[scope=rowgroup]")
		if want := []string{"Anthrax", "DTaP/Tdap/Td", "Hep B", "HPV", "MMR", "Polio", "Varicella", "Other"}; !slices.Equal(groups, want) {
			t.Errorf("vaccine groups = %q, want %q", groups, want)
		}
		a.sees(".today", "Overdue DTaP/Tdap/Td")
		a.sees(".today", "Immune Varicella")
		for _, row := range []string{
			"DTaP/Tdap/Td Overdue", "MMR Complete", "HPV Due now Refused 10/01/2025, Parent's decision (still due) 02/14/2024 02/14/2026 03/12/2028",
			"Influenza Not known Refused 11/04/2021 The season of this schedule ended on 06/30/2026. What is recommended now is not known until a newer schedule is loaded.",
			"Varicella Immune There is evidence of immunity to Varicella. (03/17/2022 ~ Immunity: Titer/MD Dx Varicella or Zoster)",
			"Zoster Due later",
		} {
			a.sees(".due tbody tr", row)
		}
		a.sees("#due", "Worked out 11/22/2026 from the 9 immunizations here, rules CDSi 4.64.")
		a.sees("#due", "Also refused: Refusal of Cholera 04/01/2022.")

		a = b.get("/clients/14883406/immunizations?by=date").is(200)
		rows := a.texts(".doses tbody tr")
		if len(rows) != 12 {
			t.Errorf("%d rows by date, want 12: 9 shots, a refusal and 2 immunities: %q", len(rows), rows)
		}
		a.sees(".doses tbody tr", "DTaP/Tdap/Td Hep B Polio 04/16/2015 2 m 2 d 1 of 4 2 of 4 1 of 3 DTaP-Hep B-IPV [Pediarix] No Yes")
		if !slices.IsSortedFunc(rows, func(a, b string) int { return cmp.Compare(dateIn(a), dateIn(b)) }) {
			t.Errorf("the rows are not by date: %q", rows)
		}
		// The verdicts do not depend on who asks; what may be done does.
		a = s.as("clerk2").get("/clients/14883406/immunizations").is(200)
		a.sees(".doses tbody tr", "08/20/2015 6 m 6 d 3 of 4 DTaP 2 reports of this dose , Riverside Clinic shown Yes Yes Edit")
		a = s.as("viewer").get("/clients/14883406/immunizations").is(200)
		a.lacks("main", "Report a problem")
		a.lacks("main .actions", "Add Immunization")
		b.get("/clients/14883406/history").sees(".events", "Immunizations changed")
		b.get("/clients/14883406/history/views").sees(".events", "Opened the immunization history")
	})
}

// dateIn is the first US date of a row, turned so that it sorts.
func dateIn(row string) string {
	for w := range strings.FieldsSeq(row) {
		if p := strings.Split(w, "/"); len(p) == 3 && len(p[2]) == 4 {
			return p[2] + p[0] + p[1]
		}
	}
	return ""
}

// TestExplainDose reads why doses have their status, with every report.
func TestExplainDose(t *testing.T) {
	eachGuideSite(t, func(t *testing.T, s *site) {
		rainbowsDoses(s)
		b := s.as("clerk")
		a := b.get("/clients/14883406/immunizations/d3").is(200)
		a.sees("main", "Given on 07/07/2015 at the age of 4 months 23 days")
		a.sees("section h2", "DTaP/Tdap/Td Not valid")
		a.sees("section", "3 days too early: the minimum interval is 4 weeks less 4 days")
		a.sees(".checks tr", "Interval 21 days (3 weeks) after the dose of 06/16/2015")
		a.sees(".trace li", "CDSi 6.5")
		if got, want := a.attribute(".report .actions a", "href"), "/clients/14883406/immunizations/record?edit=d3"; got != want {
			t.Errorf("Edit leads to %q, want %q", got, want)
		}
		for _, id := range []string{"d4", "d4r"} { // whichever report was asked for
			a = b.get("/clients/14883406/immunizations/" + id).is(200)
			a.sees("h2", "2 reports of this dose")
			a.sees(".report", "Test Clinic shown in the history")
			a.sees(".report dl", "Lot Number C1234AA Dose 0.5 mL Route Intramuscular Site Left thigh VIS Date 05/17/2007")
			a.sees(".report dl", "Reported by Riverside Clinic")
			a.sees(".report .actions", "Report a problem")
		}
		b.get("/clients/14883406/immunizations/m1").is(200).sees("section", "MMR 1 of 2 The dose counts: it is number 1 of 2 of its series. Within the 4-day grace period")
		b.get("/clients/14883406/immunizations/x2").is(200).sees("section", "Other Not in the schedule")
		b.get("/clients/14883406/immunizations/r1").is(200).sees(".report dl", "Reason for Refusal Parent's decision")
		b.get("/clients/14883406/immunizations/none").is(404)
		b.get("/clients/6714871/immunizations/d3").is(404)
		b.get("/clients/14883406/history/views").sees(".events", "Opened an immunization")
	})
}

// sixtyDoses gives a client 60 doses, a third of them combinations.
func sixtyDoses(s *site, id iis.ClientID) {
	var doses [][]string
	add := func(y, m, d int, cvx, trade string) {
		date := iis.Date{Year: y, Month: time.Month(m), Day: d}
		doses = append(doses, theirs(fmt.Sprintf("s%02d", len(doses)), date.US(), cvx, "trade", trade))
	}
	for _, m := range []int{4, 6, 8} {
		add(2015, m, 18, "110", "Pediarix")
		add(2015, m, 18, "133", "Prevnar 13")
		add(2015, m, 18, "116", "RotaTeq")
		add(2015, m, 18, "49", "PedvaxHIB")
	}
	for _, y := range []int{2016, 2019} {
		add(y, 3, 1, "94", "ProQuad")
		add(y, 3, 1, "130", "Kinrix")
		add(y, 3, 1, "83", "Havrix")
	}
	for y := 2015; y <= 2025; y++ {
		add(y, 10, 5, "150", "Fluzone Quadrivalent")
		add(y, 11, 9, "150", "Fluzone Quadrivalent")
	}
	for y := 2021; len(doses) < 60; y++ {
		add(y, 2, 20, "218", "Pfizer COVID-19 Vaccine")
		add(y, 3, 20, "165", "Gardasil 9")
		add(y, 5, 20, "115", "Boostrix")
		add(y, 6, 20, "110", "Pediarix")
	}
	s.immunize(riverClerk, id, doses[:60]...)
}

// BenchmarkHistoryPage measures what the history of a client with 60 doses costs
// the handler besides the database: the forecast with its counts, the words, the
// page and its compression.
func BenchmarkHistoryPage(b *testing.B) {
	s := guideSite(b)
	sixtyDoses(s, rainbow)
	m, err := s.reg.Immunizations(b.Context(), clinicClerk, rainbow)
	if err != nil {
		b.Fatal(err)
	}
	if len(m.Shots) != 60 {
		b.Fatalf("%d shots, want 60", len(m.Shots))
	}
	sched, err := forecast.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	p := forecast.Patient{Birth: m.Record.Client.BirthDate, Gender: m.Record.Client.Gender}
	for _, sh := range m.Shots {
		p.Doses = append(p.Doses, forecast.Dose{Date: sh.Dose.Date, CVX: string(sh.Dose.Vaccine), TradeName: sh.Dose.TradeName})
	}
	for _, c := range m.Record.Comments {
		p.Comment(c.Code, c.Date)
	}
	var forecasting time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		m.Result = sched.Count(p, m.Today)
		forecasting += time.Since(start)
		body, err := immunizationPage.render(shell{}, s.newHistoryOf(&m, clinicClerk, false), nil)
		if err != nil {
			b.Fatal(err)
		}
		zip(body)
	}
	b.ReportMetric(float64(forecasting.Microseconds())/float64(b.N), "µs-forecast/op")
}

// TestHistoryLeads follows the links of the history: to edit one's own doses, to
// tell a problem of others', and to what was not saved yet.
func TestHistoryLeads(t *testing.T) {
	s := guideSite(t)
	rainbowsDoses(s)
	b := s.as("clerk")
	a := b.get("/clients/14883406/immunizations").is(200)
	for selector, want := range map[string]string{
		`.doses a[href$="edit=d3"]`:             "Edit DTaP [Daptacel] 07/07/2015",
		`.doses a[href$="/p1/problem"]`:         "Report a problem with DTaP-Hep B-IPV [Pediarix] 04/16/2015",
		`.head a[href$="/record"]`:              "Add Immunization",
		`.doses a[href$="/d4#reports"]`:         "2 reports of this dose",
		`.head a[href$="print?confidential=1"]`: "Print Confidential",
	} {
		a.sees(selector, want)
		path, _, _ := strings.Cut(a.attribute(selector, "href"), "#")
		b.get(path).is(200)
	}
	if err := s.reg.ReportDose(t.Context(), clinicClerk, rainbow, "p1", "It was given a year later."); err != nil {
		t.Fatal(err)
	}
	b.get("/clients/14883406/immunizations").sees(".doses tbody tr", "Problem reported 11/22/2026 by Test Clinic")
	b.get("/clients/14883406/immunizations/p1").sees(".report", "Problem reported 11/22/2026 by Test Clinic: It was given a year later.")
	s.as("viewer").get("/clients/14883406/immunizations/p1").is(200).lacks("main", "a year later")
	a.lacks("main", "not saved yet")
	_, err := s.reg.StageDoses(t.Context(), clinicClerk, registry.Form{Client: rainbow, Organization: "clinic", Doses: []iis.DoseID{"d3"},
		Typed: iis.Values{iis.DoseField("d3", "lot"): "X1"}, Do: registry.DoKeep})
	if err != nil {
		t.Fatal(err)
	}
	a = b.get("/clients/14883406/immunizations")
	a.sees(".note", "1 immunization is not saved yet, from 11/22/2026 09:00.")
	a.sees(`.note a[href$="/record"]`, "Go on recording")
	s.as("clerk2").get("/clients/14883406/immunizations").lacks("main", "not saved yet")
	// Staff may edit the doses of all.
	s.as("helpdesk").get("/clients/14883406/immunizations").sees(`.doses a[href$="edit=p1"]`, "Edit")
}

// TestHistoryOfHidden: staff see the history of a client who is deceased or
// locked elsewhere; others get the answer of an unknown ID.
func TestHistoryOfHidden(t *testing.T) {
	s := guideSite(t)
	rainbowsDoses(s)
	rec := s.record(rainbow, "clinic")
	rec.Client.LockedTo = "school"
	rec.Client.Version++
	s.update(func(ctx context.Context, tx *store.Tx) error { return tx.PutClient(ctx, rec.Client) })
	for _, path := range []string{"/immunizations", "/immunizations/p1", "/immunizations/none", "/immunizations?by=date"} {
		a, unknown := s.as("clerk").get("/clients/14883406"+path).is(404), s.as("clerk").get("/clients/14883407"+path).is(404)
		if got, want := strings.ReplaceAll(a.body, "14883406", "ID"), strings.ReplaceAll(unknown.body, "14883407", "ID"); got != want {
			t.Errorf("the answer on %s of a locked client differs from that on an unknown one", path)
		}
		if path != "/immunizations/none" {
			s.as("helpdesk").get("/clients/14883406" + path).is(200)
		}
	}
}
