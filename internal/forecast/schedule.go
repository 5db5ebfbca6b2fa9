package forecast

import (
	"bytes"
	_ "embed"
	"io/fs"
	"slices"
	"sync"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast/cdsi"
)

//go:generate go run ../gen/schedule -from $OPENIIS_CDSI_DATA/supporting-data-4.64 -version 4.64 -o schedule.bin

// shipped is the schedule that ships with the program, in its compact form:
// CDC's CDSi supporting data, version 4.64 of 10 November 2025.
//
//go:embed schedule.bin
var shipped []byte

// Schedule is a release of CDSi supporting data, made ready to answer. It never
// changes, and any number of goroutines may use it at once.
type Schedule struct {
	Version string
	Source  string
	Hash    string

	antigens  []antigen
	groups    []group
	vaccines  [maxCVX + 1]vaccine
	names     [maxCVX + 1]string // CVX as CDC writes it, "08"
	periods   []period           // by pid; the first is none
	texts     []string           // of the periods
	conflicts []conflict         // by conflicting, impacted vaccine
	live      int                // number of live vaccines
	obs       map[string]obsID
	obsCodes  []string
	windows   []pid // of observations, by obsID
	seasons   []Season

	runners sync.Pool
}

// maxCVX is the greatest code of a vaccine that is looked at.
const maxCVX = 999

// Shipped returns the schedule that ships with the program.
func Shipped() (*Schedule, error) {
	rel, err := cdsi.Decode(bytes.NewReader(shipped))
	if err != nil {
		return nil, err
	}
	return New(rel)
}

// Pack reads a release as Load does and returns its compact form, to be kept and
// made a schedule of again with Unpack.
func Pack(fsys fs.FS, version string) ([]byte, error) {
	rel, err := cdsi.Read(fsys, version)
	if err != nil {
		return nil, err
	}
	if _, err := New(rel); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := cdsi.Encode(&b, rel); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Unpack makes a schedule of a compact form, whose hash must be that of its
// content.
func Unpack(compact []byte) (*Schedule, error) {
	rel, err := cdsi.Decode(bytes.NewReader(compact))
	if err != nil {
		return nil, err
	}
	if err := rel.Verify(); err != nil {
		return nil, err
	}
	return New(rel)
}

// Load reads the XML files of a release of CDSi supporting data, checks them
// strictly and makes a schedule of them. The files do not say their version.
func Load(fsys fs.FS, version string) (*Schedule, error) {
	rel, err := cdsi.Read(fsys, version)
	if err != nil {
		return nil, err
	}
	return New(rel)
}

// Season is a season of a vaccine group.
type Season struct {
	VaccineGroup string
	Start, End   iis.Date // End is zero if the data leaves it open
}

// Seasons returns the seasons of the schedule, the earliest start first.
func (s *Schedule) Seasons() []Season { return slices.Clone(s.seasons) }

// Lapsed returns the seasons that have ended on a day: what the schedule says of
// their vaccine groups is out of date until a release with the next season is
// loaded.
func (s *Schedule) Lapsed(asOf iis.Date) []Season {
	var list []Season
	for _, n := range s.seasons {
		if !n.End.IsZero() && n.End.Before(asOf) {
			list = append(list, n)
		}
	}
	return list
}

// VaccineGroups returns the names of the vaccine groups, in the schedule's order.
func (s *Schedule) VaccineGroups() []string {
	list := make([]string, len(s.groups))
	for i, g := range s.groups {
		list[i] = g.name
	}
	return list
}

// The schedule in the form the engine works on: codes are numbers, periods and
// observations have an index, lists of vaccines are sets.
type (
	pid   uint16 // index of a period; 0 is none
	obsID int16  // index of an observation

	antigen struct {
		name     string
		index    int
		group    int
		immunity []obsID
		born     []bornBefore
		contras  []contra
		vaccines []contraVaccines
		series   []series // those that ask for completed series last
	}

	bornBefore struct {
		before     day
		country    string
		exclusions []obsID
	}

	contra struct {
		obs            obsID
		begin, end     pid
		text, guidance string
	}

	contraVaccines struct {
		obs            obsID
		vaccines       []window
		text, guidance string
	}

	window struct {
		cvx        uint16
		begin, end pid
	}

	series struct {
		name        string
		order       int // in the data
		typ         SeriesType
		genders     gender // who may have it
		group       int    // number of its series group
		equivalent  uint32 // bits of series groups
		isDefault   bool
		product     bool
		priority    byte
		preference  int
		minAge      pid
		maxAge      pid
		indications []indication
		needs       bool // asks for completed series
		guidance    []string
		doses       []seriesDose
	}

	indication struct {
		obs        obsID
		begin, end pid
		guidance   string
	}

	seriesDose struct {
		ages        []ageRow
		intervals   []intervalRow
		allowable   []intervalRow
		preferable  []preferable
		alternative []window
		counts      cvxSet // every vaccine in either list
		inadvertent cvxSet
		live        []int16 // live vaccines among the preferable
		evaluation  []skip
		forecast    []skip
		recurring   bool
		seasonStart day // noDay without a season
		seasonEnd   day
	}

	ageRow struct {
		absMin, min, earliest, latest, max pid
		from, to                           day
	}

	intervalRow struct {
		kind                          reference
		target                        int
		recent                        *cvxSet
		obs                           obsID
		absMin, min, earliest, latest pid
		override                      bool
		from, to                      day
	}

	preferable struct {
		window
		tradeName, mvx string
		forecast       bool
	}

	skip struct {
		all  bool
		sets []skipSet
	}

	skipSet struct {
		from, to    day
		all         bool
		conditions  []condition
		description string
	}

	condition struct {
		kind       conditionKind
		start, end day
		begin, to  pid
		interval   pid
		count      int
		valid      bool
		compare    byte
		cvx        *cvxSet // nil for any dose of the series
		groups     uint32  // bits of series groups
	}

	vaccine struct {
		known    bool
		live     int16 // index among the live vaccines, or -1
		antigens []association
	}

	association struct {
		antigen    int
		begin, end pid
	}

	conflict struct {
		is                 bool
		begin, minEnd, end period
		endID              pid
		minEndID           pid
	}

	group struct {
		name     string
		full     bool
		antigens []int
		groups   int // greatest number of a series group
	}
)

// gender is a set of genders.
type gender uint8

const (
	female gender = 1 << iota
	male
	unknownGender
)

// reference is what an interval is counted from.
type reference uint8

const (
	fromPrevious reference = iota
	fromTarget
	fromRecent
	fromObservation
)

type conditionKind uint8

const (
	byAge conditionKind = iota
	byInterval
	byCompleted
	byCount
)

// cvxSet is a set of CVX codes.
type cvxSet [16]uint64

func (s *cvxSet) add(cvx int)         { s[cvx>>6] |= 1 << (cvx & 63) }
func (s *cvxSet) has(cvx uint16) bool { return s[cvx>>6]&(1<<(cvx&63)) != 0 }

// bitset is a set of observations.
type bitset [(maxObservations + 63) / 64]uint64

const maxObservations = 1024

func (b *bitset) add(i obsID)      { b[i>>6] |= 1 << (i & 63) }
func (b *bitset) has(i obsID) bool { return b[i>>6]&(1<<(i&63)) != 0 }
