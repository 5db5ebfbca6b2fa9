package sample

import (
	"strconv"

	"openiis.org/iis"
)

// town is a place in Minnesota, its county and some of its zip codes, drawn as
// often as its share of the people says.
type town struct {
	name, county string
	share        float64
	area         string // telephone area codes
	zips         []int
}

var towns = newTowns([]town{
	{"Minneapolis", "HENNEPIN", 43, "612", []int{55401, 55404, 55406, 55407, 55408, 55409, 55411, 55412, 55414, 55417, 55418, 55419}},
	{"Saint Paul", "RAMSEY", 31, "651", []int{55101, 55102, 55103, 55104, 55105, 55106, 55107, 55116, 55117, 55119, 55130}},
	{"Rochester", "OLMSTED", 12, "507", []int{55901, 55902, 55904, 55906}},
	{"Duluth", "ST. LOUIS", 9, "218", []int{55802, 55803, 55804, 55805, 55806, 55807, 55811, 55812}},
	{"Bloomington", "HENNEPIN", 9, "952", []int{55420, 55425, 55431, 55437, 55438}},
	{"Brooklyn Park", "HENNEPIN", 8, "763", []int{55428, 55443, 55444, 55445}},
	{"Plymouth", "HENNEPIN", 8, "763", []int{55441, 55442, 55446, 55447}},
	{"Woodbury", "WASHINGTON", 8, "651", []int{55125, 55129}},
	{"Saint Cloud", "STEARNS", 7, "320", []int{56301, 56303, 56304}},
	{"Lakeville", "DAKOTA", 7, "952", []int{55044}},
	{"Blaine", "ANOKA", 7, "763", []int{55434, 55449}},
	{"Maple Grove", "HENNEPIN", 7, "763", []int{55311, 55369}},
	{"Eagan", "DAKOTA", 7, "651", []int{55121, 55122, 55123}},
	{"Burnsville", "DAKOTA", 6.5, "952", []int{55306, 55337}},
	{"Coon Rapids", "ANOKA", 6.4, "763", []int{55433, 55448}},
	{"Eden Prairie", "HENNEPIN", 6.4, "952", []int{55344, 55346, 55347}},
	{"Apple Valley", "DAKOTA", 5.6, "952", []int{55124}},
	{"Minnetonka", "HENNEPIN", 5.4, "952", []int{55305, 55343, 55345}},
	{"Edina", "HENNEPIN", 5.3, "952", []int{55410, 55424, 55435, 55436, 55439}},
	{"St. Louis Park", "HENNEPIN", 5, "952", []int{55416, 55426}},
	{"Shakopee", "SCOTT", 4.6, "952", []int{55379}},
	{"Mankato", "BLUE EARTH", 4.5, "507", []int{56001, 56003}},
	{"Moorhead", "CLAY", 4.4, "218", []int{56560}},
	{"Maplewood", "RAMSEY", 4, "651", []int{55109}},
	{"Cottage Grove", "WASHINGTON", 4, "651", []int{55016}},
	{"Richfield", "HENNEPIN", 3.7, "612", []int{55423}},
	{"Brooklyn Center", "HENNEPIN", 3.3, "763", []int{55429, 55430}},
	{"Owatonna", "STEELE", 2.7, "507", []int{55060}},
	{"Winona", "WINONA", 2.6, "507", []int{55987}},
	{"Austin", "MOWER", 2.6, "507", []int{55912}},
	{"Faribault", "RICE", 2.4, "507", []int{55021}},
	{"Elk River", "SHERBURNE", 2.6, "763", []int{55330}},
	{"Willmar", "KANDIYOHI", 2.1, "320", []int{56201}},
	{"Albert Lea", "FREEBORN", 1.8, "507", []int{56007}},
	{"Hibbing", "ST. LOUIS", 1.6, "218", []int{55746}},
	{"Bemidji", "BELTRAMI", 1.5, "218", []int{56601}},
	{"Brainerd", "CROW WING", 1.4, "218", []int{56401}},
	{"Worthington", "NOBLES", 1.4, "507", []int{56187}},
	{"Marshall", "LYON", 1.4, "507", []int{56258}},
	{"Fergus Falls", "OTTER TAIL", 1.4, "218", []int{56537}},
	{"Grand Rapids", "ITASCA", 1.1, "218", []int{55744}},
	{"Thief River Falls", "PENNINGTON", .9, "218", []int{56701}},
	{"International Falls", "KOOCHICHING", .6, "218", []int{56649}},
	{"Red Lake", "BELTRAMI", .5, "218", []int{56671}},
	{"Grand Marais", "COOK", .3, "218", []int{55604}},
})

func newTowns(list []town) *table[*town] {
	values := make([]*town, len(list))
	weights := make([]float64, len(list))
	for i := range list {
		values[i], weights[i] = &list[i], list[i].share
	}
	return newTable(values, weights)
}

var (
	streetNames = ranked("Main", "Oak", "Maple", "2nd", "3rd", "1st", "4th", "Park", "5th", "Pine", "6th", "Cedar", "Elm", "7th",
		"Lake", "8th", "Washington", "9th", "Lincoln", "10th", "Birch", "Willow", "Hillside", "11th", "12th", "Portland", "Grand",
		"Summit", "Como", "Lyndale", "Nicollet", "Chicago", "Bloomington", "Cedar Lake", "Jefferson", "Franklin", "University",
		"Snelling", "Dale", "Rice", "Arlington", "Maryland", "White Bear", "Johnson", "Central", "Xerxes", "Penn", "Fremont",
		"Emerson", "Humboldt", "Hiawatha", "Minnehaha", "Prairie", "County Road 10", "County Road 42", "Highway 61", "River",
		"Riverside", "Bluff", "Sunset", "Valley View", "Fox Run", "Deer", "Heron", "Loon Lake", "Pheasant", "St. Croix", "O'Neill",
		"Wildwood", "Woodland", "Meadow", "Timber Ridge", "Eagle Creek", "Sandstone", "Granite", "Agate", "Juniper", "Aspen")
	streetKinds  = newTable([]string{"St", "Ave", "Rd", "Ln", "Dr", "Ct", "Blvd", "Way", "Cir", "Trl"}, []float64{30, 30, 8, 8, 10, 5, 3, 3, 2, 1})
	streetSides  = newTable([]string{"", " N", " S", " E", " W", " NE", " SE", " NW", " SW"}, []float64{45, 8, 10, 8, 8, 6, 5, 5, 5})
	homeNumbers  = 9899
	otherLines   = newTable([]string{"Apt ", "Unit ", "Lot ", "#"}, []float64{70, 20, 4, 6})
	otherStates  = []elsewhere{{"Fargo", "ND", "CASS", "58102"}, {"Superior", "WI", "DOUGLAS", "54880"}, {"Hudson", "WI", "ST. CROIX", "54016"}, {"La Crosse", "WI", "LA CROSSE", "54601"}, {"Sioux Falls", "SD", "MINNEHAHA", "57104"}, {"Mason City", "IA", "CERRO GORDO", "50401"}}
	bornInStates = .82 // share of those born in the country who were born in Minnesota
)

type elsewhere struct{ city, state, county, zip string }

// address draws where a household lives.
func (d draw) address(t *town) iis.Address {
	if d.chance(.012) {
		e := pick(d, otherStates)
		return iis.Address{Street: d.street(), City: e.city, State: e.state, Zip: e.zip, County: e.county}
	}
	a := iis.Address{City: t.name, State: "MN", County: t.county, Zip: strconv.Itoa(pick(d, t.zips))}
	if d.chance(.025) {
		a.POBox = strconv.Itoa(d.between(1, 3000))
		return a
	}
	a.Street = d.street()
	if d.chance(.2) {
		a.Other = otherLines.draw(d) + strconv.Itoa(d.between(1, 420))
	}
	if d.chance(.04) {
		a.Zip += "-" + strconv.Itoa(d.between(1000, 9999))
	}
	return a
}

func (d draw) street() string {
	return strconv.Itoa(d.between(1, homeNumbers)) + " " + streetNames.draw(d) + " " + streetKinds.draw(d) + streetSides.draw(d)
}

// phone draws a number that could be given out: no exchange of services, none
// of the numbers reserved for fiction.
func (d draw) phone(t *town) string {
	exchange := d.between(220, 989)
	for exchange%100 == 11 || exchange == 555 {
		exchange = d.between(220, 989)
	}
	b := make([]byte, 0, 12)
	b = append(b, t.area...)
	b = append(b, '-')
	b = strconv.AppendInt(b, int64(exchange), 10)
	b = append(b, '-')
	line := d.IntN(10000)
	return string(append(b, byte('0'+line/1000), byte('0'+line/100%10), byte('0'+line/10%10), byte('0'+line%10)))
}
