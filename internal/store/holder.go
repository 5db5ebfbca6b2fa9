package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"openiis.org/iis"
)

// program tells this DB from every other that has the database open, in whatever
// process.
type program uint64

func newProgram() program {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return program(binary.LittleEndian.Uint64(b[:]))
}

func (p program) String() string { return fmt.Sprintf("%016x", uint64(p)) }

// NewHolder returns a new name for whoever does some work behind the pages, until
// Close: of another program, Gone tells whether it has ended.
func (db *DB) NewHolder(ctx context.Context) (string, error) {
	if err := db.engine.appear(ctx, db.program); err != nil {
		return "", fmt.Errorf("say that this program works: %w", err)
	}
	return db.program.String() + "." + iis.NewID(), nil
}

// Gone reports whether the program has surely ended, however it did, in which a
// holder got his name. Work must not rely on it to be done once: what a holder
// writes is refused when another holds the work.
func (db *DB) Gone(ctx context.Context, holder string) bool {
	name, _, ok := strings.Cut(holder, ".")
	n, err := strconv.ParseUint(name, 16, 64)
	if !ok || err != nil || program(n) == db.program {
		return false
	}
	gone, err := db.engine.gone(ctx, program(n))
	return err == nil && gone
}
