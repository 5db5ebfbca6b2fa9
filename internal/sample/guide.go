package sample

import (
	"time"

	"openiis.org/iis"
)

// The registry IDs of the guide's own people and of those made for try-outs.
const (
	Don     iis.ClientID = "6714871"
	Rainbow iis.ClientID = "14883406"

	LockedHere      iis.ClientID = "5200101" // to Test Clinic
	LockedElsewhere iis.ClientID = "5200102" // to Riverside Clinic
	Dead            iis.ClientID = "5200103"
	OfTwoClinics    iis.ClientID = "5200104" // with a chart number at each
	SameNameElder   iis.ClientID = "5200105" // same name as the next, other birth date
	SameNameYounger iis.ClientID = "5200106"
	Father          iis.ClientID = "5200107" // same name as his son but for the suffix
	Son             iis.ClientID = "5200108"
	OneName         iis.ClientID = "5200109"
	BadAddress      iis.ClientID = "5200110" // address undeliverable, former one on file
	AtSchool        iis.ClientID = "5200111" // of Lincoln Elementary School and Riverside Clinic
	InactiveHere    iis.ClientID = "5200112"
	TwinOne         iis.ClientID = "5200113"
	TwinTwo         iis.ClientID = "5200114"

	ManyDoses       iis.ClientID = "5200115" // sixty of them
	InfantDue       iis.ClientID = "5200116" // two months old
	Grown           iis.ClientID = "5200117" // an adult with the vaccines of adults
	UpToDate        iis.ClientID = "5200118" // nothing is due
	TooEarly        iis.ClientID = "5200119" // some doses, a few within the days of grace
	Contraindicated iis.ClientID = "5200120" // by a comment
	BloodProduct    iis.ClientID = "5200121" // live vaccines wait for it to be over
)

// GuidePeople returns the people of the guide "Managing Clients in MIIC" with
// the values its screens show, and those made by hand for try-outs. Where the
// guide leaves a field blank it is blank here.
func GuidePeople() []Person {
	furnish()
	people := append([]Person{don(), rainbow()}, tryOuts()...)
	people = append(people, historyPeople()...)
	for i := range people {
		inOrder(people[i].Doses)
	}
	return people
}

// don is the client of the guide's first half. His telephone is not a number
// that could be entered today: what is stored stays (guide 25).
func don() Person {
	c := iis.Client{
		ID: Don, Version: 2, Name: iis.Name{Last: "DUCK", First: "DON"}, Gender: iis.Male, BirthDate: day(2009, 9, 21),
		Address:        iis.Address{Street: "123 1ST ST SE", City: "SAINT PAUL", State: "MN", Zip: "55112", County: "RAMSEY"},
		AddressUpdated: day(2021, 10, 15), Phone: "555-555-5555",
		Created: at(2021, 10, 15), Updated: at(2023, 1, 11), UpdatedBy: TestClinic,
	}
	return Person{
		Client:      c,
		Memberships: []iis.Membership{member(TestClinic, "12345678910", day(2021, 10, 15))},
		Aliases: []iis.Alias{{ID: "a1", Name: iis.Name{Last: "DICK", First: "DON"}, BirthDate: c.BirthDate,
			Until: c.Updated, By: TestClinic}},
		Contacts: []iis.Contact{
			{ID: "c1", Position: 1, Name: iis.Name{Last: "DUCK", First: "DON"}, Relation: iis.Self, Phone: c.Phone,
				Address: c.Address, Notices: true, Primary: true},
			{ID: "c2", Position: 2, Name: iis.Name{Last: "HUEY", First: "DUCK"}, Relation: iis.OtherRelative},
			{ID: "c3", Position: 3, Name: iis.Name{Last: "DUCK", First: "DAISY"}, Relation: iis.Mother,
				Address: c.Address, Notices: true},
		},
		Comments: said(
			remarkOn("Immunity: Titer Hepatitis B", day(2022, 5, 23)),
			remarkOn("Refusal of Influenza", day(2022, 9, 28)),
			remarkOn("Refusal of Hep B", day(2022, 10, 12)),
			remarkOn("Immunity: Titer/MD Dx Varicella or Zoster", day(2022, 10, 24)),
			remarkOn("Medical exemption: COVID-19", day(2022, 11, 22)),
		),
		Doses: donsDoses(c.BirthDate),
	}
}

// rainbow is the client of the guide's second half. Her zip code has four
// digits, as there; a birth certificate number is on file, so that her birth
// date is locked (guide 23) where Don's is not.
func rainbow() Person {
	return Person{
		Client: iis.Client{
			ID: Rainbow, Version: 1, Name: iis.Name{Last: "BRIGHT", First: "RAINBOW", Middle: "FANCYPANTS"},
			Gender: iis.UnknownGender, BirthDate: day(2015, 2, 14), BirthCountry: "USA", BirthCertificate: "2015-008127",
			MotherMaidenLast: "UNICORN",
			Address:          iis.Address{Street: "1625 CLOUDNINE DRIVE", City: "PEGASUS", State: "MN", Zip: "5000"},
			AddressUpdated:   day(2020, 1, 1), Phone: "651-201-4629",
			Created: at(2015, 6, 16), Updated: at(2022, 4, 1), UpdatedBy: TestClinic,
		},
		Memberships: []iis.Membership{member(TestClinic, "12345678910", day(2015, 6, 16))},
		Comments: said(
			remarkOn("Refusal of Cholera", day(2022, 4, 1)),
			remarkOn("Refusal of Influenza", day(2021, 11, 4)),
			remarkOn("Immunity: Titer/MD Dx Varicella or Zoster", day(2022, 3, 17)),
			remarkOn("Immunity: Titer/MD Dx Mumps", day(2020, 1, 1)),
		),
		Doses: rainbowsDoses(day(2015, 2, 14)),
	}
}

// tryOuts are clients on whom each rule can be tried.
func tryOuts() []Person {
	here, there := member(TestClinic, "", day(2024, 3, 4)), member(RiversideClinic, "", day(2024, 3, 4))
	lockedHere := by(TestClinic, LockedHere, "Private", "Petra", iis.Female, day(1994, 6, 3))
	lockedHere.Client.LockedTo = TestClinic
	lockedHere.Memberships = []iis.Membership{charted(here, "LOCK-1"), there}

	lockedElsewhere := by(RiversideClinic, LockedElsewhere, "Secret", "Selma", iis.Female, day(1988, 12, 9))
	lockedElsewhere.Client.LockedTo = RiversideClinic
	lockedElsewhere.Memberships = []iis.Membership{charted(there, "LOCK-2"), here}

	dead := by(TestClinic, Dead, "Gone", "George", iis.Male, day(1941, 2, 2))
	dead.Memberships = []iis.Membership{charted(here, "DEAD-1")}
	dead.Client.Death = iis.Death{Date: day(2025, 8, 19), Source: "Family", Recorded: at(2025, 8, 25), By: TestClinic}

	both := by(TestClinic, OfTwoClinics, "Both", "Beatrix", iis.Female, day(2012, 7, 30))
	both.Memberships = []iis.Membership{charted(here, "TC-4711"), charted(there, "RC-0815")}

	elder := by(TestClinic, SameNameElder, "Anderson", "Emma", iis.Female, day(2011, 5, 17))
	elder.Memberships = []iis.Membership{charted(here, "EMMA-1")}
	younger := by(TestClinic, SameNameYounger, "Anderson", "Emma", iis.Female, day(2013, 11, 28))
	younger.Client.Address = iis.Address{Street: "77 River Rd", City: "Winona", State: "MN", Zip: "55987", County: "WINONA"}
	younger.Memberships = []iis.Membership{charted(here, "EMMA-2"), there}

	father := by(TestClinic, Father, "O'Brien", "Patrick", iis.Male, day(1979, 3, 17))
	father.Client.Name.Suffix = "SR"
	father.Memberships = []iis.Membership{charted(here, "PAT-1")}
	son := by(TestClinic, Son, "O'Brien", "Patrick", iis.Male, day(2010, 3, 17))
	son.Client.Name.Suffix = "JR"
	son.Memberships = []iis.Membership{charted(here, "PAT-2")}

	one := by(RiversideClinic, OneName, "Htoo", "", iis.Male, day(1996, 1, 1))
	one.Client.BirthCountry = "MMR"
	one.Memberships = []iis.Membership{charted(there, "HTOO-1"), here}

	bad := by(TestClinic, BadAddress, "Lindström-Nuñez", "Zoë", iis.Female, day(2016, 2, 29))
	bad.Client.Undeliverable = true
	bad.Memberships = []iis.Membership{charted(here, "ZOE-1")}
	bad.Contacts = []iis.Contact{{ID: "c1", Position: 1, Name: bad.Client.Name, Relation: iis.Self, Former: day(2022, 9, 1),
		Address: iis.Address{Street: "9 Old Mill Ln", City: "Duluth", State: "MN", Zip: "55803", County: "ST. LOUIS"}}}

	pupil := by(RiversideClinic, AtSchool, "Vang", "Mai See", iis.Female, day(2018, 9, 9))
	pupil.Memberships = []iis.Membership{charted(there, "VANG-1"), member(LincolnSchool, "", day(2024, 9, 1))}

	inactive := by(RiversideClinic, InactiveHere, "Moved", "Maria", iis.Female, day(1990, 10, 10))
	left := charted(here, "MOVED-1")
	left.Status, left.Reason = iis.Inactive, "M"
	inactive.Memberships = []iis.Membership{left, charted(there, "MOVED-2")}

	twins := []Person{
		by(TestClinic, TwinOne, "Warsame", "Ayan", iis.Female, day(2020, 4, 5)),
		by(TestClinic, TwinTwo, "Warsame", "Ayaan", iis.Female, day(2020, 4, 5)),
	}
	for i := range twins {
		twins[i].Client.MotherMaidenLast, twins[i].Client.MotherFirst = "Jama", "Hodan"
		twins[i].Client.BirthCertificate = certificate(2020, 20411+i)
		twins[i].Memberships = []iis.Membership{charted(here, "TWIN-"+string(rune('1'+i)))}
		twins[i].Twin = []iis.ClientID{TwinTwo, TwinOne}[i]
	}
	return append([]Person{lockedHere, lockedElsewhere, dead, both, elder, younger, father, son, one, bad, pupil, inactive}, twins...)
}

// by begins a person whom an organization last updated.
func by(org iis.OrganizationID, id iis.ClientID, last, first string, g iis.Gender, born iis.Date) Person {
	return Person{Client: iis.Client{
		ID: id, Version: 1, Name: iis.Name{Last: last, First: first}, Gender: g, BirthDate: born, BirthCountry: "USA",
		Address:        iis.Address{Street: string(id[4:]) + " Sample St", City: "Saint Paul", State: "MN", Zip: "55101", County: "RAMSEY"},
		AddressUpdated: latest(day(2019, 5, 6), born), Phone: "651-201-" + string("40"+id[5:]),
		Created: at(2024, 3, 4), Updated: at(2026, 2, 3), UpdatedBy: org,
	}}
}

func member(org iis.OrganizationID, chart string, since iis.Date) iis.Membership {
	return iis.Membership{Organization: org, ChartNumber: chart, Status: iis.Active, Reminders: true, Since: since, OnFile: true}
}

func charted(m iis.Membership, chart string) iis.Membership {
	m.ChartNumber = chart
	return m
}

func remarkOn(label string, d iis.Date) iis.Comment {
	return iis.Comment{Code: commented(label), Date: d, By: TestClinic, Entered: at(d.Year, d.Month, d.Day)}
}

func said(comments ...iis.Comment) []iis.Comment {
	for i := range comments {
		comments[i].ID = iis.CommentID("k" + string(rune('1'+i)))
	}
	return comments
}

func day(y int, m time.Month, d int) iis.Date { return iis.Date{Year: y, Month: m, Day: d} }

// at is an instant in the afternoon of a day, the same day in every zone of the
// country.
func at(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 18, 30, 0, 0, time.UTC) }
