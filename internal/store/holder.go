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
// Close: of another program, Gone tells whether it has ended. If a program cannot show
// that it is there, the name is one of which Gone knows nothing.
func (db *DB) NewHolder(ctx context.Context) string {
	if err := db.engine.appear(context.WithoutCancel(ctx), db.program); err != nil {
		return iis.NewID()
	}
	return db.program.String() + "." + iis.NewID()
}

// Gone reports whether the program in which a holder got his name has ended, however it
// did, as far as can be seen: one that has lost its connections to the server, or the
// file that shows it, looks gone until it has them again. Work must not rely on it to be
// done once: what a holder writes is refused when another holds the work.
func (db *DB) Gone(ctx context.Context, holder string) bool {
	name, _, ok := strings.Cut(holder, ".")
	n, err := strconv.ParseUint(name, 16, 64)
	if !ok || err != nil || program(n) == db.program {
		return false
	}
	gone, err := db.engine.gone(ctx, program(n))
	return err == nil && gone
}
