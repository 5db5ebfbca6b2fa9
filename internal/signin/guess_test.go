package signin

import (
	"testing"
	"time"
)

// TestGuess: after a wrong guess the address waits, for that thing alone, and
// after a right one it does not; so many questions at once are looked at.
func TestGuess(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	s := New(nil, func() time.Time { return now })
	for i, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
		if !s.MayGuess("code", "1.2.3.4") {
			t.Fatalf("guess %d is not looked at", i+1)
		}
		s.Guessed("code", "1.2.3.4", false)
		now = now.Add(wait - time.Millisecond)
		if s.MayGuess("code", "1.2.3.4") {
			t.Errorf("guess %d is looked at before %s", i+2, wait)
		}
		if !s.MayGuess("other", "1.2.3.4") || !s.MayGuess("code", "4.3.2.1") {
			t.Error("another thing or address waits too")
		}
		now = now.Add(time.Millisecond)
	}
	s.Guessed("code", "1.2.3.4", false)
	s.Guessed("code", "1.2.3.4", true)
	if !s.MayGuess("code", "1.2.3.4") {
		t.Error("after a right guess the address waits")
	}
	asked := 0
	for s.MayAsk("1.2.3.4") {
		asked++
	}
	if asked != burst {
		t.Errorf("%d questions at once are looked at, want %d", asked, burst)
	}
	now = now.Add(time.Second)
	if !s.MayAsk("1.2.3.4") || s.MayAsk("1.2.3.4") {
		t.Error("after a second another number of questions than one is looked at")
	}
}
