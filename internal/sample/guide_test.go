package sample

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

// TestGuidePeople compares the guide's people with its screens.
func TestGuidePeople(t *testing.T) {
	people := map[iis.ClientID]Person{}
	for _, p := range GuidePeople() {
		if _, twice := people[p.Client.ID]; twice {
			t.Errorf("two people with the ID %s", p.Client.ID)
		}
		people[p.Client.ID] = p
	}
	don := people["6714871"]
	var got []string
	c := don.Client
	got = append(got,
		"Last Updated by: "+string(c.UpdatedBy)+" on "+iis.DateOf(c.Updated).US(),
		c.Name.Last+", "+c.Name.First+" formerly "+don.Aliases[0].Name.Last,
		c.BirthDate.US()+" "+string(c.Gender),
		c.Address.Street+", "+c.Address.City+", "+c.Address.State+" "+c.Address.Zip+", "+c.Address.County,
		c.Phone+" "+c.AddressUpdated.US()+" "+don.Memberships[0].ChartNumber)
	for _, k := range don.Contacts {
		got = append(got, fmt.Sprint(k.Name.Last, " ", k.Name.First, " ", k.Relation.Label(), " ", k.Address.City, " ", k.Notices, " ", k.Primary))
	}
	for _, m := range append(slices.Clone(don.Comments), people["14883406"].Comments...) {
		got = append(got, m.Date.US()+" "+m.Code.Label())
	}
	want := []string{
		"Last Updated by: test-clinic on 01/11/2023",
		"DUCK, DON formerly DICK",
		"09/21/2009 M",
		"123 1ST ST SE, SAINT PAUL, MN 55112, RAMSEY",
		"555-555-5555 10/15/2021 12345678910",
		"DUCK DON Self SAINT PAUL true true",
		"HUEY DUCK Other Relative  false false",
		"DUCK DAISY Mother SAINT PAUL true false",
		"05/23/2022 Immunity: Titer Hepatitis B",
		"09/28/2022 Refusal of Influenza",
		"10/12/2022 Refusal of Hep B",
		"10/24/2022 Immunity: Titer/MD Dx Varicella or Zoster",
		"11/22/2022 Medical exemption: COVID-19",
		"04/01/2022 Refusal of Cholera",
		"11/04/2021 Refusal of Influenza",
		"03/17/2022 Immunity: Titer/MD Dx Varicella or Zoster",
		"01/01/2020 Immunity: Titer/MD Dx Mumps",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the guide's people (-want +got):\n%s", diff)
	}
	if don.Client.BirthDateLocked() || !people["14883406"].Client.BirthDateLocked() {
		t.Error("want the birth date of 6714871 open and that of 14883406 locked")
	}
}

func TestOrganizations(t *testing.T) {
	all := Organizations()
	if len(all) != 40 {
		t.Errorf("%d organizations, want 40", len(all))
	}
	ids := map[iis.OrganizationID]bool{}
	for _, o := range all {
		if ids[o.ID] {
			t.Errorf("two organizations %s", o.ID)
		}
		ids[o.ID] = true
	}
	for _, kind := range iis.OrgTypes {
		if !slices.ContainsFunc(all, func(o iis.Organization) bool { return o.Type == kind }) {
			t.Errorf("no organization of type %s", kind)
		}
	}
	for _, a := range Accounts() {
		for _, g := range a.Grants {
			if !ids[g.Organization] {
				t.Errorf("account %s works for %s, which is not there", a.User.UserName, g.Organization)
			}
		}
	}
}
