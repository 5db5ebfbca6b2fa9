package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openiis.org/iis/internal/forecast/forecasttest"
	"openiis.org/iis/internal/sample"
)

// folder writes files into a folder of the session and returns its name.
func (s session) folder(name string, files fs.FS) string {
	s.t.Helper()
	if err := os.CopyFS(filepath.Join(s.dir, name), files); err != nil {
		s.t.Fatal(err)
	}
	return name
}

// zip writes files into a zip file of the session, in a folder of it.
func (s session) zip(name, folder string, files fs.FS) string {
	s.t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		f, err := w.Create(folder + path)
		if err != nil {
			return err
		}
		_, err = f.Write(text)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.file(name, b.String())
	return name
}

// says runs the program and checks that its answer holds all texts.
func (s session) says(code int, args []string, texts ...string) string {
	s.t.Helper()
	out, errs := s.run(code, "", args...)
	for _, text := range texts {
		if !strings.Contains(out+errs, text) {
			s.t.Errorf("openiis %s says\n%s%s\nwant %q in it", strings.Join(args, " "), out, errs, text)
		}
	}
	return out
}

// TestSchedule loads releases beside a program that serves: its pages follow at
// once, without a new start.
func TestSchedule(t *testing.T) {
	eachEngine(t, func(t *testing.T, url string) {
		s := newSession(t)
		p := s.start("demo", "--listen", "127.0.0.1:0", "--database", url, "--clients", "0")
		desk := p.signIn("helpdesk", sample.Password)
		schedule := func(args ...string) []string { return append(append([]string{"schedule"}, args...), "--database", url) }

		s.says(0, schedule("list"), "(in the program)", "current")
		p.page(desk, "/system", 200, "(in the program), hash")

		gripe := s.folder("release-9.1", forecasttest.Release(t))
		s.says(0, schedule("load", gripe), "Schedule 9.1", "is loaded", "It is the current schedule", "Its season of Gripe ended on 06/30/2020")
		p.page(desk, "/system", 200, "9.1, hash", "A newer schedule is needed")
		p.page(desk, "/", 200, "the season of Gripe has ended")
		p.page(desk, "/clients/6714871/immunizations", 200)

		newer := s.zip("cdsi.zip", "Version 9.2 - 508/XML/", forecasttest.Release(t, forecasttest.SeasonEnd, "29990630"))
		s.says(0, schedule("load", newer, "--keep"), "Schedule 9.2", "It is not the current schedule", "openiis schedule use")
		p.page(desk, "/system", 200, "9.1, hash")
		s.says(0, schedule("use", "9.2"), "Schedule 9.2")
		p.page(desk, "/system", 200, "9.2, hash")
		p.page(desk, "/clients/6714871/immunizations", 200)

		s.says(0, schedule("load", newer, "--version", "9.1"), "has the same version and other content")
		s.says(exitFailed, schedule("use", "9.1"), "More than one schedule is called 9.1")
		s.says(exitFailed, schedule("use", "7.7"), "No schedule is called")
		s.says(0, schedule("use", "program"), "(in the program)")
		p.page(desk, "/system", 200, "(in the program), hash")
		if out := s.says(0, schedule("list"), "9.1", "9.2", "Gripe 2020-06-30", "command line"); strings.Count(out, "\n") != 5 {
			t.Errorf("4 schedules are listed as\n%s", out)
		}
		p.stop()
		s.says(0, []string{"verify-audit", "--database", url}, "whole")
	})
}

// TestScheduleRefused loads what is no release or has no version: each is told,
// and nothing is loaded.
func TestScheduleRefused(t *testing.T) {
	s := newSession(t)
	missing := forecasttest.Release(t)
	delete(missing, forecasttest.Pox)
	empty := forecasttest.Release(t)
	delete(empty, forecasttest.Main)
	s.file("notes-1.2.txt", "no zip")
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{s.folder("unnamed", forecasttest.Release(t))}, exitUsage, "--version"},
		{[]string{s.zip("unnamed.zip", "XML/", forecasttest.Release(t))}, exitUsage, "--version"},
		{[]string{"unnamed", "--version", "nine one"}, exitFailed, "not the version"},
		{[]string{"none-9.1"}, exitFailed, "no such folder or file"},
		{[]string{"notes-1.2.txt"}, exitFailed, "not a zip file"},
		{[]string{s.folder("missing-9.1", missing)}, exitFailed, `antigen "Pox"`},
		{[]string{s.folder("empty-9.1", empty)}, exitFailed, forecasttest.Main},
		{[]string{s.folder("element-9.1", forecasttest.Release(t, "<recurringDose>Yes", "<moon>1</moon><recurringDose>Yes"))}, exitFailed, forecasttest.Gripe + ":18"},
		{[]string{s.zip("period-9.1.zip", "XML/", forecasttest.Release(t, forecasttest.FirstAge, "6 moons"))}, exitFailed, forecasttest.Gripe + ":16"},
		{[]string{s.folder("date-9.1", forecasttest.Release(t, forecasttest.SeasonEnd, "20201345"))}, exitFailed, forecasttest.Gripe + ":19"},
		{[]string{s.zip("bomb-9.1.zip", "XML/", forecasttest.Release(t, "</seriesName>", strings.Repeat(" ", 9<<20)+"</seriesName>"))}, exitFailed, "larger than a release can be"},
	} {
		s.says(test.code, append([]string{"schedule", "load"}, test.args...), test.want)
	}
	if info, err := os.Stat(filepath.Join(s.dir, "bomb-9.1.zip")); err != nil || info.Size() > 1<<20 {
		t.Errorf("the zip bomb is no bomb: %d bytes, %v", info.Size(), err)
	}
	if out := s.says(0, []string{"schedule", "list"}); strings.Count(out, "\n") != 2 {
		t.Errorf("after refusals these are loaded:\n%s", out)
	}
}

// TestReleaseOfCDC loads CDC's own data: as it is, it is the schedule in the
// program; with another season it is not, and no alarm is raised for that season.
func TestReleaseOfCDC(t *testing.T) {
	dir := os.Getenv("OPENIIS_CDSI_DATA")
	if dir == "" {
		t.Skip("OPENIIS_CDSI_DATA does not name the folder of CDC's files")
	}
	s := newSession(t)
	cdc := os.DirFS(filepath.Join(dir, "supporting-data-4.64"))
	s.says(0, []string{"schedule", "load", s.zip("supporting-data-4.64.zip", "XML/", cdc)}, "is the one in the program", "Its season of Influenza ended on 06/30/2026")
	const name = "AntigenSupportingData- Influenza-508.xml"
	s.folder("next-4.65", cdc)
	path := filepath.Join(s.dir, "next-4.65", name)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	later := bytes.ReplaceAll(text, []byte("20260630"), []byte("29990630"))
	if err := errors.Join(os.Remove(path), os.WriteFile(path, later, 0o600)); err != nil {
		t.Fatal(err)
	}
	if out := s.says(0, []string{"schedule", "load", "next-4.65"}, "Schedule 4.65", "It is the current schedule"); strings.Contains(out, "Influenza") {
		t.Errorf("a season that goes on is out of date:\n%s", out)
	}
}
