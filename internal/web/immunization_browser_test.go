package web_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/webtest"
)

var (
	demoClerk  = iis.Actor{User: "user-clerk", UserName: "clerk", Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.TypicalUser}
	demoClerk2 = iis.Actor{User: "user-clerk2", UserName: "clerk2", Organization: sample.RiversideClinic, OrgName: "Riverside Clinic", OrgType: iis.Clinic, Role: iis.TypicalUser}
)

// shotOf is a dose to save: the kind, the day and the vaccine, then names and
// values.
type shotOf struct {
	id, kind, date, vaccine string
	more                    []string
}

// immunize saves doses as a clerk does.
func (s *site) immunize(a iis.Actor, id iis.ClientID, doses ...shotOf) {
	s.t.Helper()
	f := registry.Form{Client: id, Screen: iis.ScreenDoses, Typed: iis.Values{}, Organization: a.Organization}
	for _, d := range doses {
		dose := iis.DoseID(d.id)
		f.Doses = append(f.Doses, dose)
		fields := append([]string{"kind", d.kind, "date", d.date, "vaccine", d.vaccine}, d.more...)
		for i := 0; i < len(fields); i += 2 {
			f.Typed[iis.DoseField(dose, fields[i])] = fields[i+1]
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

// immunized gives the guide's Rainbow the doses of the picture of the history.
func (s *site) immunized() {
	s.t.Helper()
	s.immunize(demoClerk2, sample.Rainbow,
		shotOf{"h1", "Historical", "04/16/2015", "110", []string{"trade", "Pediarix"}},
		shotOf{"h2", "Historical", "06/16/2015", "110", []string{"trade", "Pediarix"}},
		shotOf{"h3", "Historical", "08/20/2015", "20", nil},
		shotOf{"h4", "Historical", "02/13/2016", "03", []string{"trade", "MMR II"}},
		shotOf{"h5", "Historical", "03/02/2016", "9990", nil})
	s.immunize(demoClerk, sample.Rainbow,
		shotOf{"g1", "Administered", "07/07/2015", "20", []string{"trade", "Daptacel"}},
		shotOf{"g2", "Administered", "08/20/2015", "20", []string{"trade", "Daptacel", "lot", "C1234AA", "amount", "0.5", "maker", "PMC", "site", "LT"}},
		shotOf{"g3", "Refused", "10/01/2025", "165", []string{"refusal", "00"}})
}

// sixty are 60 doses of one client, combinations among them.
func sixty() []shotOf {
	var list []shotOf
	add := func(date, cvx, trade string) {
		list = append(list, shotOf{fmt.Sprintf("s%02d", len(list)), "Historical", date, cvx, []string{"trade", trade}})
	}
	for _, date := range []string{"04/16/2015", "06/16/2015", "08/20/2015"} {
		add(date, "110", "Pediarix")
		add(date, "133", "Prevnar 13")
		add(date, "116", "RotaTeq")
		add(date, "49", "PedvaxHIB")
	}
	add("02/14/2015", "08", "Engerix-B")
	for _, date := range []string{"02/20/2016", "05/02/2019"} {
		add(date, "94", "ProQuad")
		add(date, "83", "Havrix-Peds")
		add(date, "130", "Kinrix")
	}
	for year := 2015; year <= 2025; year++ {
		for _, day := range []string{"10/05", "11/09"} {
			add(day+"/"+strconv.Itoa(year), "150", "Fluzone Quadrivalent")
		}
	}
	for year := 2021; year <= 2025; year++ {
		for _, day := range []string{"03/01", "09/12"} {
			add(day+"/"+strconv.Itoa(year), "218", "Pfizer COVID-19 Vaccine")
		}
	}
	for _, date := range []string{"02/20/2026", "05/20/2026", "08/20/2026"} {
		add(date, "165", "Gardasil 9")
		add(date, "115", "Boostrix")
		add(date, "136", "Menveo")
	}
	return list[:60]
}

// TestImmunizeRainbow reads the history of a client as the guide does, goes
// through the comments, to why a dose has its status and back, and to Edit
// Client (guide 65 to 70).
func TestImmunizeRainbow(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		s.immunized()
		signIn(v, "clerk")
		open(v, sample.Rainbow, "")
		v.Within(".head").Press("Immunize")
		v.Sees("Immunization history", "Everything reported to the registry. Doses given elsewhere may be missing.",
			"Client Name (First - MI - Last)", "UNICORN", "ACIP", "Comments (1 of 4)")
		v.Within("#comments").Press("▼ Next comment")
		v.Sees("Comments (2 of 4)")
		v.Within("#comments").Press("▲ Previous comment")
		v.Sees("Comments (1 of 4)", "01/01/2020 ~ Immunity: Titer/MD Dx Mumps")
		v.Within(".doses").Sees("DTaP/Tdap/Td", "1 of 4", "also counts for Hep B, Polio", "Not valid", "2 reports of this dose", "0.5 mL",
			"Within the 4-day grace period, counts.", "CVX 9990 (not in the code table)", "Refused")
		v.Within(".by").Press("by date")
		v.Within(".doses").SeesNot("also counts for")
		v.Within(".doses").Press("07/07/2015")
		v.Sees("Explanation of dose status", "Given on 07/07/2015 at the age of 4 months 23 days",
			"Given 21 days after 06/16/2015, 3 days too early: the minimum interval is 4 weeks less 4 days", "Test Clinic")
		v.Within("main").Press("Immunization history")
		v.Within(".doses").Press("02/13/2016")
		v.Sees("MMR 1 of 2", "Within the 4-day grace period, counts.", "Riverside Clinic")
		v.Within("main").Press("Immunization history")
		v.Within(".head").Press("Edit Client")
		v.Sees("Personal Information", "MIIC ID "+string(sample.Rainbow))
	})
}

// TestTiterCounts adds a titer on the comments tab: at once nothing more is due
// against hepatitis B.
func TestTiterCounts(t *testing.T) {
	visitors(t, func(t *testing.T, s *site, v webtest.Visitor) {
		signIn(v, "clerk")
		v.Open("/clients/" + string(sample.Rainbow) + "/immunizations")
		if row := dueLine(v, "Hep B"); !strings.HasPrefix(row, "Hep B Overdue") {
			t.Errorf("before the titer: %q, want it overdue", row)
		}
		open(v, sample.Rainbow, tabComments)
		comments(v).Press("New")
		d := detail(v, "comments")
		d.Choose("Client Comment", "Immunity: Titer Hepatitis B")
		d.Fill("Applies-To Date", "05/23/2022")
		v.Within(".head").Press("Immunize")
		v.SeesStatus("Client Updated")
		v.Within(".today").Sees("Immune", "Hep B")
		v.Within(".due").Sees("There is evidence of immunity to HepB. (05/23/2022 ~ Immunity: Titer Hepatitis B)")
		if row := dueLine(v, "Hep B"); !strings.HasPrefix(row, "Hep B Immune") {
			t.Errorf("after the titer: %q, want it immune", row)
		}
	})
}

// dueLine is what is recommended against a vaccine group, from its name on.
func dueLine(v webtest.Visitor, group string) string {
	text := v.Within(".due tbody").Text()
	for _, status := range []string{"Overdue", "Due now", "Due later", "Immune", "Complete"} {
		if i := strings.Index(text, group+" "+status); i >= 0 {
			return text[i:]
		}
	}
	return ""
}

// TestHistoryWire weighs the history of a client with 60 doses in an empty
// browser: at most 60 KB with all that it loads.
func TestHistoryWire(t *testing.T) {
	s := sqliteSite(t)
	s.immunize(demoClerk, sample.Rainbow, sixty()...)
	b := webtest.NewBrowser(t, s.url, true)
	s.enter(b, "clerk")
	b.Open("/clients/" + string(sample.Rainbow) + "/immunizations")
	b.Sees("60 immunizations")
	bytes, err := strconv.Atoi(b.Eval(`[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((n, e) => n + e.transferSize, 0)`))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", bytes)
	if bytes > 60<<10 {
		t.Errorf("the history of 60 doses weighs %d bytes cold, headers included, want at most 60 KB", bytes)
	}
}
