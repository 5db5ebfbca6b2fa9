package code

import (
	"fmt"
	"slices"
)

// Status says whether a code is in use, in CDC's words.
type Status string

// The statuses of vaccines; manufacturers and products are Active or Inactive.
const (
	Active      Status = "Active"
	Pending     Status = "Pending"      // not given yet
	Inactive    Status = "Inactive"     // not given any more, but found in records
	NonUS       Status = "Non-US"       // given in other countries
	NeverActive Status = "Never Active" // was never on the market
)

// statuses are all, those in use first; letters are what the table has for them.
var (
	statuses = []Status{Active, Pending, Inactive, NonUS, NeverActive}
	letters  = []string{"A", "P", "I", "N", "X"}
)

// status reads the letter of a status.
func status(letter string) (Status, error) {
	i := slices.Index(letters, letter)
	if i < 0 {
		return "", fmt.Errorf("there is no status %q", letter)
	}
	return statuses[i], nil
}

func (s Status) rank() int { return slices.Index(statuses, s) }
