package registry_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/forecast/forecasttest"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// load takes in the invented release, with texts replaced.
func (w world) load(t *testing.T, version string, use bool, replaced ...string) registry.LoadedSchedule {
	t.Helper()
	done, err := w.LoadSchedule(t.Context(), helpdesk, forecasttest.Release(t, replaced...), version, use)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// inForce is the schedule that a transaction of another use case works by.
func (w world) inForce(t *testing.T) *forecast.Schedule {
	t.Helper()
	var s *forecast.Schedule
	err := w.db.View(t.Context(), func(tx *store.Tx) (err error) {
		s, err = w.ScheduleIn(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// listed are the schedules as people see them, the current one with a star.
func (w world) listed(t *testing.T) []string {
	t.Helper()
	all, err := w.Schedules(t.Context(), helpdesk)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, s := range all {
		if (s.Loaded.IsZero() || s.LoadedBy == "") != s.Program {
			t.Errorf("schedule %s was loaded at %v by %q", s.Name(), s.Loaded, s.LoadedBy)
		}
		if s.Program { // what is lapsed in it depends on the day
			list = append(list, "program")
			continue
		}
		var line strings.Builder
		line.WriteString(s.Name())
		if s.Current {
			line.WriteString(" *")
		}
		for _, l := range s.Lapsed {
			line.WriteString(" " + l.VaccineGroup)
		}
		list = append(list, line.String())
	}
	return list
}

// events is the length of the audit trail.
func (w world) events(t *testing.T) int64 {
	t.Helper()
	report, err := w.db.VerifyAudit(t.Context())
	if err != nil || len(report.Faults) > 0 {
		t.Fatalf("VerifyAudit = %v, %v", report.Faults, err)
	}
	return report.Rows
}

const future = "29990630"

// TestSchedules loads releases side by side and changes between them: what is
// chosen holds from the next transaction on, of this registry and of another
// one on the same database.
func TestSchedules(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		other := world{registry.New(w.db, registry.Options{}), w.db}
		shipped, err := forecast.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		now := func(want string) {
			t.Helper()
			for _, w := range []world{w, other} {
				if got := w.inForce(t); got.Hash != want {
					t.Errorf("in force is schedule %s, hash %s, want hash %s", got.Version, got.Hash, want)
				}
			}
		}
		now(shipped.Hash)

		old := w.load(t, "9.1", true)
		if old.Known || !old.Current || len(old.Namesakes) != 0 {
			t.Errorf("LoadSchedule of a new release = %+v, want it current", old)
		}
		now(old.Hash)
		kept := w.load(t, "9.1", false, forecasttest.SeasonEnd, future)
		if kept.Current || len(kept.Namesakes) != 1 || kept.Namesakes[0].Hash != old.Hash {
			t.Errorf("LoadSchedule of another 9.1 = %+v, want it not current, beside the first", kept)
		}
		now(old.Hash)
		if again := w.load(t, "9.1", false); !again.Known || !again.Current {
			t.Errorf("LoadSchedule again = %+v, want it known and still current", again)
		}
		next := w.load(t, "9.2", true, forecasttest.SeasonEnd, future)
		now(next.Hash)

		want := []string{"9.2 *", "9.1", "9.1 Gripe", "program"}
		if diff := cmp.Diff(want, w.listed(t)); diff != "" {
			t.Errorf("schedules (-want +got):\n%s", diff)
		}

		for _, step := range []struct{ name, want string }{
			{old.Hash, old.Hash}, {kept.Hash[:8], kept.Hash}, {"9.2", next.Hash}, {"program", shipped.Hash}, {"9.2", next.Hash},
			{shipped.Version + " (in the program)", shipped.Hash}, {next.Hash, next.Hash}, {shipped.Version, shipped.Hash}, {old.Key(), old.Hash},
		} {
			used, err := w.UseSchedule(t.Context(), helpdesk, step.name)
			if err != nil || used.Hash != step.want || !used.Current {
				t.Errorf("UseSchedule(%q) = %s, %v, want %s", step.name, used.Hash, err, step.want)
			}
			now(step.want)
		}
		for name, kind := range map[string]iis.Kind{"9.1": iis.Invalid, "": iis.Invalid, "8": iis.NotFound, old.Hash[:3]: iis.NotFound} {
			if _, err := w.UseSchedule(t.Context(), helpdesk, name); iis.KindOf(err) != kind {
				t.Errorf("UseSchedule(%q) = %v, want %s", name, err, kind)
			}
		}
		now(old.Hash)

		if got, want := w.events(t), int64(4+2+9); got != want {
			t.Errorf("%d events, want %d: of 4 loads, 2 of them into use, and 9 changes", got, want)
		}
	})
}

// TestScheduleEvents reads what is recorded of a load and of a change.
func TestScheduleEvents(t *testing.T) {
	url := storetest.SQLiteURL(t)
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := world{registry.New(db, registry.Options{}), db}
	one := w.load(t, "9.1", true)
	two := w.load(t, "9.2", false)
	if _, err := w.UseSchedule(t.Context(), helpdesk, "9.2"); err != nil {
		t.Fatal(err)
	}
	shipped, err := forecast.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	got := storetest.Texts(t, url, `SELECT user_name || ' ' || action || ' ' || detail FROM audit WHERE action IN ('schedule.load', 'schedule.use') ORDER BY at, seq`)
	want := []string{
		`helpdesk schedule.load {"subject":"` + one.Hash + `","note":"9.1"}`,
		`helpdesk schedule.use {"subject":"` + one.Hash + `","note":"9.1 instead of ` + shipped.Version + ` (in the program) ` + shipped.Hash[:8] + `"}`,
		`helpdesk schedule.load {"subject":"` + two.Hash + `","note":"9.2"}`,
		`helpdesk schedule.use {"subject":"` + two.Hash + `","note":"9.2 instead of 9.1 ` + one.Short() + `"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestUseAgain chooses what is current: nothing is recorded.
func TestUseAgain(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		w.load(t, "9.1", true)
		s, err := w.UseSchedule(t.Context(), helpdesk, "program")
		if err != nil || !s.Program || s.Key() != "program" {
			t.Errorf("UseSchedule(program) = %+v, %v", s, err)
		}
		if events := w.events(t); events != 3 {
			t.Errorf("%d events, want 3", events)
		}
		if _, err := w.UseSchedule(t.Context(), helpdesk, "program"); err != nil {
			t.Error(err)
		}
		if events := w.events(t); events != 3 {
			t.Errorf("%d events after choosing what is current, want 3", events)
		}
	})
}

// TestScheduleRefused loads what is no release, and asks as those who may not:
// nothing changes.
func TestScheduleRefused(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		before := w.inForce(t).Hash
		_, err := w.LoadSchedule(t.Context(), helpdesk, forecasttest.Release(t, forecasttest.FirstAge, "6 moons"), "9.1", true)
		if iis.KindOf(err) != iis.Invalid || !strings.Contains(iis.TextOf(err), forecasttest.Gripe+":16") {
			t.Errorf("LoadSchedule of a bad release = %v, want Invalid with file and line", err)
		}
		_, err = w.LoadSchedule(t.Context(), helpdesk, forecasttest.Release(t, "<observations>", "<observations>"+strings.Repeat("<moon>1</moon>", 99)), "9.1", true)
		if text := iis.TextOf(err); strings.Count(text, "\n") > 40 || !strings.Contains(text, "more") {
			t.Errorf("99 faults are told as %d lines", strings.Count(text, "\n"))
		}
		for _, version := range []string{"", " ", "4 64", "<b>", strings.Repeat("9", 40), "-1"} {
			if _, err := w.LoadSchedule(t.Context(), helpdesk, forecasttest.Release(t), version, true); iis.KindOf(err) != iis.Invalid {
				t.Errorf("LoadSchedule of version %q = %v, want Invalid", version, err)
			}
		}
		refusals := int64(0) // which are recorded
		for _, a := range []iis.Actor{clerk, viewer, nurse, {}} {
			refusals += 4
			_, load := w.LoadSchedule(t.Context(), a, forecasttest.Release(t), "9.1", true)
			_, use := w.UseSchedule(t.Context(), a, "program")
			_, list := w.Schedules(t.Context(), a)
			_, status := w.SystemStatus(t.Context(), a)
			for what, err := range map[string]error{"LoadSchedule": load, "UseSchedule": use, "Schedules": list, "SystemStatus": status} {
				if iis.KindOf(err) != iis.Denied {
					t.Errorf("%s as %q = %v, want Denied", what, a.Role, err)
				}
			}
		}
		if got := w.inForce(t).Hash; got != before || len(w.listed(t)) != 1 || w.events(t) != refusals {
			t.Errorf("after refusals schedule %s is in force, of %v", got, w.listed(t))
		}
	})
}

// TestScheduleAlarm sees the alarm on the home page and the status of those who
// manage schedules, and of nobody else.
func TestScheduleAlarm(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		alarm := func(a iis.Actor) registry.ScheduleAlarm {
			t.Helper()
			h, err := w.Home(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			return h.Schedule
		}
		w.load(t, "9.1", true)
		want := registry.ScheduleAlarm{Lapsed: []registry.LapsedSeason{{VaccineGroup: "Gripe", Ended: iis.Date{Year: 2020, Month: 6, Day: 30}}}}
		if diff := cmp.Diff(want, alarm(helpdesk)); diff != "" {
			t.Errorf("alarm (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(registry.ScheduleAlarm{}, alarm(clerk)); diff != "" {
			t.Errorf("alarm of a clerk (-want +got):\n%s", diff)
		}
		st, err := w.SystemStatus(t.Context(), helpdesk)
		if err != nil || st.Engine != w.db.Engine() {
			t.Errorf("SystemStatus says %s, %v", st.Engine, err)
		}
		if diff := cmp.Diff(want.Lapsed, st.Current().Lapsed); diff != "" {
			t.Errorf("lapsed in the status (-want +got):\n%s", diff)
		}

		// Another season of the group goes on.
		second := `<series>
<seriesName>Gripe in pregnancy</seriesName><targetDisease>Gripe</targetDisease><vaccineGroup>Gripe</vaccineGroup><seriesType>Standard</seriesType>
<selectSeries><defaultSeries>No</defaultSeries><productPath>No</productPath><seriesGroup>1</seriesGroup></selectSeries>
<seriesDose><doseNumber>Dose 1</doseNumber><recurringDose>No</recurringDose><seasonalRecommendation><startDate>20190701</startDate><endDate>` + future + `</endDate></seasonalRecommendation></seriesDose>
</series>`
		const end = forecasttest.SeasonEnd + "</endDate></seasonalRecommendation>\n</seriesDose>\n</series>"
		w.load(t, "9.2", true, end, end+second)
		want.Lapsed[0].Part = true
		if diff := cmp.Diff(want, alarm(helpdesk)); diff != "" {
			t.Errorf("alarm with a season that goes on (-want +got):\n%s", diff)
		}
		w.load(t, "9.3", true, forecasttest.SeasonEnd, future)
		if diff := cmp.Diff(registry.ScheduleAlarm{}, alarm(helpdesk)); diff != "" {
			t.Errorf("alarm of a schedule in season (-want +got):\n%s", diff)
		}
	})
}

// TestUnreadableSchedule has a form in the database that this program cannot
// read: the status says so, and another can be chosen.
func TestUnreadableSchedule(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		good := w.load(t, "9.1", false)
		err := w.db.Update(t.Context(), func(tx *store.Tx) error {
			bad := iis.Schedule{Hash: "0123456789abcdef", Version: "9.9", Source: "later", LoadedBy: "someone"}
			if err := tx.PutSchedule(t.Context(), bad, []byte("a later form")); err != nil {
				return err
			}
			return tx.UseSchedule(t.Context(), bad.Hash)
		})
		if err != nil {
			t.Fatal(err)
		}
		h, err := w.Home(t.Context(), helpdesk)
		if err != nil || !h.Schedule.Unreadable {
			t.Errorf("Home = %+v, %v, want the alarm of an unreadable schedule", h.Schedule, err)
		}
		st, err := w.SystemStatus(t.Context(), helpdesk)
		if err != nil || !st.Current().Unreadable || st.Current().Version != "9.9" {
			t.Errorf("SystemStatus = %+v, %v, want 9.9 unreadable", st, err)
		}
		id := w.don(t)
		out := w.saveDoses(t, clerk, id, map[iis.DoseID]map[string]string{"d1": given(iis.Historical, "11/25/2009", "110")})
		m := w.immunizations(t, clerk, id)
		shipped, err := forecast.Shipped()
		if err != nil || out != registry.Saved || m.ScheduleHash != shipped.Hash {
			t.Errorf("SaveDoses = %q, the history by schedule %s, %v, want it saved and the schedule of the program", out, m.ScheduleHash, err)
		}
		if _, err := w.UseSchedule(t.Context(), helpdesk, "9.9"); iis.KindOf(err) != iis.Invalid {
			t.Errorf("UseSchedule of an unreadable one = %v, want Invalid", err)
		}
		if used, err := w.UseSchedule(t.Context(), helpdesk, "9.1"); err != nil || used.Hash != good.Hash {
			t.Errorf("UseSchedule(9.1) = %v, %v", used, err)
		}
	})
}

// TestScheduleAtOnce changes the schedule while others work by it: each sees a
// whole one, of those there are.
func TestScheduleAtOnce(t *testing.T) {
	each(t, registry.Options{}, func(t *testing.T, w world) {
		hashes := map[string]bool{}
		var names []string
		for i := range 6 { // more than are kept ready
			s := w.load(t, fmt.Sprintf("9.%d", i), true)
			hashes[s.Hash] = true
			names = append(names, s.Version)
		}
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for n := range 12 {
					if i == 0 {
						if _, err := w.UseSchedule(t.Context(), helpdesk, names[n%len(names)]); err != nil {
							t.Error(err)
						}
						continue
					}
					err := w.db.View(t.Context(), func(tx *store.Tx) error {
						s, err := w.ScheduleIn(t.Context(), tx)
						if err == nil && !hashes[s.Hash] {
							t.Errorf("in force is schedule %s, hash %s, which is none of those loaded", s.Version, s.Hash)
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := w.SchedulesKept(); n > 4 {
			t.Errorf("%d schedules are kept ready, want 4 at most", n)
		}
	})
}
