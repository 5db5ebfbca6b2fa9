package sample

import (
	"slices"
	"sync"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/code"
)

// product is a vaccine as it was on the market for some time.
type product struct {
	cvx      iis.CVX
	trade    string // "" for an old vaccine of which the record tells no more
	from, to int    // year and month, 200503; to is 0 if it still is
	ml       string
	way      way

	// The rest comes from the code tables.
	maker    iis.MVX
	packages []code.Package // units of use that are on the market
	editions []iis.Date     // of its information statements, the first one first
	groups   []string

	number uint64 // of the product, for its lots
}

// way is how a vaccine is given.
type way int

const (
	muscle way = iota
	skin       // subcutaneous
	mouth
	nose
)

var routes = [...]string{muscle: "C28161", skin: "C38299", mouth: "C38288", nose: "C38284"}

// market is every product; new ones go to the end, for their place is in the
// numbers of their lots.
var market []*product

func sold(cvx iis.CVX, trade string, from, to int, ml string, w way) *product {
	p := &product{cvx: cvx, trade: trade, from: from, to: to, ml: ml, way: w, number: uint64(len(market) + 1)}
	market = append(market, p)
	return p
}

// on reports whether the product could be had on a day.
func (p *product) on(d iis.Date) bool {
	m := d.Year*100 + int(d.Month)
	return m >= p.from && (p.to == 0 || m <= p.to)
}

// furnish looks the products up in the code tables, once.
var furnish = sync.OnceFunc(func() {
	for _, p := range market {
		p.groups = code.GroupsOf(p.cvx)
		for _, named := range code.ProductsOf(p.cvx) { // the active ones come first
			if m, _ := code.ManufacturerOf(named.MVX); named.TradeName == p.trade && (p.maker == "" || m.Status == code.Active) {
				p.maker = named.MVX
				if m.Status == code.Active {
					break // not a firm that was sold
				}
			}
		}
		for _, ndc := range units[p] {
			for _, b := range code.PackagesOf(ndc) {
				if b.CVX == p.cvx && b.MVX == p.maker && b.UnitOfUse {
					p.packages = append(p.packages, b)
				}
			}
		}
		for _, s := range code.VISOf(p.cvx) {
			p.editions = append(p.editions, s.Edition)
		}
		slices.SortFunc(p.editions, iis.Date.Compare)
	}
})

// ndc is the package that was sold on a day; "" if none is known.
func (p *product) ndc(d iis.Date) iis.NDC {
	for _, b := range p.packages {
		if !b.From.After(d) && (b.To.IsZero() || !b.To.Before(d)) {
			return b.NDC
		}
	}
	return ""
}

// edition is the information statement that was current on a day, zero if none
// is known.
func (p *product) edition(d iis.Date) (last iis.Date) {
	for _, e := range p.editions {
		if e.After(d) {
			break
		}
		last = e
	}
	return last
}

// lot is the lot of which an organization gave doses in a quarter of a year, and
// its last day: the same for all who came, as a recall would find them.
func (p *product) lot(org iis.OrganizationID, d iis.Date) (lot string, expires iis.Date) {
	quarter := uint64(d.Year*4 + int(d.Month-1)/3)
	x := mix(p.number<<32 + quarter)
	for _, c := range []byte(org) {
		x = mix(x + uint64(c))
	}
	letter := func() byte {
		const letters = "ABCDEFGHJKLMNPRSTUVWXY"
		c := letters[x%uint64(len(letters))]
		x /= uint64(len(letters))
		return c
	}
	digit := func() byte {
		c := byte('0' + x%10)
		x /= 10
		return c
	}
	months := 12 + int(x>>48%13)
	var b []byte
	switch p.maker {
	case "SKB":
		b = []byte{letter(), letter(), digit(), digit(), letter()}
	case "PMC":
		b = []byte{'U', digit(), digit(), digit(), digit(), letter(), letter()}
	case "MSD":
		b = []byte{letter(), '0', digit(), digit(), digit(), digit(), digit()}
	default:
		b = []byte{letter(), letter(), digit(), digit(), digit(), digit()}
	}
	first := iis.Date{Year: d.Year, Month: (d.Month-1)/3*3 + 1, Day: 1}
	return string(b), first.AddMonths(months + 1).AddDays(-1)
}

// one returns the first of the products that could be had on a day, nil if none.
func one(d iis.Date, products ...*product) *product {
	for _, p := range products {
		if p.on(d) {
			return p
		}
	}
	return nil
}

// What has been on the market, as far as the histories need it.
var (
	dtp       = sold("01", "", 195001, 199702, "0.5", muscle)
	tripedia  = sold("20", "Tripedia", 199208, 201103, "0.5", muscle)
	infanrix  = sold("20", "Infanrix", 199702, 0, "0.5", muscle)
	daptacel  = sold("106", "Daptacel", 200206, 0, "0.5", muscle)
	pediarix  = sold("110", "Pediarix", 200301, 0, "0.5", muscle)
	pentacel  = sold("120", "Pentacel", 200807, 0, "0.5", muscle)
	vaxelis   = sold("146", "Vaxelis", 202106, 0, "0.5", muscle)
	kinrix    = sold("130", "Kinrix", 200807, 0, "0.5", muscle)
	quadracel = sold("130", "Quadracel", 201506, 0, "0.5", muscle)

	orimune = sold("02", "Orimune", 196301, 199912, "", mouth)
	ipol    = sold("10", "IPOL", 200001, 0, "0.5", muscle)

	engerixPeds     = sold("08", "Engerix B-Peds", 199001, 0, "0.5", muscle)
	recombivaxPeds  = sold("08", "Recombivax-Peds", 199001, 0, "0.5", muscle)
	engerixAdult    = sold("43", "Engerix-B-Adult", 199001, 0, "1", muscle)
	recombivaxAdult = sold("43", "Recombivax-Adult", 199001, 0, "1", muscle)
	heplisav        = sold("189", "Heplisav-B", 201801, 0, "0.5", muscle)

	hibTiter = sold("47", "HibTITER", 199010, 200712, "0.5", muscle)
	actHib   = sold("48", "ActHIB", 199304, 0, "0.5", muscle)
	pedvax   = sold("49", "PedvaxHIB", 199001, 0, "0.5", muscle)
	hiberix  = sold("48", "Hiberix", 201602, 0, "0.5", muscle)

	prevnar7    = sold("100", "Prevnar 7", 200003, 201003, "0.5", muscle)
	prevnar13   = sold("133", "Prevnar 13", 201004, 202306, "0.5", muscle)
	vaxneuvance = sold("215", "Vaxneuvance", 202207, 0, "0.5", muscle)
	prevnar20   = sold("216", "Prevnar 20", 202110, 0, "0.5", muscle)
	capvaxive   = sold("327", "Capvaxive", 202407, 0, "0.5", muscle)
	pneumovax   = sold("33", "Pneumovax 23", 198307, 0, "0.5", muscle)

	rotaTeq = sold("116", "RotaTeq", 200603, 0, "2", mouth)
	rotarix = sold("119", "Rotarix", 200806, 0, "1", mouth)

	mmr2     = sold("03", "M-M-R II", 197809, 0, "0.5", skin)
	priorix  = sold("03", "Priorix", 202207, 0, "0.5", skin)
	varivax  = sold("21", "Varivax", 199503, 0, "0.5", skin)
	proQuad  = sold("94", "ProQuad", 200509, 0, "0.5", skin)
	havrix   = sold("83", "Havrix-Peds", 200510, 0, "0.5", muscle)
	vaqta    = sold("83", "Vaqta-Peds", 200510, 0, "0.5", muscle)
	havrix18 = sold("52", "Havrix-Adult", 199603, 0, "1", muscle)

	td       = sold("09", "TDVAX", 197801, 0, "0.5", muscle)
	tenivac  = sold("113", "Tenivac", 201101, 0, "0.5", muscle)
	boostrix = sold("115", "Boostrix", 200506, 0, "0.5", muscle)
	adacel   = sold("115", "Adacel", 200506, 0, "0.5", muscle)

	gardasil  = sold("62", "Gardasil", 200607, 201604, "0.5", muscle)
	gardasil9 = sold("165", "Gardasil 9", 201503, 0, "0.5", muscle)

	menactra  = sold("114", "Menactra", 200503, 202206, "0.5", muscle)
	menveo    = sold("136", "Menveo", 201004, 0, "0.5", muscle)
	menQuadfi = sold("203", "MenQuadfi", 202010, 0, "0.5", muscle)
	bexsero   = sold("163", "Bexsero", 201506, 0, "0.5", muscle)
	trumenba  = sold("162", "Trumenba", 201506, 0, "0.5", muscle)

	zostavax = sold("121", "Zostavax", 200606, 202010, "0.65", skin)
	shingrix = sold("187", "Shingrix", 201801, 0, "0.5", muscle)

	beyfortusSmall = sold("306", "Beyfortus", 202310, 0, "0.5", muscle)
	beyfortusLarge = sold("307", "Beyfortus", 202310, 0, "1", muscle)
	arexvy         = sold("303", "Arexvy", 202308, 0, "0.5", muscle)
	abrysvo        = sold("305", "Abrysvo", 202308, 0, "0.5", muscle)
	mResvia        = sold("326", "mRESVIA", 202407, 0, "0.5", muscle)

	fluOld      = sold("141", "Fluzone", 200207, 201306, "0.5", muscle)
	fluFree     = sold("140", "Fluzone-Preservative Free", 200407, 201306, "0.5", muscle)
	fluQuad     = sold("150", "Fluzone, quadrivalent, preservative free", 201307, 202406, "0.5", muscle)
	fluarixQuad = sold("150", "Fluarix quadrivalent, preservative free", 201307, 202406, "0.5", muscle)
	flulaval    = sold("158", "FluLaval quadrivalent", 201407, 201906, "0.5", muscle)
	fluQuadPeds = sold("161", "Fluzone Quadrivalent, pediatric", 201307, 201906, "0.25", muscle)
	flucelvax   = sold("171", "Flucelvax quadrivalent, preservative free", 201707, 202406, "0.5", muscle)
	fluMistOld  = sold("111", "FluMist", 200307, 201306, "0.2", nose)
	fluMistQuad = sold("149", "FluMist quadrivalent", 201307, 202406, "0.2", nose)
	fluHigh     = sold("135", "Fluzone-High Dose", 201007, 202006, "0.5", muscle)
	fluHighQuad = sold("197", "Fluzone High-Dose quadrivalent, preservative free", 202007, 202406, "0.7", muscle)
	fluadQuad   = sold("205", "Fluad Quadrivalent", 202007, 202406, "0.5", muscle)
	flu3        = sold("140", "Fluzone trivalent, preservative free", 202407, 0, "0.5", muscle)
	fluarix3    = sold("140", "Fluarix trivalent, preservative free", 202407, 0, "0.5", muscle)
	flucelvax3  = sold("153", "Flucelvax trivalent, preservative free", 202407, 0, "0.5", muscle)
	fluMist3    = sold("111", "FluMist trivalent", 202407, 0, "0.2", nose)
	fluHigh3    = sold("135", "Fluzone High-Dose trivalent, preservative free", 202407, 0, "0.5", muscle)
	fluad3      = sold("168", "Fluad trivalent, preservative free", 202407, 0, "0.5", muscle)

	pfizer       = sold("208", "Pfizer-BioNTech COVID-19 Vaccine (EUA labeled) Comirnaty (BLA labeled)", 202012, 202208, "0.3", muscle)
	pfizerChild  = sold("218", "Pfizer-BioNTech COVID-19 Vaccine (EUA labeled) Comirnaty (BLA labeled)", 202111, 202304, "0.2", muscle)
	pfizerInfant = sold("219", "Pfizer-BioNTech COVID-19 Vaccine (EUA labeled) Comirnaty (BLA labeled)", 202206, 202304, "0.2", muscle)
	moderna      = sold("207", "Moderna COVID-19 Vaccine (non-US Spikevax)", 202012, 202208, "0.5", muscle)
	janssen      = sold("212", "Janssen (J&J) COVID-19 Vaccine", 202103, 202112, "0.5", muscle)
	bivalent     = sold("300", "Pfizer-BioNTech COVID-19 Bivalent, Original + BA.4/BA.5 (Non-US Tradename Comirnaty Bivalent)", 202209, 202308, "0.3", muscle)
	bivalentMod  = sold("229", "Moderna COVID-19 Bivalent, Original + BA.4/BA.5 (Non-US Tradename Spikevax Bivalent)", 202209, 202308, "0.5", muscle)
	comirnaty    = sold("309", "Comirnaty", 202309, 0, "0.3", muscle)
	comirnaty5   = sold("310", "Comirnaty", 202309, 0, "0.3", muscle)
	spikevax     = sold("312", "Spikevax", 202309, 0, "0.5", muscle)
	spikevaxPeds = sold("311", "Spikevax", 202309, 0, "0.25", muscle)
	mNexspike    = sold("334", "mNEXSPIKE", 202509, 0, "0.2", muscle)
)

// years is how old someone is on a day.
func years(born, d iis.Date) int {
	y, _, _ := born.Age(d)
	return y
}

// seasonOf returns the days in which a flu season's vaccine is given: it is
// named for the year in which it begins.
func seasonOf(year int) (from, to iis.Date) {
	return iis.Date{Year: year, Month: time.September, Day: 1}, iis.Date{Year: year + 1, Month: time.January, Day: 31}
}

// units are NDCs of vials and syringes of some of the products.
var units = map[*product][]iis.NDC{
	mmr2: {"00006-4681-01"}, priorix: {"58160-0831-03"}, varivax: {"00006-4827-01"}, proQuad: {"00006-4171-01"},
	engerixPeds: {"58160-0820-43"}, recombivaxPeds: {"00006-4093-01"}, ipol: {"49281-0860-78"},
	daptacel: {"49281-0286-58"}, pediarix: {"58160-0811-43"}, pentacel: {"49281-0544-58"}, vaxelis: {"63361-0243-58"},
	kinrix: {"58160-0812-43"}, quadracel: {"49281-0564-58"}, adacel: {"49281-0400-89"}, boostrix: {"58160-0842-43"},
	rotaTeq: {"00006-4047-01"}, rotarix: {"58160-0740-02"}, actHib: {"49281-0547-58"}, pedvax: {"00006-4897-01"},
	hiberix: {"58160-0816-05"}, prevnar20: {"00005-2000-01"}, vaqta: {"00006-4095-01"}, havrix: {"58160-0825-43"},
	gardasil9: {"00006-4119-01"}, menveo: {"58160-0958-01"}, menQuadfi: {"49281-0590-58"}, bexsero: {"58160-0976-02"},
	shingrix: {"58160-0828-03"}, arexvy: {"58160-0723-03"}, abrysvo: {"00069-0207-01"},
}
