package web

import (
	"cmp"
	"log/slog"
	"time"
)

// Settings are what a site sets about its pages.
type Settings struct {
	Name    string // of the registry, beside the logo
	Region  string // "Demonstration Region"
	Release string // "0.1"
	Version string // what the program was built from; Release if empty
	Demo    bool   // marks every page as holding invented people
	// Accounts are named on the page to sign in: those of a demonstration.
	Accounts []Account
	// URL is where people reach the program, without a final slash; links that
	// are handed on begin with it.
	URL string
	// Proxied says that a trusted proxy stands in front: its X-Forwarded-For
	// and X-Forwarded-Proto are believed.
	Proxied bool
	Help    HelpDesk
	// EnglishOnly prints records for families in English alone: the Spanish labels
	// have not been reviewed by a native speaker.
	EnglishOnly bool
	Log         *slog.Logger
	Now         func() time.Time
}

// Account is one that anyone may try.
type Account struct{ UserName, Password, What string }

// HelpDesk is whom people turn to (guide 10).
type HelpDesk struct {
	Agency  string // "Department of Health"
	Address string
	Email   string
	Phone   string
	Site    string // web address of the agency's pages about the registry
	Format  string // the whole line "To obtain this information in a different format, call: …"
}

func (set Settings) filled() Settings {
	set.Name = cmp.Or(set.Name, "Open Immunization Registry")
	set.Region = cmp.Or(set.Region, "Production Region")
	set.Version = cmp.Or(set.Version, set.Release)
	if set.Log == nil {
		set.Log = slog.Default()
	}
	if set.Now == nil {
		set.Now = time.Now
	}
	return set
}
