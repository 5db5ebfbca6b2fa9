package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openiis.org/iis/internal/match/pair"
	"openiis.org/iis/internal/sample"
)

// TestMatchPolicy estimates a policy from the clients on file, takes it in beside a
// program that serves, and goes back.
func TestMatchPolicy(t *testing.T) {
	eachEngine(t, func(t *testing.T, url string) {
		s := newSession(t)
		p := s.start("demo", "--listen", "127.0.0.1:0", "--database", url, "--clients", "400")
		desk := p.signIn("helpdesk", sample.Password)
		match := func(args ...string) []string { return append(append([]string{"match"}, args...), "--database", url) }

		inside := pair.Shipped().Version + " (in the program)"
		s.says(0, match("list"), inside, "current")
		p.page(desk, "/system", 200, inside)

		s.says(0, match("train", "--on-file", "--name", "ours-1", "-o", "ours.json"), "pairs compared")
		body, err := os.ReadFile(filepath.Join(s.dir, "ours.json"))
		if err != nil {
			t.Fatal(err)
		}
		ours, err := pair.ReadPolicy(body)
		if err != nil || ours.Version != "ours-1" || !strings.Contains(ours.About, "--on-file") {
			t.Fatalf("the policy is %q, %q, %v", ours.Version, ours.About, err)
		}
		s.says(0, match("load", "ours.json", "--keep"), "Matching policy ours-1 is loaded", "It is not the current policy", "openiis match use ours-1")
		p.page(desk, "/system", 200, inside)
		s.says(0, match("use", "ours-1"), "It is the current policy")
		p.page(desk, "/system", 200, "Current matching policyours-1")
		if out := s.says(0, match("list"), "ours-1", "command line", inside); strings.Count(out, "\n") != 3 {
			t.Errorf("2 policies are listed as\n%s", out)
		}

		s.file("other.json", strings.Replace(string(body), `"same": `, `"same": 1`, 1))
		s.says(exitFailed, match("load", "other.json"), "give this one another version")
		s.file("torn.json", string(body[:len(body)/2]))
		s.says(exitFailed, match("load", "torn.json"), "Nothing was loaded")
		s.says(exitFailed, match("use", "none"), "No matching policy is called")
		s.says(0, match("use", "program"), inside)
		p.page(desk, "/system", 200, inside)
		p.stop()
		s.says(0, []string{"verify-audit", "--database", url}, "whole")
	})
}
