package registry_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// benchClients turns BenchmarkRegistry on, which first fills a database with so
// many clients:
//
//	go test ./internal/registry -run '^$' -bench Registry -clients 1000000 -timeout 2h
var benchClients = flag.Int("clients", 0, "run the benchmarks on a registry of `n` clients")

// benchDatabase is a database that stays: it is filled if it is empty, which takes
// a quarter of an hour for ten million clients.
//
//	openiis migrate --database "$URL"
//	go test ./internal/registry -run '^$' -bench Registry -clients 10000000 -database "$URL" -timeout 2h
var benchDatabase = flag.String("database", "", "run the benchmarks on the PostgreSQL database at the `address`, filled if it is empty")

// drawn is how many clients of a population are kept at hand to ask for.
const drawn = 20_000

// filled is a registry of many clients.
type filled struct {
	*registry.Registry
	db     *store.DB
	people []sample.Person // drawn evenly from all who are visible to everyone
}

// BenchmarkRegistry measures searches, saves and imports on a registry of many clients,
// filled once for each engine and outside of what is timed.
func BenchmarkRegistry(b *testing.B) {
	if *benchClients == 0 {
		b.Skip("left out unless asked for: -clients 1000000")
	}
	debug.SetGCPercent(800) // as openiis serve does
	if *benchDatabase != "" {
		b.Run("Database", func(b *testing.B) { fill(b, *benchDatabase).benchmarks(b) })
		return
	}
	b.Run("SQLite", func(b *testing.B) { fill(b, storetest.SQLiteURL(b)).benchmarks(b) })
	b.Run("PostgreSQL", func(b *testing.B) { fill(b, storetest.PostgreSQLURL(b)).benchmarks(b) })
}

func (f *filled) benchmarks(b *testing.B) {
	f.search(b)
	ids := make([]iis.ClientID, len(f.people))
	for i, p := range f.people {
		ids[i] = p.Client.ID
	}
	for _, load := range []struct{ clerks, rate int }{{1, 0}, {32, 3000}, {32, 0}} {
		b.Run(fmt.Sprintf("save/clerks=%d,rate=%d", load.clerks, load.rate), func(b *testing.B) {
			benchmarkSave(b, f.Registry, ids, load.clerks, load.rate)
		})
	}
	b.Run("match-or-create", f.matchOrCreate)
}

// fill fills the database at the address, unless it was, and keeps people to ask
// for.
func fill(b *testing.B, url string) *filled {
	begun := time.Now()
	db, err := store.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	f := &filled{}
	err = db.View(b.Context(), f.redraw)
	if err == nil && len(f.people) == 0 {
		err = errors.Join(db.Close(), storetest.Fill(b.Context(), url, func(put storetest.Put) error {
			w := &filler{put: put, names: map[[2]string]bool{}}
			w.organizations()
			return f.draw(w.person)
		}))
		if err == nil {
			db, err = store.Open(b.Context(), url)
		}
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	f.Registry, f.db = registry.New(db, registry.Options{}), db
	b.Logf("%d clients ready after %v", *benchClients, time.Since(begun).Round(time.Second))
	f.logMemory(b)
	return f
}

// redraw draws people from a database that was filled before, by random IDs.
func (f *filled) redraw(tx *store.Tx) error {
	const page = 10
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[iis.ClientID]bool{}
	for len(f.people) < drawn {
		id := 100_000_000 + r.IntN(*benchClients*(900_000_000/sample.Most))
		known, err := tx.KnownAfter(context.Background(), iis.ClientID(strconv.Itoa(id)), page)
		if err != nil || len(known) == 0 && len(f.people) == 0 {
			return err
		}
		for _, k := range known {
			if k.Client.LockedTo == "" && !k.Client.Deceased() && !seen[k.Client.ID] {
				seen[k.Client.ID] = true
				f.people = append(f.people, sample.Person{Client: k.Client, Aliases: k.Aliases, Memberships: k.Memberships})
			}
		}
	}
	r.Shuffle(len(f.people), func(i, j int) { f.people[i], f.people[j] = f.people[j], f.people[i] })
	return nil
}

// logMemory tells how much of the memory the names on file take.
func (f *filled) logMemory(b *testing.B) {
	inUse := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := inUse()
	if err := f.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Logf("vocabulary and schedule: %d MiB", (inUse()-before)>>20)
}

// draw calls each for everybody of the population and keeps some of them.
func (f *filled) draw(each func(*sample.Person) error) error {
	r := rand.New(rand.NewPCG(1, 2))
	seen := 0
	for p := range sample.WithoutDoses(1, *benchClients) {
		if err := each(&p); err != nil {
			return err
		}
		if p.Client.LockedTo == "" && !p.Client.Deceased() {
			seen++
			if len(f.people) < drawn {
				f.people = append(f.people, p)
			} else if i := r.IntN(seen); i < drawn {
				f.people[i] = p
			}
		}
	}
	r.Shuffle(len(f.people), func(i, j int) { f.people[i], f.people[j] = f.people[j], f.people[i] })
	return nil
}

// filler writes people as rows.
type filler struct {
	put   storetest.Put
	names map[[2]string]bool // written to the vocabulary
	err   error
}

// filledOn is when everything in the database was entered.
var filledOn = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (w *filler) row(table, columns string, values ...any) {
	if w.err == nil {
		w.err = w.put(table, strings.Fields(columns), values)
	}
}

func (w *filler) organizations() {
	for _, o := range append(sample.Organizations(), testClinic, riverside, lincoln, staff) {
		w.row("organization", "id name type city active", string(o.ID), o.Name, string(o.Type), o.City, o.Active)
	}
}

func (w *filler) person(p *sample.Person) error {
	c := p.Client
	var death any
	if c.Deceased() {
		death = c.Death.Recorded
	}
	w.row("client", "id version last first middle suffix gender birth_date birth_country birth_certificate mother_maiden_last mother_first "+
		"race ethnicity street other_address po_box city state zip county undeliverable address_updated phone email "+
		"locked_to death_date death_source death_recorded death_by created updated updated_by",
		string(c.ID), c.Version, c.Name.Last, c.Name.First, c.Name.Middle, c.Name.Suffix, string(c.Gender), day(c.BirthDate),
		c.BirthCountry, c.BirthCertificate, c.MotherMaidenLast, c.MotherFirst,
		strings.Join(c.Race, ","), c.Ethnicity, c.Address.Street, c.Address.Other, c.Address.POBox, c.Address.City,
		c.Address.State, c.Address.Zip, c.Address.County, c.Undeliverable, day(c.AddressUpdated), c.Phone, c.Email,
		string(c.LockedTo), day(c.Death.Date), c.Death.Source, death, string(c.Death.By), filledOn, filledOn, string(c.UpdatedBy))
	keys := match.KeysOf(c, iis.Membership{})
	for _, m := range p.Memberships {
		w.row("membership", "client_id organization_id chart_number status reason reminders since",
			string(c.ID), string(m.Organization), m.ChartNumber, string(m.Status), m.Reason, m.Reminders, day(m.Since))
		if k := match.ChartKey(m.Organization, m.ChartNumber); k != "" {
			keys = append(keys, k)
		}
	}
	for i, a := range p.Aliases {
		w.row("alias", "client_id id last first middle birth_date until by_organization",
			string(c.ID), fmt.Sprint(i), a.Name.Last, a.Name.First, a.Name.Middle, day(a.BirthDate), a.Until, string(a.By))
	}
	shownTo := string(c.LockedTo)
	if c.Deceased() {
		shownTo = "-"
	}
	for i, n := range match.NamesOf(c, p.Aliases) {
		w.row("client_name", "client_id n last first last_sound first_sound birth_date former last_part first_part shown_to",
			string(c.ID), int64(i), n.Last, n.First, n.LastSound, n.FirstSound, day(n.BirthDate), n.Former, n.LastPart, n.FirstPart, shownTo)
		for kind, name := range map[string]string{"last": n.Last, "first": n.First} {
			if id := [2]string{kind, name}; name != "" && !w.names[id] {
				w.names[id] = true
				w.row("name_vocabulary", "kind name added", kind, name, filledOn)
			}
		}
	}
	slices.Sort(keys)
	for _, k := range slices.Compact(keys) {
		w.row("client_key", "value client_id", string(k), string(c.ID))
	}
	return w.err
}

// day is how Fill takes a date.
func day(d iis.Date) any {
	if d.IsZero() {
		return nil
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
