package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "schedule.bin")
	for _, from := range []string{dir, filepath.Join(dir, "nowhere")} {
		if err := write(from, "9.9", out); err == nil {
			t.Errorf("write(%q) makes a schedule of nothing", from)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was left behind")
	}
}
