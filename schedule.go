package iis

import "time"

// Schedule is a release of CDC's CDSi supporting data, by which doses are
// evaluated and forecast, as it was loaded into the registry.
type Schedule struct {
	Hash     string // of version and content; tells apart releases of one version
	Version  string // as CDC numbers releases, "4.64"
	Source   string
	Loaded   time.Time
	LoadedBy string // user name
}
