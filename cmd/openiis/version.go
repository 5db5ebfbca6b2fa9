package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version shown on screen.
const release = "0.1"

// version is the command that prints the version.
type version struct{}

// Run prints the version, and what it was built from and with.
func (version) Run(io streams) error {
	_, err := fmt.Fprintf(io.out, "openiis %s (%s, %s/%s)\n", buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// buildVersion names the release and the commit that was built, if known.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	commit := set["vcs.revision"]
	if commit == "" {
		return release
	}
	commit = commit[:min(len(commit), 12)]
	if set["vcs.modified"] == "true" {
		commit += " and changes"
	}
	return release + " " + commit
}
