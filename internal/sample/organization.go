package sample

import "openiis.org/iis"

// The organizations that try-outs name.
const (
	TestClinic       iis.OrganizationID = "test-clinic"
	RiversideClinic  iis.OrganizationID = "riverside-clinic"
	LincolnSchool    iis.OrganizationID = "lincoln-elementary-school"
	RegistryHelpDesk iis.OrganizationID = "registry-help-desk"
)

// Organizations lists the forty organizations of the demonstration, at least
// one of every type.
func Organizations() []iis.Organization {
	out := make([]iis.Organization, len(organizations))
	for i, o := range organizations {
		out[i] = iis.Organization{ID: o.id, Name: o.name, Type: o.kind, City: o.city, Active: true}
	}
	return out
}

// site is an organization and its share of the population: of those who have a
// home clinic, of those who go to school, and so on by type.
type site struct {
	id    iis.OrganizationID
	name  string
	kind  iis.OrgType
	city  string
	share float64
}

var organizations = []site{
	{TestClinic, "Test Clinic", iis.Clinic, "Saint Paul", 8},
	{RiversideClinic, "Riverside Clinic", iis.Clinic, "Minneapolis", 7},
	{"lakeview-pediatrics", "Lakeview Pediatrics", iis.Clinic, "Duluth", 4},
	{"north-star-family-medicine", "North Star Family Medicine", iis.Clinic, "Saint Cloud", 5},
	{"prairie-clinic", "Prairie Clinic", iis.Clinic, "Worthington", 3},
	{"oak-grove-family-practice", "Oak Grove Family Practice", iis.Clinic, "Rochester", 5},
	{"hiawatha-childrens-clinic", "Hiawatha Children's Clinic", iis.Clinic, "Minneapolis", 6},
	{"red-river-medical-group", "Red River Medical Group", iis.Clinic, "Moorhead", 3},
	{"bluff-country-clinic", "Bluff Country Clinic", iis.Clinic, "Winona", 3},
	{"cedar-valley-clinic", "Cedar Valley Clinic", iis.Clinic, "Austin", 2},
	{"east-side-community-clinic", "East Side Community Clinic", iis.PublicClinic, "Saint Paul", 5},
	{"phillips-community-clinic", "Phillips Community Clinic", iis.PublicClinic, "Minneapolis", 5},
	{"harbor-light-health-center", "Harbor Light Health Center", iis.PublicClinic, "Duluth", 2},
	{"sample-general-hospital", "Sample General Hospital", iis.Hospital, "Minneapolis", 6},
	{"capitol-hospital", "Capitol Hospital", iis.Hospital, "Saint Paul", 5},
	{"iron-range-hospital", "Iron Range Hospital", iis.Hospital, "Hibbing", 3},
	{"mill-city-pharmacy", "Mill City Pharmacy", iis.Pharmacy, "Minneapolis", 6},
	{"grand-avenue-pharmacy", "Grand Avenue Pharmacy", iis.Pharmacy, "Saint Paul", 5},
	{"main-street-drug", "Main Street Drug", iis.Pharmacy, "Mankato", 3},
	{"northland-pharmacy", "Northland Pharmacy", iis.Pharmacy, "Bemidji", 3},
	{"twin-lakes-public-health", "Twin Lakes Public Health", iis.PublicHealth, "Brainerd", 4},
	{"metro-county-public-health", "Metro County Public Health", iis.PublicHealth, "Saint Paul", 6},
	{"southern-plains-board-of-health", "Southern Plains Board of Health", iis.PublicHealth, "Mankato", 3},
	{"wild-rice-tribal-health", "Wild Rice Tribal Health", iis.TribalHealth, "Bemidji", 3},
	{"turtle-river-health-center", "Turtle River Health Center", iis.TribalHealth, "Bemidji", 2},
	{"maple-court-care-center", "Maple Court Care Center", iis.LongTermCare, "Edina", 3},
	{"sunrise-senior-living", "Sunrise Senior Living", iis.LongTermCare, "Rochester", 2},
	{"granite-county-jail-health", "Granite County Jail Health", iis.Corrections, "Saint Cloud", 1},
	{"northern-lights-health-system", "Northern Lights Health System", iis.HealthSystem, "Duluth", 7},
	{"gopher-health-system", "Gopher Health System", iis.HealthSystem, "Bloomington", 9},
	{"open-prairie-health-plan", "Open Prairie Health Plan", iis.HealthPlan, "Minnetonka", 6},
	{LincolnSchool, "Lincoln Elementary School", iis.School, "Saint Paul", 8},
	{"washington-high-school", "Washington High School", iis.School, "Minneapolis", 8},
	{"prairie-view-middle-school", "Prairie View Middle School", iis.School, "Worthington", 5},
	{"lakeside-public-schools", "Lakeside Public Schools", iis.School, "Duluth", 6},
	{"north-woods-college", "North Woods College", iis.Postsecondary, "Bemidji", 3},
	{"little-loons-child-care", "Little Loons Child Care", iis.ChildCare, "Saint Paul", 3},
	{"busy-beavers-child-care", "Busy Beavers Child Care", iis.ChildCare, "Rochester", 2},
	{"river-bend-head-start", "River Bend Head Start", iis.HeadStart, "Mankato", 2},
	{RegistryHelpDesk, "Registry Help Desk", iis.RegistryStaff, "Saint Paul", 0},
}

// Sites by what takes someone there, each drawn by its share.
var (
	homeSites    = sitesOf(iis.Clinic, iis.PublicClinic, iis.HealthSystem, iis.TribalHealth)
	visitedSites = sitesOf(iis.Hospital, iis.Pharmacy, iis.PublicHealth)
	schoolSites  = sitesOf(iis.School)
	collegeSites = sitesOf(iis.Postsecondary)
	careSites    = sitesOf(iis.ChildCare, iis.HeadStart)
	elderSites   = sitesOf(iis.LongTermCare)
	payerSites   = sitesOf(iis.HealthPlan)
	custodySites = sitesOf(iis.Corrections)
)

func sitesOf(kinds ...iis.OrgType) *table[iis.OrganizationID] {
	var ids []iis.OrganizationID
	var shares []float64
	for _, o := range organizations {
		for _, k := range kinds {
			if o.kind == k {
				ids = append(ids, o.id)
				shares = append(shares, o.share)
			}
		}
	}
	return newTable(ids, shares)
}
