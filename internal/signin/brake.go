package signin

import (
	"sync"
	"time"
)

// maxFailures in a row disable an account until its administrator gives out a
// new link (NIST SP 800-63B 5.2.2).
const maxFailures = 100

// accountDelay is how long an account is not looked at for strangers after so
// many failures in a row from wherever: nothing for the first ten, then longer
// and longer, never more than 15 minutes. An address from which the person has
// signed in before does not wait for strangers.
func accountDelay(failures int) time.Duration {
	if failures < 10 {
		return 0
	}
	return min(time.Minute<<min(failures-10, 4), 15*time.Minute)
}

// sourceDelay is how long one address waits before the next attempt at one
// account: 1, 2, 4 … 60 seconds.
func sourceDelay(failures int) time.Duration {
	return min(time.Second<<min(failures-1, 6), time.Minute)
}

// brake slows down guessing, by account and address. It lives in memory: what
// must outlast a restart is with the account.
type brake struct {
	mu     sync.Mutex
	tries  map[source]*tries
	crowds map[string]*crowd
}

// crowd counts the attempts from one address, whoever they are for.
type crowd struct {
	left float64 // attempts it may make at once
	at   time.Time
}

// An address may make so many attempts at once, and one more each second: a
// whole hospital can stand behind one.
const burst = 100

// pass reports whether one more attempt from the address is looked at.
func (b *brake) pass(address string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.crowds == nil {
		b.crowds = map[string]*crowd{}
	}
	c := b.crowds[address]
	if c == nil {
		if len(b.crowds) >= keepTries {
			clear(b.crowds)
		}
		c = &crowd{left: burst, at: now}
		b.crowds[address] = c
	}
	c.left = min(burst, c.left+max(now.Sub(c.at), 0).Seconds())
	c.at = now
	if c.left < 1 {
		return false
	}
	c.left--
	return true
}

type source struct{ name, address string }

type tries struct {
	failures int
	until    time.Time
	last     time.Time
	trusted  bool // the person has signed in from here
}

// keepTries is how many sources are remembered; beyond it the oldest that are
// not trusted go, so that guessing cannot fill the memory.
const keepTries = 100_000

func (b *brake) free(name, address string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tries[source{name, address}]
	return t == nil || !now.Before(t.until)
}

func (b *brake) trusted(name, address string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tries[source{name, address}]
	return t != nil && t.trusted
}

func (b *brake) fail(name, address string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tries == nil {
		b.tries = map[source]*tries{}
	}
	k := source{name, address}
	t := b.tries[k]
	if t == nil {
		if len(b.tries) >= keepTries {
			b.drop(now)
		}
		t = &tries{}
		b.tries[k] = t
	}
	t.failures++
	t.last = now
	t.until = now.Add(sourceDelay(t.failures))
}

func (b *brake) release(name, address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tries == nil {
		b.tries = map[source]*tries{}
	}
	b.tries[source{name, address}] = &tries{trusted: true}
}

// drop forgets sources that failed long ago, or all of them if none did.
func (b *brake) drop(now time.Time) {
	before := len(b.tries)
	for k, t := range b.tries {
		if !t.trusted && now.Sub(t.last) > 15*time.Minute {
			delete(b.tries, k)
		}
	}
	if len(b.tries) == before {
		for k, t := range b.tries {
			if !t.trusted {
				delete(b.tries, k)
			}
		}
	}
}

func (b *brake) tidy(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for address, c := range b.crowds {
		if now.Sub(c.at) > burst*time.Second {
			delete(b.crowds, address)
		}
	}
	for k, t := range b.tries {
		if !t.trusted && now.Sub(t.last) > time.Hour {
			delete(b.tries, k)
		}
	}
}

// seen remembers when sessions were last used, between the times it is stored.
type seen struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (s *seen) note(hash string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = map[string]time.Time{}
	}
	s.at[hash] = now
}

// last returns when the session was seen, of what is stored and what is
// remembered the later one.
func (s *seen) last(hash string, stored time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.at[hash]; ok && t.After(stored) {
		return t
	}
	return stored
}

func (s *seen) forget(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.at, hash)
}

func (s *seen) tidy(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, t := range s.at {
		if now.Sub(t) >= Idle {
			delete(s.at, hash)
		}
	}
}
