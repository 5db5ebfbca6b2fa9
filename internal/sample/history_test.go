package sample

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	godiff "github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// TestHistoryRules checks that each dose on file could have been recorded by the
// organization that has it, on the day on which it was entered.
func TestHistoryRules(t *testing.T) {
	people := GuidePeople()
	for p := range Population(11, 1500) {
		people = append(people, p)
	}
	for _, p := range people {
		last := Today
		if d := p.Client.Death; !d.Date.IsZero() {
			last = d.Date
		}
		ids := map[iis.DoseID]bool{}
		byOrg := map[iis.OrganizationID][]iis.Dose{}
		for i, d := range p.Doses {
			if i > 0 && cmp.Or(d.Date.Compare(p.Doses[i-1].Date), d.Entered.Compare(p.Doses[i-1].Entered)) < 0 {
				t.Errorf("client %s: dose %s stands after a later one", p.Client.ID, d.ID)
			}
			if d.Date.Before(p.Client.BirthDate) || d.Date.After(last) {
				t.Errorf("client %s: dose %s is of %s", p.Client.ID, d.ID, d.Date)
			}
			if entered := iis.DateOf(d.Entered); entered.Before(d.Date) || entered.After(Today) {
				t.Errorf("client %s: dose %s of %s was entered on %s", p.Client.ID, d.ID, d.Date, entered)
			}
			if ids[d.ID] {
				t.Errorf("client %s: two doses %s", p.Client.ID, d.ID)
			}
			ids[d.ID] = true
			if d.Kind == iis.Administered && d.Lot == "" {
				t.Errorf("client %s: dose %s was given from no lot", p.Client.ID, d.ID)
			}
			byOrg[d.By] = append(byOrg[d.By], d)
		}
		for org, doses := range byOrg {
			readBack(t, p.Client, org, doses)
		}
	}
}

// readBack enters doses as a clerk of an organization would type them.
func readBack(t *testing.T, c iis.Client, org iis.OrganizationID, doses []iis.Dose) {
	t.Helper()
	clerk := iis.Actor{Organization: org, OrgType: kindOf()[org], Role: iis.TypicalUser}
	if !clerk.May(iis.RecordDose) {
		t.Errorf("client %s: %s has doses and may not record any", c.ID, org)
	}
	before := iis.Record{Client: c}
	after := before
	after.Doses = doses
	edit := iis.Edit{Changes: iis.Differences(before, after)}
	for i, x := range edit.Changes {
		if _, _, name, _ := x.Field.Row(); name == "" {
			continue
		}
		s, err := x.Field.Read(x.New, Today)
		if err != nil {
			t.Errorf("client %s: %s = %q: %v", c.ID, x.Field, x.New, err)
		}
		edit.Changes[i].New = s
	}
	rec, err := before.Revise(edit, clerk, at(2026, 11, 1), Today)
	if err != nil {
		t.Errorf("client %s, doses of %s: %v: %v", c.ID, org, err, iis.ProblemsIn(err))
		return
	}
	got := slices.Clone(rec.Doses)
	for i := range got {
		j := slices.IndexFunc(doses, func(d iis.Dose) bool { return d.ID == got[i].ID })
		got[i].Entered = doses[j].Entered
	}
	slices.SortStableFunc(got, func(a, b iis.Dose) int {
		return cmp.Or(a.Date.Compare(b.Date), a.Entered.Compare(b.Entered), cmp.Compare(len(a.ID), len(b.ID)), strings.Compare(string(a.ID), string(b.ID)))
	})
	if diff := godiff.Diff(doses, got); diff != "" {
		t.Errorf("client %s: doses as read back (-want +got):\n%s", c.ID, diff)
	}
}

// TestProducts holds the products to the code tables.
func TestProducts(t *testing.T) {
	furnish()
	for _, p := range market {
		if _, ok := code.VaccineOf(p.cvx); !ok {
			t.Errorf("%s [%s] is no vaccine", p.cvx, p.trade)
		}
		named := func(o code.Product) bool { return o.TradeName == p.trade && o.MVX == p.maker }
		if p.trade != "" && !slices.ContainsFunc(code.ProductsOf(p.cvx), named) {
			t.Errorf("%s [%s] of %q is no product", p.cvx, p.trade, p.maker)
		}
		if len(p.packages) < len(units[p]) {
			t.Errorf("%s [%s]: an NDC of %v is no unit of use of it", p.cvx, p.trade, units[p])
		}
	}
	for _, cvx := range strange {
		if v, ok := code.VaccineOf(cvx); ok {
			t.Errorf("%s is in the table: %s", cvx, v.Short)
		}
	}
}

// TestHistoryShares counts what is in the histories.
func TestHistoryShares(t *testing.T) {
	people, doses, children, bare, adults, taking := 0, 0, 0, 0, 0, 0
	n := map[string]int{}
	for p := range Population(2, 20_000) {
		people++
		doses += len(p.Doses)
		given := slices.IndexFunc(p.Doses, iis.Dose.Given) >= 0
		if age := years(p.Client.BirthDate, Today); p.DuplicateOf == "" && age >= 2 && age < 18 {
			children++
			bare += b2i(!given)
		} else if p.DuplicateOf == "" && age >= 20 {
			adults++
			taking += b2i(given)
		}
		strangers := false
		for i, d := range p.Doses {
			n[string(d.Kind)]++
			n["owned by the home clinic"] += b2i(d.By == p.Memberships[0].Organization)
			n["subpotent"] += b2i(d.Subpotent)
			n["with reactions"] += b2i(d.Reactions != "")
			n["expired"] += b2i(!d.Expires.IsZero() && d.Expires.Before(d.Date))
			n["with an NDC"] += b2i(d.Product != "")
			n["combinations"] += b2i(len(code.GroupsOf(d.Vaccine)) > 1)
			v, _ := code.VaccineOf(d.Vaccine)
			n["unspecified"] += b2i(strings.Contains(v.Short, "unspecified"))
			strangers = strangers || slices.Contains(strange, d.Vaccine)
			for _, o := range p.Doses[:i] {
				if o.Date == d.Date && o.By != d.By && (o.Vaccine == d.Vaccine || unspecified(o.Vaccine) == d.Vaccine) && o.Given() && d.Given() {
					n["reported twice"]++
					break
				}
			}
		}
		n["people with a code nobody knows"] += b2i(strangers)
	}
	share := func(what string, of, all int, low, high float64) {
		t.Helper()
		if got := 100 * float64(of) / float64(all); got < low || got > high {
			t.Errorf("%s: %.2f %%, want %v to %v", what, got, low, high)
		}
	}
	share("doses to people", doses, people, 1200, 2600)
	share("children without any", bare, children, 1, 8)
	share("adults with some", taking, adults, 70, 99)
	share("people with a code nobody knows", n["people with a code nobody knows"], people, .2, 1.2)
	for _, test := range []struct {
		what      string
		low, high float64
	}{
		{string(iis.Administered), 35, 70},
		{string(iis.Historical), 30, 65},
		{string(iis.Refused), .1, 2},
		{"owned by the home clinic", 60, 95},
		{"reported twice", .3, 3},
		{"unspecified", 1, 10},
		{"combinations", 4, 20},
		{"with an NDC", 5, 50},
		{"subpotent", .05, .3},
		{"expired", .03, .2},
		{"with reactions", .01, .1},
	} {
		share(test.what, n[test.what], doses, test.low, test.high)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestGuideDoses compares the doses of the guide's own people with its screens.
func TestGuideDoses(t *testing.T) {
	var got []string
	people := map[iis.ClientID]Person{}
	for _, p := range GuidePeople() {
		people[p.Client.ID] = p
	}
	for _, d := range people[Rainbow].Doses {
		owned, hist := "No", "No"
		if d.OwnedBy(TestClinic) {
			owned = "Yes"
		}
		if d.Kind == iis.Historical {
			hist = "Yes"
		}
		got = append(got, d.Date.US()+" "+code.ProductLabel(d.Vaccine, d.TradeName)+" "+owned+" "+hist)
	}
	want := []string{
		"02/14/2015 Hep B, adolescent or pediatric [Engerix B-Peds] No Yes",
		"04/16/2015 DTaP-Hep B-IPV [Pediarix] No Yes",
		"06/16/2015 DTaP-Hep B-IPV [Pediarix] No Yes",
		"07/07/2015 DTaP, 5 pertussis antigens [Daptacel] Yes No",
		"08/20/2015 DTaP, 5 pertussis antigens [Daptacel] Yes No",
		"08/20/2015 DTaP, unspecified formulation No Yes",
		"02/13/2016 MMR [M-M-R II] No Yes",
		"05/02/2019 MMR [M-M-R II] Yes No",
	}
	if diff := godiff.Diff(want, got); diff != "" {
		t.Errorf("doses of %s (-want +got):\n%s", Rainbow, diff)
	}
	if n := len(people[ManyDoses].Doses); n != 60 {
		t.Errorf("%s has %d doses, want 60", ManyDoses, n)
	}
	var owners []iis.OrganizationID
	for _, d := range people[Don].Doses {
		owners = append(owners, d.By)
	}
	slices.Sort(owners)
	if diff := godiff.Diff([]iis.OrganizationID{RiversideClinic, TestClinic}, slices.Compact(owners)); diff != "" {
		t.Errorf("owners of the doses of %s (-want +got):\n%s", Don, diff)
	}
}

// TestLots: all who got a product at an organization in the same quarter of a
// year got it from one lot, and no two products share one.
func TestLots(t *testing.T) {
	furnish()
	a, expires := daptacel.lot(TestClinic, day(2015, 7, 7))
	b, _ := daptacel.lot(TestClinic, day(2015, 8, 20))
	c, _ := daptacel.lot(TestClinic, day(2015, 10, 1))
	d, _ := infanrix.lot(TestClinic, day(2015, 7, 7))
	if a != b || a == c || a == d {
		t.Errorf("lots = %s, %s, %s, %s, want the first two alike and the others not", a, b, c, d)
	}
	if next := expires.AddDays(1); next.Day != 1 || expires.Before(day(2016, time.June, 30)) {
		t.Errorf("lot expires on %s, want the last day of a month a year away", expires)
	}
}
