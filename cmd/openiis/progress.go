package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"openiis.org/iis/internal/registry"
)

// progress tells how far a long work is, on one line of a terminal or on few
// lines of a file.
type progress struct {
	w     io.Writer
	what  string // "clients"
	total int    // 0 if not known
	live  bool
	begun time.Time
	told  time.Time
}

func newProgress(w io.Writer, what string, total int) *progress {
	p := &progress{w: w, what: what, total: total, begun: time.Now()}
	p.told = p.begun
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			p.live = info.Mode()&os.ModeCharDevice != 0
		}
	}
	return p
}

// at tells that n are done, if there is a reason to tell it now.
func (p *progress) at(n int) {
	now, wait := time.Now(), 5*time.Second
	if p.live {
		wait = 100 * time.Millisecond
	}
	if now.Sub(p.told) < wait {
		return
	}
	p.told = now
	p.line(n)
}

// done tells the end.
func (p *progress) done(n int) {
	p.line(n)
	if p.live {
		fmt.Fprintln(p.w)
	}
}

func (p *progress) line(n int) {
	s := fmt.Sprintf("%s %s", registry.Grouped(n), p.what)
	if p.total > 0 {
		s = fmt.Sprintf("%s of %s %s", registry.Grouped(n), registry.Grouped(p.total), p.what)
	}
	if took := time.Since(p.begun); took > time.Second {
		s += fmt.Sprintf(", %s a second", registry.Grouped(int(float64(n)/took.Seconds())))
	}
	if p.live {
		fmt.Fprintf(p.w, "\r\x1b[K%s", s)
		return
	}
	fmt.Fprintln(p.w, s)
}
