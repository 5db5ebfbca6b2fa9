package sample

import "strings"

// A heritage is a way of giving names, as common as in Minnesota. Which names
// are common in it is from general knowledge of published name counts; the
// lists are our own.
type heritage struct {
	share       float64
	last        func(draw) string
	boys, girls func(draw) string
	naming      naming
	race        string  // CDCREC; "" if any
	hispanic    bool    //
	newcomer    float64 // share of those grown up who were born abroad
	country     string  // where, ISO 3166-1 alpha-3
	jan1        float64 // share of those born abroad whose papers say January 1
}

// naming says how the last names of a family go together.
type naming int

const (
	familyName naming = iota // one for all; a spouse may keep the own one
	double                   // father's and mother's (García López)
	patronymic               // the last name is the grandfather's first name
	clanKept                 // a woman keeps her own name
	singleName               // one name, no other
)

var heritages = newHeritages()

func newHeritages() *table[*heritage] {
	kinds := []*heritage{
		{share: 56, last: commonLast, boys: commonBoy, girls: commonGirl},
		{share: 14, last: northernLast, boys: northernBoy, girls: northernGirl, race: "2106-3"},
		{share: 8, last: germanLast.draw, boys: commonBoy, girls: commonGirl, race: "2106-3"},
		{share: 2, last: slavicLast, boys: slavicBoys.draw, girls: slavicGirls.draw, race: "2106-3", newcomer: .5, country: "RUS"},
		{share: 6.5, last: hispanicLast.draw, boys: hispanicBoys.draw, girls: hispanicGirls.draw, naming: double, hispanic: true, newcomer: .45, country: "MEX"},
		{share: 3.5, last: hmongLast.draw, boys: hmongBoys.draw, girls: hmongGirls.draw, naming: clanKept, race: "2028-9", newcomer: .5, country: "LAO", jan1: .25},
		{share: 3, last: somaliMen.draw, boys: somaliMen.draw, girls: somaliWomen.draw, naming: patronymic, race: "2054-5", newcomer: .8, country: "SOM", jan1: .45},
		{share: 1, last: ethiopianMen.draw, boys: ethiopianMen.draw, girls: ethiopianWomen.draw, naming: patronymic, race: "2054-5", newcomer: .8, country: "ETH", jan1: .2},
		{share: 1.6, last: indianLast.draw, boys: indianBoys.draw, girls: indianGirls.draw, race: "2028-9", newcomer: .7, country: "IND"},
		{share: 1.4, last: vietnameseLast.draw, boys: vietnameseBoys.draw, girls: vietnameseGirls.draw, naming: clanKept, race: "2028-9", newcomer: .6, country: "VNM"},
		{share: .9, last: chineseLast.draw, boys: chineseBoys.draw, girls: chineseGirls.draw, naming: clanKept, race: "2028-9", newcomer: .6, country: "CHN"},
		{share: .8, last: karenNames, boys: karenNames, girls: karenNames, naming: singleName, race: "2028-9", newcomer: .8, country: "MMR", jan1: .4},
		{share: 1.2, last: ojibweLast.draw, boys: commonBoy, girls: commonGirl, race: "1002-5"},
		{share: .1, last: shortLast.draw, boys: commonBoy, girls: commonGirl},
	}
	weights := make([]float64, len(kinds))
	for i, k := range kinds {
		weights[i] = k.share
	}
	return newTable(kinds, weights)
}

func commonLast(d draw) string {
	// The census lists the names of nine people in ten; the tenth bears a name
	// that hardly anyone shares.
	if d.chance(.095) {
		return rareLast(d)
	}
	return census()["last"].draw(d)
}

// rareLast puts a name together, as rare names mostly are.
func rareLast(d draw) string {
	switch d.IntN(4) {
	case 0:
		return pick(d, germanStems) + pick(d, vowels) + pick(d, germanMiddles) + pick(d, germanEnds)
	case 1:
		return pick(d, slavicStems) + pick(d, slavicMiddles) + pick(d, slavicEnds)
	case 2:
		return pick(d, northernStems) + pick(d, northernMiddles) + pick(d, northernEnds)
	}
	return pick(d, romanceStems) + pick(d, vowels) + pick(d, romanceMiddles) + pick(d, romanceEnds)
}

func commonBoy(d draw) string {
	if d.chance(.45) {
		return census()["male"].draw(d)
	}
	return recentBoys.draw(d)
}

func commonGirl(d draw) string {
	if d.chance(.45) {
		return census()["female"].draw(d)
	}
	return recentGirls.draw(d)
}

func northernLast(d draw) string {
	if d.chance(.8) {
		return northernNames.draw(d)
	}
	return pick(d, northernStems) + pick(d, northernEnds)
}

func northernBoy(d draw) string {
	if d.chance(.15) {
		return pick(d, northernBoys)
	}
	return commonBoy(d)
}

func northernGirl(d draw) string {
	if d.chance(.15) {
		return pick(d, northernGirls)
	}
	return commonGirl(d)
}

func slavicLast(d draw) string {
	if d.chance(.5) {
		return slavicNames.draw(d)
	}
	return pick(d, slavicStems) + pick(d, slavicMiddles) + pick(d, slavicEnds)
}

// karenNames are given as one to three words of which none is a family's.
func karenNames(d draw) string {
	s := pick(d, karenWords)
	for d.chance(.55) && strings.Count(s, " ") < 2 {
		s += " " + pick(d, karenWords)
	}
	return s
}

// alike pairs first names that differ in a letter or two, as those of some
// twins do.
var alike = map[bool][][2]string{
	true: {{"Jayden", "Kayden"}, {"Aiden", "Caden"}, {"Brian", "Bryan"}, {"Eric", "Erik"}, {"Hasan", "Husan"},
		{"Tou", "Toua"}, {"Jon", "John"}, {"Logan", "Landon"}, {"Mohamed", "Mohamud"}, {"Evan", "Ethan"}},
	false: {{"Ella", "Emma"}, {"Madison", "Madelyn"}, {"Mia", "Maia"}, {"Anna", "Hanna"}, {"Mai", "May"},
		{"Kaylee", "Kylee"}, {"Hodan", "Hoden"}, {"Lily", "Lila"}, {"Isabel", "Isabella"}, {"Ayan", "Ayaan"}},
}
