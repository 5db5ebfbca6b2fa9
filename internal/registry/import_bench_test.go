package registry_test

import (
	"iter"
	"math/rand/v2"
	"runtime"
	"testing"

	"openiis.org/iis"
	"openiis.org/iis/internal/match"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
)

// benchRows is how many rows share a transaction: as many as openiis import sends.
const benchRows = 50

// matchOrCreate takes in a roster on one connection, half of it people who are on
// file, a third of these as they are there and the others with one to three slips,
// and half people who are not. Each row comes from another clinic than the one that
// entered the client, so that no chart number leads to him. It reports rows a
// second, and how many of those on file were found to be who they are.
func (f *filled) matchOrCreate(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.NumCPU() + 2)) // as openiis import does
	imp, err := f.NewImport(b.Context(), operator, registry.ImportOptions{EnterPossible: true})
	if err != nil {
		b.Fatal(err)
	}
	var onFile int64
	err = f.db.View(b.Context(), func(tx *store.Tx) error {
		onFile, err = tx.CountClients(b.Context())
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	// In a database that stays, each run is of others.
	r := rand.New(rand.NewPCG(5, uint64(onFile)))
	others, stop := iter.Pull(sample.WithoutDoses(uint64(onFile), sample.Most))
	defer stop()
	next, asked, right, rows := 0, 0, 0, 0
	take := func() {
		b.StopTimer()
		batch := make([]registry.ImportRow, benchRows)
		whom := make([]iis.ClientID, benchRows)
		for i := range batch {
			if i%2 == 0 {
				p, _ := others()
				batch[i] = rowOf(p.Client, p.Memberships[0].Organization, imp.Batch())
				continue
			}
			p := f.people[next%len(f.people)]
			next++
			c := p.Client
			if r.IntN(3) > 0 {
				for range 1 + r.IntN(3) {
					c = slipped(r, c)
				}
			}
			batch[i], whom[i] = rowOf(c, riverside.ID, imp.Batch()), p.Client.ID
		}
		b.StartTimer()
		results, err := imp.Clients(b.Context(), batch)
		if err != nil {
			b.Fatal(err)
		}
		rows += len(batch)
		for i, one := range results {
			if one.Outcome == registry.ImportWrong {
				b.Fatalf("row %d is wrong: %s", i, taken(one))
			}
			if whom[i] != "" {
				asked++
				if one.Client == whom[i] {
					right++
				}
			}
		}
	}
	for range 20 { // caches, statements
		take()
	}
	asked, right, rows = 0, 0, 0
	for b.Loop() {
		take()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(right)/float64(asked), "found")
	b.ReportMetric(0, "ns/op")
}

// rowOf is a client as a clinic reports him, with a chart number of this import.
func rowOf(c iis.Client, org iis.OrganizationID, batch string) registry.ImportRow {
	row := registry.ImportRow{Organization: string(org), Values: iis.Values{}}
	rec := iis.Record{Client: c, Membership: iis.Membership{Status: iis.Active, ChartNumber: batch[:6] + string(c.ID)}}
	for _, f := range []iis.Field{
		iis.FieldLast, iis.FieldFirst, iis.FieldMiddle, iis.FieldSuffix, iis.FieldBirthDate, iis.FieldGender, iis.FieldChart,
		iis.FieldMaidenLast, iis.FieldMotherFirst, iis.FieldStreet, iis.FieldCity, iis.FieldState, iis.FieldZip,
		iis.FieldPhone, iis.FieldEmail, iis.FieldRace, iis.FieldEthnicity,
	} {
		if s := rec.Value(f); s != "" {
			row.Values[f] = s
		}
	}
	return row
}

// slipped is a client with one thing otherwise than on file.
func slipped(r *rand.Rand, c iis.Client) iis.Client {
	switch n := r.IntN(6); {
	case n == 0 && len(match.Fold(c.Name.Last)) > 1:
		c.Name.Last = typo(r, c.Name.Last)
	case n == 1 && len(match.Fold(c.Name.First)) > 1:
		c.Name.First = typo(r, c.Name.First)
	case n == 2 && !c.BirthDate.IsZero():
		near := match.NearDates(c.BirthDate)
		d := near[r.IntN(len(near))]
		if _, err := iis.FieldBirthDate.Read(d.String(), sample.Today); err == nil {
			c.BirthDate = d
		}
	case n == 3:
		c.Name.Middle, c.MotherMaidenLast, c.MotherFirst = "", "", ""
	case n == 4:
		c.Address = iis.Address{Street: "1 OTHER ST", City: "DULUTH", State: "MN", Zip: "55802"}
	default:
		c.Phone, c.Email = "", ""
	}
	return c
}
