package signin

// MayAsk reports whether one more question from the address about what only some
// may know, such as a printed record, is looked at: a hundred at once, and one
// more each second.
func (s *SignIn) MayAsk(address string) bool { return s.guesses.pass(address, s.now()) }

// MayGuess reports whether a guess from the address at one thing is looked at.
// After several wrong ones the address waits longer and longer, as it does for a
// password.
func (s *SignIn) MayGuess(thing, address string) bool {
	return s.guesses.free(thing, address, s.now())
}

// Guessed notes whether a guess was right.
func (s *SignIn) Guessed(thing, address string, right bool) {
	if right {
		s.guesses.forget(thing, address)
		return
	}
	s.guesses.fail(thing, address, s.now())
}

// forget takes back what is known of an address that guesses at a thing.
func (b *brake) forget(name, address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.tries, source{name, address})
}
