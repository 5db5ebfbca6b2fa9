package main

// What CDC's files do not say, and we do.

// group is what a vaccine group of CDC's is called here.
type group struct {
	name     string // as CDSi calls it, or our own word
	forecast bool   // CDSi forecasts it
}

// groups is the crosswalk from CDC's vaccine groups to those of CDSi supporting
// data 4.64. Groups that CDSi does not forecast have a name of ours.
var groups = map[string]group{
	"ADENO":                   {"Adenovirus", false},
	"ANTHRAX":                 {"Anthrax", false},
	"BCG":                     {"BCG", false},
	"COVID-19":                {"COVID-19", true},
	"Chikungunya":             {"Chikungunya", true},
	"DENGUE":                  {"Dengue", true},
	"DTAP":                    {"DTaP/Tdap/Td", true},
	"Ebola":                   {"Ebola", true},
	"FLU":                     {"Influenza", true},
	"FLU-Avian-H5":            {"Avian Influenza", false},
	"H1N1 flu":                {"Influenza H1N1 2009", false},
	"H5N1 flu":                {"Avian Influenza", false},
	"HIB":                     {"Hib", true},
	"HPV":                     {"HPV", true},
	"HepA":                    {"HepA", true},
	"HepB":                    {"HepB", true},
	"Japanese encephalitis":   {"Japanese Encephalitis", true},
	"Lyme disease":            {"Lyme Disease", false},
	"MENING":                  {"Meningococcal", true},
	"MMR":                     {"MMR", true},
	"MeningB":                 {"Meningococcal B", true},
	"Orthopoxvirus":           {"Orthopoxvirus", true},
	"POLIO":                   {"Polio", true},
	"Plague":                  {"Plague", false},
	"PneumoPCV":               {"Pneumococcal", true},
	"PneumoPPV":               {"Pneumococcal", true},
	"RABIES":                  {"Rabies", true},
	"ROTAVIRUS":               {"Rotavirus", true},
	"RSV":                     {"RSV", true},
	"TDAP":                    {"DTaP/Tdap/Td", true},
	"TYPHOID":                 {"Typhoid", true},
	"Td":                      {"DTaP/Tdap/Td", true},
	"Tick-borne encephalitis": {"TBE", true},
	"VARICELLA":               {"Varicella", true},
	"VEE":                     {"Venezuelan Equine Encephalitis", false},
	"YELLOWFEVER":             {"Yellow Fever", true},
	"ZOSTER":                  {"Zoster", true},
	"cholera":                 {"Cholera", true},
}

// ungrouped are vaccines that CDC puts into no group though CDSi counts them,
// with their groups as CDSi calls them.
var ungrouped = map[string][]string{
	"11":  {"DTaP/Tdap/Td"},
	"112": {"DTaP/Tdap/Td"},
	"142": {"DTaP/Tdap/Td"},
	"167": {"Meningococcal", "Meningococcal B"},
	"169": {"HepA"},
	"178": {"Polio"},
	"179": {"Polio"},
	"182": {"Polio"},
	"190": {"Typhoid"},
	"191": {"Meningococcal"},
	"192": {"Meningococcal"},
	"198": {"DTaP/Tdap/Td", "HepB", "Hib"},
}

// nonVaccines are the codes that stand for no vaccine. The files at hand lack
// CDC's own flag for it; none of these is in a vaccine group. Antibodies that are
// in the group RSV are given as vaccines are, and are not among them.
var nonVaccines = map[string]string{
	"12": "antitoxin", "27": "antitoxin",
	"13": "immune globulin", "14": "immune globulin", "29": "immune globulin", "30": "immune globulin", "34": "immune globulin",
	"36": "immune globulin", "71": "immune globulin", "79": "immune globulin", "86": "immune globulin", "87": "immune globulin",
	"117": "immune globulin", "154": "immune globulin", "156": "immune globulin", "157": "immune globulin", "159": "immune globulin",
	"180": "immune globulin", "181": "immune globulin",
	"93": "antibody", "145": "antibody",
	"95": "skin test", "96": "skin test", "97": "skin test", "98": "skin test",
	"801": "adjuvant",
	"99":  "reserved", "998": "no vaccine administered",
}

// spelling is how words of trade names are written that CDC writes in capitals,
// where it is not with one capital at the beginning, by the word in capitals.
var spelling = map[string]string{
	"ACAM": "ACAM", "ACTHIB": "ActHIB", "AND": "and", "BIBP": "BIBP", "BIOTHRAX": "BioThrax", "COVID": "COVID", "FLULAVAL": "FluLaval", "FLUMIST": "FluMist",
	"GENERIC": "generic", "HIBTITER": "HibTITER", "IPOL": "IPOL", "MENHIBRIX": "MenHibrix", "MENQUADFI": "MenQuadfi", "OMNIHIB": "OmniHIB",
	"PEDVAXHIB": "PedvaxHIB", "PREHEVBRIO": "PreHevbrio", "PROHIBIT": "ProHIBIT", "PROQUAD": "ProQuad", "RABAVERT": "RabAvert",
	"ROTATEQ": "RotaTeq", "TDVAX": "TDVAX", "TICOVAC": "TicoVac", "TRIHIBIT": "TriHIBit", "VI": "Vi",
}
