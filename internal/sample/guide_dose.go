package sample

import (
	"openiis.org/iis"
)

// gave are doses that an organization gave on a day from its own stock, to
// someone born on a day.
func gave(by iis.OrganizationID, born, on iis.Date, products ...*product) []iis.Dose {
	doses := make([]iis.Dose, len(products))
	for i, p := range products {
		doses[i] = p.stocked(by, on, years(born, on), i)
		doses[i].GivenBy, doses[i].Entered = "R. Nurse, RN", at(on.Year, on.Month, on.Day)
	}
	return doses
}

// copied are doses that an organization recorded from what another told it, some
// weeks after they were given.
func copied(by iis.OrganizationID, on iis.Date, products ...*product) []iis.Dose {
	doses := make([]iis.Dose, len(products))
	entered := earliest(on.AddDays(45), Today)
	for i, p := range products {
		doses[i] = iis.Dose{Kind: iis.Historical, Date: on, By: by, Vaccine: p.cvx, TradeName: p.trade, Maker: p.maker,
			Source: "02", Entered: at(entered.Year, entered.Month, entered.Day)}
	}
	return doses
}

// all puts doses in one list.
func all(lists ...[]iis.Dose) []iis.Dose {
	var doses []iis.Dose
	for _, l := range lists {
		doses = append(doses, l...)
	}
	return doses
}

// donsDoses are a few of Test Clinic's, most of them copied when he came there,
// and a flu shot that Riverside Clinic gave.
func donsDoses(born iis.Date) []iis.Dose {
	doses := all(
		copied(TestClinic, day(2009, 11, 23), pentacel, prevnar7),
		copied(TestClinic, day(2010, 1, 25), pentacel, prevnar7),
		copied(TestClinic, day(2010, 3, 29), pentacel),
		copied(TestClinic, day(2010, 9, 27), mmr2),
		copied(TestClinic, day(2014, 8, 11), kinrix, mmr2),
		gave(RiversideClinic, born, day(2019, 10, 8), fluQuad),
		gave(TestClinic, born, day(2021, 10, 15), adacel, menveo, gardasil9),
		gave(TestClinic, born, day(2022, 5, 23), gardasil9),
	)
	for i := range doses {
		if doses[i].Kind == iis.Historical {
			doses[i].Entered = at(2021, 10, 15)
		}
	}
	return doses
}

// rainbowsDoses have the DTaP dose of 06/16/2015 that the guide shows, and around
// it a combination vaccine, a dose three days too early, one that two
// organizations report, and an MMR dose on the day before the first birthday.
func rainbowsDoses(born iis.Date) []iis.Dose {
	vague := iis.Dose{Kind: iis.Historical, Date: day(2015, 8, 20), Vaccine: "107", By: RiversideClinic, Source: "02", Entered: at(2015, 9, 3)}
	return all(
		copied(RiversideClinic, born, engerixPeds),
		copied(RiversideClinic, day(2015, 4, 16), pediarix),
		copied(RiversideClinic, day(2015, 6, 16), pediarix),
		gave(TestClinic, born, day(2015, 7, 7), daptacel),
		gave(TestClinic, born, day(2015, 8, 20), daptacel), []iis.Dose{vague},
		copied(RiversideClinic, day(2016, 2, 13), mmr2),
		gave(TestClinic, born, day(2019, 5, 2), mmr2),
	)
}

// historyPeople returns people with histories to look at. Each is as it says on
// Today.
func historyPeople() []Person {
	here := member(TestClinic, "", day(2024, 3, 4))
	person := func(id iis.ClientID, last, first string, g iis.Gender, born iis.Date, chart string) Person {
		p := by(TestClinic, id, last, first, g, born)
		p.Client.Created = at(born.Year, born.Month, born.Day)
		p.Memberships = []iis.Membership{charted(here, chart)}
		p.Memberships[0].Since = latest(day(2024, 3, 4), born)
		return p
	}

	many := person(ManyDoses, "Longfile", "Dolores", iis.Female, day(2006, 3, 12), "LONG-1")
	many.Doses = manyDoses(many.Client.BirthDate)

	infant := person(InfantDue, "Newcomer", "Nils", iis.Male, day(2026, 9, 1), "NILS-1")
	infant.Client.Updated = infant.Client.Created
	infant.Doses = copied(TestClinic, day(2026, 9, 1), engerixPeds)
	infant.Doses[0].Provider = "Sample General Hospital"

	grown := person(Grown, "Middleton", "Marge", iis.Female, day(1958, 6, 24), "MARGE-1")
	grown.Doses = all(
		copied(TestClinic, day(1996, 8, 13), td),
		copied(TestClinic, day(2006, 9, 5), td),
		gave(TestClinic, grown.Client.BirthDate, day(2016, 10, 4), boostrix, fluarixQuad),
		copied(RiversideClinic, day(2018, 7, 2), shingrix),
		copied(RiversideClinic, day(2018, 10, 9), shingrix),
		copied(TestClinic, day(2021, 3, 20), pfizer),
		copied(TestClinic, day(2021, 4, 12), pfizer),
		gave(TestClinic, grown.Client.BirthDate, day(2023, 7, 5), prevnar20),
		gave(TestClinic, grown.Client.BirthDate, day(2025, 10, 14), fluad3, spikevax),
	)

	current := person(UpToDate, "Currie", "Callum", iis.Male, day(2020, 5, 20), "CAL-1")
	current.Doses = everything(current.Client.BirthDate)

	early := person(TooEarly, "Sooner", "Erin", iis.Female, day(2022, 4, 10), "ERIN-1")
	early.Doses = tooEarly(early.Client.BirthDate)

	allergic := person(Contraindicated, "Sneed", "Alma", iis.Female, day(2024, 1, 15), "ALMA-1")
	allergic.Doses = all(
		gave(TestClinic, allergic.Client.BirthDate, day(2024, 3, 18), vaxelis, prevnar20, rotarix),
		gave(TestClinic, allergic.Client.BirthDate, day(2024, 5, 20), vaxelis, prevnar20, rotarix),
		gave(TestClinic, allergic.Client.BirthDate, day(2025, 1, 20), mmr2, varivax, havrix),
	)
	allergic.Doses[6].Reactions = "39579001"
	allergic.Comments = said(remarkOn("Severe allergic reaction to neomycin", day(2025, 1, 20)))

	transfused := person(BloodProduct, "Plasman", "Theo", iis.Male, day(2025, 9, 15), "THEO-1")
	born := transfused.Client.BirthDate
	transfused.Doses = all(
		copied(TestClinic, born, engerixPeds),
		gave(TestClinic, born, day(2025, 11, 17), vaxelis, prevnar20, rotarix),
		gave(TestClinic, born, day(2026, 1, 19), vaxelis, prevnar20, rotarix),
		gave(TestClinic, born, day(2026, 3, 16), vaxelis, prevnar20),
	)
	transfused.Comments = said(remarkOn("Packed RBC blood transfusion", day(2026, 8, 3)))

	return []Person{many, infant, grown, current, early, allergic, transfused}
}

// everything is all that a child of six years can have had by the schedule of
// its time.
func everything(born iis.Date) []iis.Dose {
	doses := all(
		copied(TestClinic, born, engerixPeds),
		gave(TestClinic, born, born.AddMonths(2), pediarix, actHib, prevnar13, rotarix),
		gave(TestClinic, born, born.AddMonths(4), pediarix, actHib, prevnar13, rotarix),
		gave(TestClinic, born, born.AddMonths(6).AddDays(2), pediarix, actHib, prevnar13),
		gave(TestClinic, born, born.AddMonths(12).AddDays(3), mmr2, varivax, havrix, prevnar13),
		gave(TestClinic, born, born.AddMonths(15).AddDays(5), infanrix, actHib),
		gave(TestClinic, born, born.AddMonths(18).AddDays(8), havrix),
		gave(TestClinic, born, born.AddMonths(48).AddDays(6), kinrix, proQuad),
	)
	for year := born.Year; year <= Today.Year; year++ {
		d := day(year, 10, 9)
		p := one(d, flu3, fluQuad)
		if d.Before(born.AddMonths(6)) {
			continue
		}
		doses = append(doses, gave(TestClinic, born, d, p)...)
		if d.Before(born.AddMonths(18)) {
			doses = append(doses, gave(TestClinic, born, d.AddDays(31), p)...)
		}
	}
	return append(doses, gave(TestClinic, born, day(2026, 10, 9), comirnaty5)...)
}

// tooEarly is a history in which some doses come within the days of grace and
// some before.
func tooEarly(born iis.Date) []iis.Dose {
	return all(
		copied(TestClinic, born, engerixPeds),
		gave(TestClinic, born, born.AddDays(40), pediarix, actHib, prevnar13), // six weeks less two days
		gave(TestClinic, born, born.AddDays(58), pediarix, actHib),            // 18 days later
		gave(TestClinic, born, born.AddDays(90), pediarix, actHib, prevnar13),
		gave(TestClinic, born, born.AddDays(190), pediarix, actHib, prevnar20),
		gave(TestClinic, born, born.AddMonths(11), mmr2, varivax),             // a month before the first birthday
		gave(TestClinic, born, born.AddMonths(12).AddDays(-4), vaqta, actHib), // the last day of grace
		gave(TestClinic, born, born.AddMonths(13), mmr2),
		gave(TestClinic, born, born.AddMonths(15), vaqta, infanrix, prevnar20),
	)
}

// manyDoses are sixty doses of a childhood and of what came after, as a page must
// be able to show them.
func manyDoses(born iis.Date) []iis.Dose {
	doses := all(
		copied(RiversideClinic, born, engerixPeds),
		gave(TestClinic, born, born.AddMonths(2), pediarix, actHib, prevnar7, rotaTeq),
		gave(TestClinic, born, born.AddMonths(4), pediarix, actHib, prevnar7, rotaTeq),
		gave(TestClinic, born, born.AddMonths(6), pediarix, actHib, prevnar7, rotaTeq),
		gave(TestClinic, born, born.AddMonths(12).AddDays(4), mmr2, varivax, havrix, prevnar7),
		gave(TestClinic, born, born.AddMonths(15).AddDays(9), infanrix, actHib),
		gave(TestClinic, born, born.AddMonths(19), havrix),
		copied(RiversideClinic, born.AddMonths(49), kinrix, mmr2, varivax),
		gave(TestClinic, born, born.AddMonths(133), adacel, menveo, gardasil9),
		gave(TestClinic, born, born.AddMonths(140), gardasil9),
		gave(TestClinic, born, born.AddMonths(146), gardasil9),
		gave(TestClinic, born, born.AddMonths(193), menveo, bexsero),
		gave(TestClinic, born, born.AddMonths(200), bexsero),
		copied(RiversideClinic, day(2021, 5, 20), pfizer),
		copied(RiversideClinic, day(2021, 6, 11), pfizer),
		copied(RiversideClinic, day(2022, 1, 8), pfizer),
		copied(RiversideClinic, day(2022, 10, 1), bivalent),
		gave(TestClinic, born, day(2023, 10, 3), comirnaty),
		gave(TestClinic, born, day(2024, 10, 1), comirnaty),
		gave(TestClinic, born, day(2025, 10, 2), comirnaty),
		gave(TestClinic, born, day(2006, 11, 16), fluOld),
	)
	for year := 2006; year <= Today.Year; year++ {
		d := day(year, 10, 12)
		doses = append(doses, gave([]iis.OrganizationID{TestClinic, RiversideClinic}[year%2], born, d, one(d, flu3, fluQuad, fluOld))...)
	}
	return doses
}
