package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// trail is an audit trail to tamper with: a database, and the means of its
// owner to change it past the program.
type trail struct {
	t      *testing.T
	db     *store.DB
	file   string // of the anchors
	owner  *sql.DB
	chains []string
	length map[string]int64
}

// newTrail makes a trail of four chains with an anchor now and then and one at
// the end.
func newTrail(t *testing.T, driver, url string) *trail {
	t.Helper()
	ctx := t.Context()
	tr := &trail{t: t, file: filepath.Join(t.TempDir(), "anchors"), length: map[string]int64{}}
	for range 4 {
		db, err := store.Open(ctx, url, store.WithAnchorFile(tr.file))
		if err != nil {
			t.Fatal(err)
		}
		for n := range 30 {
			record(t, db, iis.Event{
				Action: iis.ActionUpdate, User: iis.UserID(fmt.Sprint("user", n%3)), UserName: "clerk", Organization: "test",
				OrgName: "Test Clinic", Role: iis.TypicalUser, Client: iis.ClientID(fmt.Sprint(100 + n%7)),
				Detail: iis.Detail{Version: int64(n), Note: fmt.Sprint(n)},
			})
			if n%7 == 0 {
				if err := db.Anchor(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := db.Anchor(ctx); err != nil {
			t.Fatal(err)
		}
		tr.db = db
		t.Cleanup(func() { db.Close() })
	}
	source := url
	if driver == "sqlite" {
		source = strings.TrimPrefix(url, "file:")
	}
	var err error
	if tr.owner, err = sql.Open(driver, source); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.owner.Close() })
	if driver == "sqlite" {
		for _, trigger := range []string{"audit_update", "audit_delete", "audit_anchor_update", "audit_anchor_delete"} {
			tr.exec("DROP TRIGGER " + trigger)
		}
	}
	tr.exec("CREATE TABLE audit_copy AS SELECT * FROM audit")
	tr.exec("CREATE TABLE anchor_copy AS SELECT * FROM audit_anchor")
	rows, err := tr.owner.Query("SELECT chain, count(*) FROM audit GROUP BY chain ORDER BY chain")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var chain string
		var n int64
		if err := rows.Scan(&chain, &n); err != nil {
			t.Fatal(err)
		}
		tr.chains = append(tr.chains, chain)
		tr.length[chain] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tr
}

func (tr *trail) exec(query string, args ...any) {
	tr.t.Helper()
	if _, err := tr.owner.Exec(query, args...); err != nil {
		tr.t.Fatalf("%s: %v", query, err)
	}
}

// restore undoes all tampering.
func (tr *trail) restore() {
	tr.t.Helper()
	tr.exec("DELETE FROM audit")
	tr.exec("DELETE FROM audit_anchor")
	tr.exec("INSERT INTO audit SELECT * FROM audit_copy")
	tr.exec("INSERT INTO audit_anchor SELECT * FROM anchor_copy")
}

func (tr *trail) anchors() (n int64) {
	if err := tr.owner.QueryRow("SELECT count(*) FROM audit_anchor").Scan(&n); err != nil {
		tr.t.Fatal(err)
	}
	return n
}

// renumber moves the rows of a chain from seq on by one.
func (tr *trail) renumber(chain string, from int64) {
	tr.exec("UPDATE audit SET seq = -seq - 1 WHERE chain = $1 AND seq >= $2", chain, from)
	tr.exec("UPDATE audit SET seq = -seq WHERE chain = $1 AND seq < 0", chain)
}

// forge changes a row and computes all hashes of the chain from there on anew.
func (tr *trail) forge(chain string, from int64) {
	tr.exec("UPDATE audit SET user_name = 'someone else' WHERE chain = $1 AND seq = $2", chain, from)
	for seq := from; seq <= tr.length[chain]; seq++ {
		var at time.Time
		var detail, prev string
		var version int64
		texts := make([]string, 7)
		err := tr.owner.QueryRow(`SELECT at, action, user_id, user_name, organization_id, org_name, role, client_id,
	version, detail, prev
FROM audit
WHERE chain = $1 AND seq = $2`, chain, seq).Scan(&at, &texts[0], &texts[1], &texts[2], &texts[3], &texts[4], &texts[5],
			&texts[6], &version, &detail, &prev)
		if err != nil {
			tr.t.Fatal(err)
		}
		hash := store.ForgeAudit(chain, seq, at, texts, version, detail, prev)
		tr.exec("UPDATE audit SET hash = $1 WHERE chain = $2 AND seq = $3", hash, chain, seq)
		tr.exec("UPDATE audit SET prev = $1 WHERE chain = $2 AND seq = $3", hash, chain, seq+1)
	}
}

// swap exchanges the places of two rows.
func (tr *trail) swap(chain string, a, b int64) {
	tr.exec("UPDATE audit SET seq = -1 WHERE chain = $1 AND seq = $2", chain, a)
	tr.exec("UPDATE audit SET seq = $3 WHERE chain = $1 AND seq = $2", chain, b, a)
	tr.exec("UPDATE audit SET seq = $2 WHERE chain = $1 AND seq = -1", chain, b)
}

const allColumns = "at, action, user_id, user_name, organization_id, org_name, role, client_id, version, detail, prev, hash"

// tamperings each spoil the trail and say which row VerifyAudit has to name and
// a word of what it has to say, "" for any. anchored rows are known to the end.
var tamperings = map[string]func(tr *trail, chain string, seq int64) (badChain string, badSeq int64, word string){
	"change a text": func(tr *trail, chain string, seq int64) (string, int64, string) {
		columns := []string{"action", "user_id", "user_name", "organization_id", "org_name", "role", "client_id", "detail"}
		c := columns[rand.N(len(columns))]
		tr.exec("UPDATE audit SET "+c+" = "+c+" || ' ' WHERE chain = $1 AND seq = $2", chain, seq)
		return chain, seq, "changed"
	},
	"change the version": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec("UPDATE audit SET version = version + 1 WHERE chain = $1 AND seq = $2", chain, seq)
		return chain, seq, "changed"
	},
	"change the time": func(tr *trail, chain string, seq int64) (string, int64, string) {
		var at time.Time
		if err := tr.owner.QueryRow("SELECT at FROM audit WHERE chain = $1 AND seq = $2", chain, seq).Scan(&at); err != nil {
			tr.t.Fatal(err)
		}
		at = at.UTC().Add(time.Microsecond)
		tr.exec("UPDATE audit SET at = $1 WHERE chain = $2 AND seq = $3", at.Format("2006-01-02 15:04:05.999999"), chain, seq)
		return chain, seq, "changed"
	},
	"change hash or prev": func(tr *trail, chain string, seq int64) (string, int64, string) {
		c := []string{"hash", "prev"}[rand.N(2)]
		tr.exec("UPDATE audit SET "+c+" = $1 WHERE chain = $2 AND seq = $3", strings.Repeat("0", 64), chain, seq)
		return chain, seq, "changed"
	},
	"move text between columns": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec("UPDATE audit SET user_id = user_id || user_name, user_name = '' WHERE chain = $1 AND seq = $2", chain, seq)
		return chain, seq, "changed"
	},
	"delete a row": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec("DELETE FROM audit WHERE chain = $1 AND seq = $2", chain, seq)
		return chain, seq, "missing"
	},
	"delete a row and close the gap": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec("DELETE FROM audit WHERE chain = $1 AND seq = $2", chain, seq)
		tr.exec("UPDATE audit SET seq = -seq + 1 WHERE chain = $1 AND seq > $2", chain, seq)
		tr.exec("UPDATE audit SET seq = -seq WHERE chain = $1 AND seq < 0", chain)
		return chain, seq, ""
	},
	"cut off the end": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec("DELETE FROM audit WHERE chain = $1 AND seq >= $2", chain, seq)
		return chain, seq, "missing"
	},
	"cut off the beginning": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec("DELETE FROM audit WHERE chain = $1 AND seq <= $2", chain, seq)
		return chain, 1, "missing"
	},
	"delete a chain": func(tr *trail, chain string, _ int64) (string, int64, string) {
		tr.exec("DELETE FROM audit WHERE chain = $1", chain)
		return chain, 1, "missing"
	},
	"rename a chain": func(tr *trail, chain string, _ int64) (string, int64, string) {
		tr.exec("UPDATE audit SET chain = $2 WHERE chain = $1", chain, chain+"X")
		return chain + "X", 1, "changed"
	},
	"append a copy": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec(`INSERT INTO audit (chain, seq, `+allColumns+`)
SELECT chain, $3, `+allColumns+` FROM audit WHERE chain = $1 AND seq = $2`, chain, seq, tr.length[chain]+1)
		return chain, tr.length[chain] + 1, ""
	},
	"put one before the first": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.exec(`INSERT INTO audit (chain, seq, `+allColumns+`)
SELECT chain, 0, `+allColumns+` FROM audit WHERE chain = $1 AND seq = $2`, chain, seq)
		return chain, 0, "inserted"
	},
	"insert between": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.renumber(chain, seq)
		tr.exec(`INSERT INTO audit (chain, seq, at, action, user_id, user_name, organization_id, org_name, role, client_id,
	version, detail, prev, hash)
SELECT chain, $3, at, action, user_id, 'someone', organization_id, org_name, role, client_id, version, detail, prev, $4
FROM audit WHERE chain = $1 AND seq = $2`, chain, seq+1, seq, strings.Repeat("f", 64))
		return chain, seq, "inserted"
	},
	"swap neighbours": func(tr *trail, chain string, seq int64) (string, int64, string) {
		a := min(seq, tr.length[chain]-2)
		tr.swap(chain, a, a+1)
		return chain, a, "another place"
	},
	"swap any": func(tr *trail, chain string, seq int64) (string, int64, string) {
		other := 1 + rand.N(tr.length[chain]-1)
		if other == seq {
			other = seq%(tr.length[chain]-1) + 1
		}
		tr.swap(chain, seq, other)
		return chain, min(seq, other), ""
	},
	"take a row to another chain": func(tr *trail, chain string, seq int64) (string, int64, string) {
		other := tr.chains[0]
		if other == chain {
			other = tr.chains[1]
		}
		tr.exec("UPDATE audit SET chain = $1, seq = $2 WHERE chain = $3 AND seq = $4", other, tr.length[other]+1, chain, seq)
		return "", 0, ""
	},
	"forge all hashes from a row on": func(tr *trail, chain string, seq int64) (string, int64, string) {
		tr.forge(chain, seq)
		return chain, -1, "anchor" // at the first anchor from there on
	},
	"store what is no time": func(tr *trail, chain string, seq int64) (string, int64, string) {
		if tr.db.Engine() == store.PostgreSQL {
			tr.exec("UPDATE audit SET at = '1999-01-01' WHERE chain = $1 AND seq = $2", chain, seq)
		} else {
			tr.exec("UPDATE audit SET at = 'never' WHERE chain = $1 AND seq = $2", chain, seq)
		}
		return chain, seq, ""
	},
	"change an anchor": func(tr *trail, _ string, seq int64) (string, int64, string) {
		n := seq%tr.anchors() + 1
		c := []string{"heads", "prev", "hash"}[rand.N(3)]
		tr.exec("UPDATE audit_anchor SET "+c+" = "+c+" || ' ' WHERE seq = $1", n)
		return "audit_anchor", n, ""
	},
	"spoil an anchor": func(tr *trail, _ string, seq int64) (string, int64, string) {
		n := seq%tr.anchors() + 1
		tr.exec("UPDATE audit_anchor SET heads = '{' WHERE seq = $1", n)
		return "audit_anchor", n, ""
	},
	"delete an anchor": func(tr *trail, _ string, seq int64) (string, int64, string) {
		n := seq%(tr.anchors()-1) + 1
		tr.exec("DELETE FROM audit_anchor WHERE seq = $1", n)
		return "audit_anchor", n, "missing"
	},
	"delete the last anchors": func(tr *trail, _ string, seq int64) (string, int64, string) {
		n := tr.anchors() - rand.N[int64](3)
		tr.exec("DELETE FROM audit_anchor WHERE seq >= $1", n)
		return "audit_anchor", n, "missing"
	},
	"delete everything": func(tr *trail, _ string, seq int64) (string, int64, string) {
		tr.exec("DELETE FROM audit")
		tr.exec("DELETE FROM audit_anchor")
		return "audit_anchor", 1, "missing"
	},
	"forge the last anchor": func(tr *trail, _ string, seq int64) (string, int64, string) {
		n := tr.anchors()
		var at time.Time
		var prev string
		if err := tr.owner.QueryRow("SELECT at, prev FROM audit_anchor WHERE seq = $1", n).Scan(&at, &prev); err != nil {
			tr.t.Fatal(err)
		}
		tr.exec("UPDATE audit_anchor SET heads = '[]', hash = $1 WHERE seq = $2", store.ForgeAnchor(n, at, "[]", prev), n)
		return "audit_anchor", n, "rewritten"
	},
}

// TestVerifyAudit tampers hundreds of times, each time with one row of a chain,
// and asks that VerifyAudit names it.
func TestVerifyAudit(t *testing.T) {
	for _, engine := range []struct {
		name, driver, url string
		times             int
	}{
		{"SQLite", "sqlite", storetest.SQLiteURL(t), 20},
		{"PostgreSQL", "pgx", storetest.PostgreSQLURL(t), 10},
	} {
		t.Run(engine.name, func(t *testing.T) {
			tr := newTrail(t, engine.driver, engine.url)
			if r := verified(t, tr.db); r.Rows != 120 || r.Chains != 4 || r.Anchors < 20 {
				t.Fatalf("VerifyAudit() = %v, want 120 rows in 4 chains", r)
			}
			for name, tamper := range tamperings {
				for range engine.times {
					chain := tr.chains[rand.N(len(tr.chains))]
					seq := 1 + rand.N(tr.length[chain]-1) // any but the last, so that what follows can tell
					badChain, badSeq, word := tamper(tr, chain, seq)
					r, err := tr.db.VerifyAudit(t.Context())
					switch {
					case err != nil:
						t.Errorf("%s %s/%d: %v", name, chain, seq, err)
					case r.OK():
						t.Errorf("%s %s/%d: not found", name, chain, seq)
					case badChain == "": // any will do
					case !names(r, badChain, badSeq, seq, word):
						t.Errorf("%s %s/%d: VerifyAudit() = %v, want it to name %s/%d as %q", name, chain, seq, r.Faults, badChain, badSeq, word)
					}
					tr.restore()
				}
			}
			verified(t, tr.db)
		})
	}
}

// names reports whether the report names a row, or with badSeq -1 one at or
// after seq, and says the word.
func names(r store.Report, badChain string, badSeq, seq int64, word string) bool {
	for _, f := range r.Faults {
		if f.Chain == badChain && (f.Seq == badSeq || badSeq == -1 && f.Seq >= seq) && strings.Contains(f.Text, word) {
			return true
		}
	}
	return false
}

func TestVerifyAuditAnchorFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "anchors")
	db := storetest.SQLite(t, store.WithAnchorFile(file))
	record(t, db, iis.Event{Action: iis.ActionView})
	if err := db.Anchor(t.Context()); err != nil {
		t.Fatal(err)
	}
	verified(t, db)
	if err := os.WriteFile(file, []byte("1 yesterday\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := db.VerifyAudit(t.Context()); err == nil {
		t.Errorf("VerifyAudit() with a damaged anchor file = %v, want an error", r)
	}
}

// TestVerifyAuditMeanwhile verifies while others write.
func TestVerifyAuditMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		for range 4 {
			go func() {
				defer func() { done <- struct{}{} }()
				for ctx.Err() == nil {
					record(t, db, iis.Event{Action: iis.ActionView})
				}
			}()
		}
		for range 20 {
			if err := db.Anchor(t.Context()); err != nil {
				t.Error(err)
			}
			verified(t, db)
		}
		cancel()
		for range 4 {
			<-done
		}
		verified(t, db)
	})
}
