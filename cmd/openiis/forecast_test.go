package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis/internal/forecast/forecasttest"
)

// forecastLines runs the command on lines and returns the lines it answers.
func forecastLines(t *testing.T, in string, args ...string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"forecast"}, args...), strings.NewReader(in), &out, &errs); code != exitOK {
		t.Fatalf("forecast ends with %d: %s", code, errs.String())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestForecast(t *testing.T) {
	got := forecastLines(t, `{"id":"2013-0002","birthDate":"2025-09-06","gender":"F","birthCountry":"USA","asOf":"2025-11-10","doses":[{"date":"2025-10-15","cvx":"107","mvx":""},{"date":"2025-11-10","cvx":"107"}],"observations":[{"code":"019","date":"2025-10-23"}]}
`)
	if len(got) != 1 {
		t.Fatalf("%d lines, want 1", len(got))
	}
	const doses = `{"id":"2013-0002","schedule":"4.64","doses":[` +
		`{"date":"2025-10-15","cvx":"107","evaluations":[{"vaccineGroup":"DTaP/Tdap/Td","status":"Valid","reasons":[],"dose":1,"of":5}]},` +
		`{"date":"2025-11-10","cvx":"107","evaluations":[{"vaccineGroup":"DTaP/Tdap/Td","status":"Not Valid","reasons":["Age: Too Young"],"dose":0,"of":5}]}],"forecasts":[`
	if !strings.HasPrefix(got[0], doses) {
		t.Errorf("doses (-want +got):\n%s", cmp.Diff(doses, got[0][:min(len(got[0]), len(doses))]))
	}
	for _, want := range []string{
		`{"vaccineGroup":"DTaP/Tdap/Td","status":"Not Complete","dose":2,"earliest":"2025-12-08","recommended":"2026-01-06","pastDue":"2026-03-05","latest":"","seriesType":"Standard","primary":true,"vaccines":["20","106","110","120","146"],"reasons":[]}`,
		`{"vaccineGroup":"HepB","status":"Immune","dose":0,"earliest":"","recommended":"","pastDue":"","latest":"","seriesType":"Standard","primary":true,"vaccines":[],"reasons":["Evidence of immunity"]}`,
	} {
		if !strings.Contains(got[0], want) {
			t.Errorf("answer lacks\n%s\nin\n%s", want, got[0])
		}
	}
}

// TestForecastGoesOn sees every line answered in its place, the bad ones with an
// error.
func TestForecastGoesOn(t *testing.T) {
	got := forecastLines(t, strings.Join([]string{
		`{"id":"a","birthDate":"2020-02-30"}`,
		`{"id":7}`,
		`junk`,
		``,
		`[]`,
		`{"id":"b","birthDate":"2020-01-01","gender":"Q"}`,
		`{"id":"c","birthDate":"2020-01-01","doses":[{"cvx":"20"}]}`,
		`{"id":"d","birthDate":"2020-01-01","asOf":"2019-12-31"}`,
		`{"birthDate":"2020-01-01","asOf":"2020-01-01","doses":[{"date":"2020-01-01","cvx":"xyz"}]}`,
		`{"id":"e","birthDate":"2020-01-01"}`,
	}, "\n"), "--as-of", "2025-11-10")
	var heads []string
	for _, line := range got {
		var o struct {
			ID       any
			Error    string
			Schedule string
			Alerts   []string
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("answer %s: %v", line, err)
		}
		b, _ := json.Marshal([]any{o.ID, o.Error != "", o.Schedule, len(o.Alerts)})
		heads = append(heads, string(b))
	}
	want := []string{`["a",true,"",0]`, `[7,true,"",0]`, `[null,true,"",0]`, `[null,true,"",0]`, `["b",true,"",0]`, `["c",true,"",0]`, `["d",true,"",0]`,
		`[null,false,"4.64",1]`, `["e",false,"4.64",0]`}
	if diff := cmp.Diff(want, heads); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// TestForecastSchedule takes the schedule from a folder, and gives the answers
// that the one inside the program gives.
func TestForecastSchedule(t *testing.T) {
	dir := os.Getenv("OPENIIS_CDSI_DATA")
	if dir == "" {
		t.Skip("OPENIIS_CDSI_DATA does not name the folder of CDC's files")
	}
	const in = `{"id":"a","birthDate":"2015-02-14","gender":"U","doses":[{"date":"2015-06-16","cvx":"20"}]}`
	inside := forecastLines(t, in, "--as-of", "2025-11-10")
	loaded := forecastLines(t, in, "--as-of", "2025-11-10", "--schedule", filepath.Join(dir, "supporting-data-4.64"))
	if diff := cmp.Diff(inside, loaded); diff != "" {
		t.Errorf("answers (-inside +loaded):\n%s", diff)
	}
}

// TestForecastZip takes schedules from zip files: each answer says the version
// that the name of the file gives, and the hash, since two have one version.
func TestForecastZip(t *testing.T) {
	s := newSession(t)
	const in = `{"id":"a","birthDate":"2015-02-14","asOf":"2020-01-01","doses":[{"date":"2019-10-01","cvx":"901"}]}`
	hashes := map[string]bool{}
	for name, guidance := range map[string]string{"one-9.1.zip": "Shake.", "two-9.1.zip": "Stir."} {
		s.zip(name, "Version/XML/", forecasttest.Release(t, forecasttest.Guidance, guidance))
		got := forecastLines(t, in, "--schedule", filepath.Join(s.dir, name))
		var o struct {
			Schedule, ScheduleHash string
			Forecasts              []struct{ VaccineGroup string }
		}
		if err := json.Unmarshal([]byte(got[0]), &o); err != nil {
			t.Fatal(err)
		}
		if o.Schedule != "9.1" || len(o.Forecasts) != 2 {
			t.Errorf("by %s the answer is %s, want schedule 9.1 and forecasts of its two groups", name, got[0])
		}
		hashes[o.ScheduleHash] = true
	}
	if hashes[""] || len(hashes) != 2 {
		t.Errorf("the hashes of two schedules are %v", hashes)
	}
}

func TestForecastRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"--as-of", "tomorrow"},
		{"--schedule", filepath.Join(t.TempDir(), "nowhere")},
		{"--schedule", t.TempDir()},
	} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"forecast"}, args...), strings.NewReader(""), &out, &errs); code == exitOK || errs.Len() == 0 {
			t.Errorf("forecast %s ends with %d and says %q", args, code, errs.String())
		}
	}
}
