package iis

import "time"

// MatchPolicy is a policy by which it is decided whether two records are one
// person's, as it was loaded into the registry. Its version names it: what a
// version says never changes.
type MatchPolicy struct {
	Version  string
	About    string // how it was made
	Loaded   time.Time
	LoadedBy string // user name
}
